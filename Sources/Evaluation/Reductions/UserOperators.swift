import Language
import TypedTree

extension ClosureBuilder {
    /// A reduction's operator, ready to run.
    func function(_ op: ReductionOperator, _ element: ElementType) throws -> ReductionFunction {
        guard case .user(let user) = op else { return try ReductionFunction(op, element) }
        return try ReductionFunction(shared.program.operators[user.id], shared.program)
    }
}

extension ReductionFunction {
    /// An operator of the program's own. It sees nothing of the program around it, so it has a machine to itself.
    init(_ definition: TypedOperator, _ program: TypedProgram) throws {
        let builder = ClosureBuilder(shared: .init(program, ranks: 1), onOneRank: true)
        let (left, right) = (builder.place(definition.left), builder.place(definition.right))
        let identity = try builder.value(definition.identity)
        let combination = try builder.value(definition.combination)
        let machine = Machine(RankGrid(ranks: 1, columns: 1), places: builder.shared.places) { _ in }
        let type = definition.type
        self.init(identity: Contribution(try identity(machine).words())) { a, b in
            try machine.store(Value(a, as: type), left)
            try machine.store(Value(b, as: type), right)
            return Contribution(try combination(machine).words())
        }
    }
}

extension Value {
    /// The numbers in it, in order.
    func words() throws -> [Word] {
        switch self {
        case .number(let word): [word]
        case .tuple(let values): try values.flatMap { try $0.words() }
        default: throw Fault("numbers were expected")
        }
    }

    fileprivate init(_ contribution: Contribution, as type: ValueType) {
        let count = type.dataLeaves?.count ?? 1
        self.init((0..<count).map { .number(contribution[$0]) }, as: type)
    }

    /// The parts of a tuple or record, those of its tuples and records included, put together.
    init(_ leaves: [Value], as type: ValueType) {
        var rest = leaves[...]
        self.init(&rest, as: type)
    }

    private init(_ leaves: inout ArraySlice<Value>, as type: ValueType) {
        guard let components = type.components else {
            self = leaves.popFirst() ?? .void
            return
        }
        self = .tuple(components.map { Value(&leaves, as: $0) })
    }
}
