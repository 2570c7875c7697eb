import IR
import Language

/// What combining parts sends: see Runtime/reductions.
struct PartMessages {
    /// Room for a part's nodes in a record at first; each node with 16 bytes that say where it stands (allreduce.c).
    private static let nodesOfARecord = 8
    private static let bytesOfANode = 16
    /// Larger values are cut into slices, one for each rank (reduce_scatter.c).
    private static let largestRecordValue = 2048
    /// More ranks let MPI_Allreduce merge their records.
    static let fewRanks = 16

    /// Of each part: the bytes of what stands in one of its nodes.
    private let values: [Formula]
    private let sizes: Sizes

    /// A reduction of several numbers at once is one part with several values.
    init(_ node: Node, _ module: Module, _ sizes: Sizes) {
        var parts: [(origin: [Int], members: [Value])] = []
        for value in node.values {
            let origin = sizes.yield(of: value) ?? [-1 - value.id]
            if let known = parts.firstIndex(where: { $0.origin == origin }) {
                parts[known].members.append(value)
            } else {
                parts.append((origin, [value]))
            }
        }
        values = parts.map { part in
            let types = part.members.map { module.type($0) }
            return types[0].dimensions.reduce(.number(Self.structSize(types.compactMap(\.element)))) {
                $0 * sizes.formula(of: $1)
            }
        }
        self.sizes = sizes
    }

    /// As C lays it out.
    static func structSize(_ elements: [ElementType]) -> Int {
        var (end, alignment) = (0, 1)
        for size in elements.map(\.byteSize) {
            end = (end + size - 1) / size * size + size
            alignment = max(alignment, size)
        }
        return (end + alignment - 1) / alignment * alignment
    }

    /// Bytes of a rank's record.
    static func record(_ values: [Formula]) -> Formula {
        values.reduce(.number(8)) { $0 + .number(8) + .number(nodesOfARecord) * (.number(bytesOfANode) + $1) }
    }

    /// `collecting`: how the slices of large values come together; nil: they stay where they are.
    func messages(collecting: Message.Kind?) -> [Message] {
        guard let collecting else { return values.flatMap { slices(of: $0, nil) } }
        var messages: [Message] = []
        var small: [Formula] = []
        for value in values {
            guard let bytes = sizes.number(value) else {
                messages += slicesOrRecord(of: value, collecting)
                continue
            }
            if bytes <= Self.largestRecordValue {
                small.append(value)
            } else {
                messages += slices(of: value, collecting)
            }
        }
        if !small.isEmpty {
            messages.append(
                Message(kind: recordKind, bytes: .exactly(Self.record(small) * .ranks), mayRepeat: true))
        }
        return messages
    }

    private var recordKind: Message.Kind { (sizes.ranks ?? 0) > Self.fewRanks ? .allreduce : .allgather }

    /// Its size is known when the program runs.
    private func slicesOrRecord(of value: Formula, _ collecting: Message.Kind) -> [Message] {
        let limit = Self.largestRecordValue
        func choice(_ kind: Message.Kind, _ bytes: String) -> Message {
            Message(
                kind: kind, count: .atMost(.number(1)), bytes: .exactly(.symbol(bytes)), mayRepeat: kind == recordKind)
        }
        let nodes = Formula.symbol("(nodes)") * (.ranks - .number(1))
        return [
            choice(recordKind, "(a record if \(value) is up to \(limit), else nodes)"),
            Message(
                kind: .send, count: .exactly(nodes), bytes: .exactly(.symbol("(slices if \(value) is above \(limit))"))),
            choice(collecting, "(the slices)"),
        ]
    }

    private func slices(of value: Formula, _ collecting: Message.Kind?) -> [Message] {
        let nodes = Formula.symbol("(nodes)")
        let share = Message(
            kind: .send, count: .exactly(nodes * (.ranks - .number(1))),
            bytes: .exactly(nodes * value / .ranks * (.ranks - .number(1))))
        let whole = collecting.map { Message(kind: $0, bytes: .exactly(value)) }
        return [.allgather(Message.bytesOfANodeList), share] + (whole.map { [$0] } ?? [])
    }
}
