extension Expression {
    /// The names that stand in it, whatever they mean there.
    public var mentions: Set<String> {
        switch kind {
        case .integer, .float, .imaginary, .boolean, .invalid, .layout: []
        case .name(let name): [name]
        case .string(let parts): parts.map(\.mentions).joined
        case .unary(_, let operand), .parenthesized(let operand), .member(let operand, _), .lambda(_, let operand):
            operand.mentions
        case .binary(_, let left, let right): left.mentions.union(right.mentions)
        case .call(let callee, let arguments, _):
            arguments.map { $0.value.mentions.union($0.generator?.mentions ?? []) }.joined.union(callee.mentions)
        case .index(let base, let subscripts): subscripts.map(\.mentions).joined.union(base.mentions)
        case .array(let elements), .tuple(let elements): elements.map(\.mentions).joined
        case .comprehension(let body, let generator): body.mentions.union(generator.mentions)
        case .conditional(let condition, let then, let otherwise):
            condition.mentions.union(then.mentions).union(otherwise.mentions)
        case .block(let block), .local(let block): block.mentions
        }
    }
}

extension Subscript {
    public var mentions: Set<String> {
        switch self {
        case .index(let index): index.mentions
        case .range(let lower, let upper, let step, _): [lower, upper, step].compactMap(\.?.mentions).joined
        case .all: []
        }
    }
}

extension Generator {
    public var mentions: Set<String> { (clauses.map(\.source.mentions) + [condition?.mentions ?? []]).joined }
}

extension Generator.Clause.Source {
    public var mentions: Set<String> {
        switch self {
        case .range(let range, _): [range.lower, range.upper, range.step].compactMap(\.?.mentions).joined
        case .elements(let array): array.mentions
        }
    }
}

extension Block {
    fileprivate var mentions: Set<String> { statements.map(\.mentions).joined }
}

extension Statement {
    fileprivate var mentions: Set<String> {
        switch kind {
        case .binding(_, _, _, let value), .assignment(_, _, let value), .expression(let value), .show(let value):
            value.mentions
        case .regionAssignment(_, let subscripts, _, let value, let generator):
            subscripts.map(\.mentions).joined.union(value.mentions).union(generator?.mentions ?? [])
        case .forLoop(_, let source, let body): source.mentions.union(body.mentions)
        case .whileLoop(let condition, let body): condition.mentions.union(body.mentions)
        case .conditional(let condition, let then, let otherwise):
            condition.mentions.union(then.mentions).union(otherwise?.mentions ?? [])
        case .expecting(_, let loop): loop?.mentions ?? []
        case .returnValue(let value): value?.mentions ?? []
        case .assertion(let condition, _): condition.mentions
        case .print(let parts): parts.map(\.mentions).joined
        case .param, .function, .record, .importFile, .breakLoop, .continueLoop, .invalid: []
        }
    }
}

extension StringPart {
    fileprivate var mentions: Set<String> { if case .hole(let value, _) = self { value.mentions } else { [] } }
}

extension [Set<String>] {
    fileprivate var joined: Set<String> { reduce(into: []) { $0.formUnion($1) } }
}
