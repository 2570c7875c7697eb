import IR
import Language
import TypedTree

// Parts: what ranks contribute, and the arithmetic that waits for the combination.

extension Lowering {
    /// Arithmetic on parts, kept for later; nil when the expression is not arithmetic.
    func partArithmetic(_ expression: TypedExpression) throws -> Part? {
        switch expression.kind {
        case .apply(let op, let operands):
            let parts = try operands.map { try formula($0) }
            return Part(formula: .apply(op, parts.map(\.formula)), basics: merged(parts.map(\.basics)))
        case .convert(let value):
            guard let element = expression.type.array?.element else { return nil }
            let part = try formula(value)
            return Part(formula: .convert(element, part.formula), basics: part.basics)
        default: return nil
        }
    }

    private func formula(_ expression: TypedExpression) throws -> Part {
        switch try self.expression(expression) {
        case .part(let part): return part
        case .value(let value): return Part(formula: .number(value), basics: [])
        case .tuple: throw fault("arithmetic on a tuple")
        }
    }

    private func merged(_ basics: [[[Value]]]) -> [[Value]] {
        var seen: Set<[Value]> = []
        return basics.joined().filter { seen.insert($0).inserted }
    }

    // MARK: Combining

    func collective(_ collective: Collective, _ operands: [TypedExpression], _ type: ValueType) throws -> Lowered {
        let span = builder.span
        let lowered = try operands.map { try expression($0) }
        builder.span = span
        switch collective {
        case .allreduce:
            let results = try allreduce(lowered)
            return operands.count == 1 ? results[0] : .tuple(results)
        case .reduce, .reduceScatter:
            guard let operand = lowered.first else { throw fault("\(collective.rawValue) of nothing") }
            return try combine(operand) { basics in
                try basics.flatMap { try builder.collective(collective, $0) }
            }
        case .scatter, .gather, .allgather, .bcast:
            guard case .value(let value)? = lowered.first else { throw fault("\(collective.rawValue) of no array") }
            // A replicated value is everywhere already.
            if collective == .bcast, self.type(of: value).placement == .replicated { return .value(value) }
            return .value(try moved(value, by: collective, operands[0].storageOrder, type.storageOrder))
        }
    }

    /// Messages are of what is stored; its axes are put in order where the array is whole.
    private func moved(_ value: Value, by collective: Collective, _ given: StorageOrder, _ result: StorageOrder) throws
        -> Value
    {
        if collective == .scatter {
            return try one(.collective(.scatter), [try reordered(value, from: given, to: result)])
        }
        return try reordered(try one(.collective(collective), [value]), from: given, to: result)
    }

    /// One message for all parts.
    private func allreduce(_ operands: [Lowered]) throws -> [Lowered] {
        let basics = merged(try operands.map { try self.basics(of: $0) })
        let parts = basics.flatMap { $0 }
        let results = try builder.collective(.allreduce, parts)
        let combined = Dictionary(uniqueKeysWithValues: zip(parts, results))
        return try operands.map { try finished($0, combined) }
    }

    /// Combines the basic parts of a value by what `collective` makes of them.
    private func combine(_ lowered: Lowered, _ collective: ([[Value]]) throws -> [Value]) throws -> Lowered {
        let basics = merged([try self.basics(of: lowered)])
        let results = try collective(basics)
        return try finished(lowered, Dictionary(uniqueKeysWithValues: zip(basics.flatMap { $0 }, results)))
    }

    private func basics(of lowered: Lowered) throws -> [[Value]] {
        switch lowered {
        case .part(let part): return part.basics
        case .tuple(let elements): return merged(try elements.map { try basics(of: $0) })
        case .value: throw fault("a value is combined that is no part")
        }
    }

    private func finished(_ lowered: Lowered, _ combined: [Value: Value]) throws -> Lowered {
        switch lowered {
        case .part(let part): return .value(try evaluate(part.formula, combined))
        case .tuple(let elements): return .tuple(try elements.map { try finished($0, combined) })
        case .value: return lowered
        }
    }

    /// What this rank's contributions come to.
    func folded(_ part: Part) throws -> Value {
        let folds = try part.basics.flatMap { try builder.append(.fold, $0) }
        let combined = Dictionary(uniqueKeysWithValues: zip(part.basics.flatMap { $0 }, folds))
        return try evaluate(part.formula, combined)
    }

    /// The values that a library's caller gets: of a part what its rank contributes.
    func leaving(_ result: Lowered) throws -> [Value] {
        switch result {
        case .value(let value): [value]
        case .part(let part): [try folded(part)]
        case .tuple(let elements): try elements.flatMap { try leaving($0) }
        }
    }

    // MARK: Formulas

    /// The arithmetic, now that the parts are combined.
    private func evaluate(_ formula: Part.Formula, _ combined: [Value: Value]) throws -> Value {
        if case .combined(let part) = formula {
            guard let value = combined[part] else { throw fault("a part was not combined") }
            return value
        }
        let types = leaves(of: formula).compactMap { combined[$0] }.map { self.type(of: $0) }
        guard let shape = types.first(where: { !$0.isScalar }) else { return try evaluate(formula, combined, at: []) }
        let space = try space(over: shape.dimensions, shape.placement)
        let body = try points(of: space) { [try self.evaluate(formula, combined, at: $0)] }
        let results = try builder.loop(space, [.element], body)
        guard let result = results.first else { throw fault("a loop without a result") }
        return result
    }

    private func evaluate(_ formula: Part.Formula, _ combined: [Value: Value], at indices: [Value]) throws -> Value {
        switch formula {
        case .combined(let part):
            guard let value = combined[part] else { throw fault("a part was not combined") }
            return try number(value, indices)
        case .number(let value): return try number(value, indices)
        case .apply(let op, let operands):
            return try builder.scalar(op, operands: try operands.map { try evaluate($0, combined, at: indices) })
        case .convert(let element, let inner):
            return try builder.convert(try evaluate(inner, combined, at: indices), to: element)
        }
    }

    private func number(_ value: Value, _ indices: [Value]) throws -> Value {
        type(of: value).isScalar ? value : try builder.element(value, indices, .proved)
    }

    /// The basic parts in a formula.
    private func leaves(of formula: Part.Formula) -> [Value] {
        switch formula {
        case .combined(let part): [part]
        case .number: []
        case .apply(_, let operands): operands.flatMap { leaves(of: $0) }
        case .convert(_, let inner): leaves(of: inner)
        }
    }
}
