import Language

/// How many bytes, or calls: in the program's sizes, and as a number where they are known.
struct Amount: Sendable {
    var formula: Formula
    /// Whether it may be less: the data decides.
    var isBound = false
    /// The number where it follows from how blocks are cut, which no short formula says.
    var measured: Int?

    static func exactly(_ formula: Formula) -> Amount { Amount(formula: formula) }
    static func atMost(_ formula: Formula) -> Amount { Amount(formula: formula, isBound: true) }

    func number(_ known: [String: Int]) -> Int? { measured ?? formula.number(known) }

    /// `at most 8*n = 8000`.
    func text(_ known: [String: Int]) -> String {
        let bound = isBound ? "at most " : ""
        guard let number = number(known), "\(number)" != "\(formula)" else { return "\(bound)\(formula)" }
        return "\(bound)\(formula) = \(number)"
    }
}

/// Calls of MPI of one kind, and what all ranks together give to them: in the words and units of `pdlc run --count-messages`, whose
/// counting (Runtime/core/counting.c) `golden --messages` holds this to.
struct Message: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case halo = "halo exchange"
        case send = "MPI_Isend"
        case bcast = "MPI_Bcast"
        case gather = "MPI_Gatherv"
        case scatter = "MPI_Scatterv"
        case allgather = "MPI_Allgather"
        case allreduce = "MPI_Allreduce"
        case alltoall = "MPI_Alltoall"
    }

    var kind: Kind
    /// Calls of every rank; of `send` and `halo`: how many messages all ranks send.
    var count: Amount = .exactly(.number(1))
    var bytes: Amount
    /// Whether it is made once more, with more room, when the records of a part do not fit the first time.
    var mayRepeat = false

    /// `MPI_Bcast once, 192 bytes`.
    func text(_ known: [String: Int]) -> String {
        let bytes = "\(self.bytes.text(known)) bytes"
        switch kind {
        case .halo: return "\(kind.rawValue) once, \(count.text(known)) messages, \(bytes)"
        case .send: return "\(kind.rawValue) \(count.text(known)) messages, \(bytes)"
        default:
            let isOnce = count.number(known) == 1 && !count.isBound
            let times = isOnce ? "once" : "\(count.text(known)) times"
            return mayRepeat
                ? "\(kind.rawValue) \(times) or twice, \(bytes) or more" : "\(kind.rawValue) \(times), \(bytes)"
        }
    }
}

extension Message {
    /// What every run sends before its first line: arguments and settings are compared, and the run gets a name.
    static let start = [
        Message(kind: .bcast, count: .exactly(.number(2)), bytes: .exactly(.number(bytesOfADigest + bytesOfAJobName))),
        Message(kind: .allreduce, bytes: .exactly(.number(4) * .ranks)),
    ]

    // What stands in records that the runtime sends; it asserts these numbers where it defines them.
    private static let bytesOfADigest = 8
    private static let bytesOfAJobName = 192
    static let bytesOfAnOpening = 1144
    static let bytesOfASaving = 4880
    static let bytesOfAFault = 4
    static let bytesOfANodeList = 2056
    static let bytesOfASample = 24
    static let bytesOfACandidate = 24
    static let bytesOfASortRecord = 16

    /// Every rank tells all others one number, or so many.
    static func allgather(_ bytesOfARank: Int, times: Int = 1) -> Message {
        Message(
            kind: .allgather, count: .exactly(.number(times)), bytes: .exactly(.number(bytesOfARank) * .ranks))
    }

    /// Made at most so often, with at most so much.
    var asBound: Message {
        Message(kind: kind, count: .atMost(count.formula), bytes: .atMost(bytes.formula), mayRepeat: mayRepeat)
    }

    /// `bytesOfARank`: of all the times together.
    static func allreduce(_ bytesOfARank: Int, times: Int = 1) -> Message {
        Message(
            kind: .allreduce, count: .exactly(.number(times)), bytes: .exactly(.number(bytesOfARank) * .ranks))
    }

    /// Every rank tells every other how much it is going to get.
    static let alltoall = Message(kind: .alltoall, bytes: .exactly(.number(8) * .ranks * .ranks))

    /// Every rank may send to every other, so many times; the data decides.
    static func sends(_ bytes: Formula, times: Int = 1) -> Message {
        Message(
            kind: .send, count: .atMost(.number(times) * .ranks * (.ranks - .number(1))), bytes: .atMost(bytes))
    }
}
