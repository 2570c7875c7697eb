import Language

/// What is said of an operation in one place (`Operation.row`): printer, parser, verifier, type inference, effects and the names of
/// operands all read it.
struct OperationRow {
    /// How the text form begins.
    let word: String
    let stages: Stages
    let operands: [OperandGroup]
    let types: TypeRule
    let effects: EffectRule
    private(set) var bodies = Bodies.none
    /// What stands between the word and the operands.
    private(set) var attributes: [Attribute] = []
    private(set) var form = TextForm.plain
    private(set) var sent = Sent.nothing
    /// Whether it is worth timing though it has no bodies.
    private(set) var takesTime = false
    /// Whether it takes about as long as reading a number from memory, and cannot fail.
    private(set) var isLight = false
    /// Whether it computes numbers, or checks an index, and does nothing else: it may be run twice.
    private(set) var isRepeatable = false
    /// Ids of the program's own reduction operators that it combines by, beside those of the parts that it takes.
    private(set) var userOperators: [Int] = []
    /// What the verifier asks of it beside its stage, operands, bodies and types.
    private(set) var check: ((inout Verifier, Node) -> Void)?

    init(
        _ word: String, in stages: Stages, takes operands: [OperandGroup] = [], gives types: TypeRule,
        effects: EffectRule = .always([])
    ) {
        (self.word, self.stages, self.operands) = (word, stages, operands)
        (self.types, self.effects) = (types, effects)
    }

    // MARK: What few operations have

    func runs(_ bodies: Bodies) -> OperationRow { with { $0.bodies = bodies } }
    func says(_ attributes: [Attribute]) -> OperationRow { with { $0.attributes = attributes } }
    func printed(_ form: TextForm) -> OperationRow { with { $0.form = form } }
    func sends(_ sent: Sent) -> OperationRow { with { $0.sent = sent } }
    var takingTime: OperationRow { with { $0.takesTime = true } }
    func light(if isLight: Bool = true) -> OperationRow { with { $0.isLight = isLight } }
    var repeatable: OperationRow { with { $0.isRepeatable = true } }
    func combining(by operators: [Int]) -> OperationRow { with { $0.userOperators = operators } }
    func checked(_ check: @escaping (inout Verifier, Node) -> Void) -> OperationRow { with { $0.check = check } }

    private func with(_ change: (inout OperationRow) -> Void) -> OperationRow {
        var row = self
        change(&row)
        return row
    }
}

/// What an operation sends, for those who count it. Local halves of an exchange are counted where it was whole.
public enum Sent {
    case nothing
    case clock
    case collective(Collective)
    case halos([Halo])
    case array(ArrayOperation)
    case loadedFile(StorageOrder)
    case savedFile(StorageOrder)
    case shownLines
}

/// Where an operation may stand.
struct Stages: OptionSet {
    let rawValue: Int
    static let global = Stages(rawValue: 1)
    static let distributed = Stages(rawValue: 2)
    static let local = Stages(rawValue: 4)
    /// The bodies of the program's own reduction operators: numbers from numbers, the same on every rank.
    static let operators = Stages(rawValue: 8)
    static let untilLocal: Stages = [.global, .distributed]
    static let all: Stages = [.global, .distributed, .local]
    static let everywhere: Stages = [.all, .operators]

    init(rawValue: Int) { self.rawValue = rawValue }

    init(_ stage: Stage) {
        switch stage {
        case .global: self = .global
        case .distributed: self = .distributed
        case .local: self = .local
        }
    }
}

/// Operands that have one name: one of them, so many, or as many as there are.
struct OperandGroup {
    enum Name: String {
        case actual, around, array, arrays, base, buffers, carried, condition, count, detail, expected, extent, extents,
            holes, index
        case indices, keys, lower, part, parts, path, ranges, rows, spans, step, upper, value, values
    }

    enum Kind {
        case any
        case number, bool, integer
        case array
        case text
        /// A number or a text.
        case piece
        /// A text, a number or an array, which a line of output shows.
        case shown
        /// A number or an array that is no part.
        case value
        case part
        /// What may own a reference.
        case counted
    }

    enum Count {
        case exactly(Int)
        case atMostOne
        /// The rest. At most one group of an operation is the rest.
        case any
    }

    let name: Name
    let kind: Kind
    let count: Count
    /// Whether the operation takes the reference that the operand owns (local stage).
    var isTaken = false
    /// Whether it writes elements of that array.
    var isWritten = false

    static func one(_ name: Name, _ kind: Kind) -> OperandGroup { .init(name: name, kind: kind, count: .exactly(1)) }
    static func each(_ count: Int, _ name: Name, _ kind: Kind) -> OperandGroup {
        .init(name: name, kind: kind, count: .exactly(count))
    }
    static func optional(_ name: Name, _ kind: Kind) -> OperandGroup {
        .init(name: name, kind: kind, count: .atMostOne)
    }
    static func any(_ name: Name, _ kind: Kind) -> OperandGroup { .init(name: name, kind: kind, count: .any) }

    var taken: OperandGroup {
        var group = self
        group.isTaken = true
        return group
    }
    var written: OperandGroup {
        var group = self
        group.isWritten = true
        return group
    }
}

/// What the results of an operation are.
enum TypeRule {
    case nothing
    case text
    case number(ElementType, Placement)
    /// A number that is local when an operand is, else root when one is.
    case joined(ElementType)
    case computed(ScalarOperator)
    /// The type of the first operand.
    case likeFirst
    case inferred((TypeInference, Node) throws(IRFault) -> [IRType])
    /// They must be declared, because extents do not follow from the operands; whether what is declared may be.
    case declared((TypeInference, Node, [IRType]) -> Bool)
}

enum EffectRule {
    case always(Effects)
    case depends((Node, Module) -> Effects)
}

/// How an operation runs its bodies.
public enum Bodies: Hashable, Sendable {
    case none
    /// The first or the second, as the operand `condition` says.
    case ways
    /// One, when the operand `condition` is false.
    case fallback
    /// One, for each index of a range in turn: a sequential loop.
    case counted
    /// A condition and a body, in turn while the condition yields true.
    case tested
    /// One, whose loop runs a few rows at a time, of one sweep after the other.
    case swept
    /// One, for every point of an iteration space, each of which contributes to results; a second one stands between its turns.
    case points(axes: Int, Distribution)
    /// One, for every point of an iteration space, each of which writes an element of the operand `base`.
    case writes(axes: Int, Distribution)
}

/// How the operands stand in the text form.
enum TextForm {
    /// `word %1, %2`
    case plain
    /// `word %1[%2, %3]`
    case indexed
    /// `word %1[%2] = %3`
    case assigned
    /// As its bodies want it.
    case structured
}

/// What the text form says of an operation beside its operands.
enum Attribute {
    case element(ElementType)
    case constant(Constant)
    case integer(Int)
    case quoted(String)
    case word(String)
    case pieces([PrintPiece])
    case order(StorageOrder)
    case halos([Halo])
    case offsets(Neighbour)
    case reduction(ReductionOperator)
    case array(ArrayOperation)
    /// Stands behind the operands.
    case bounds(Bounds)
}
