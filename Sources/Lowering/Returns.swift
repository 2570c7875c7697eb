import IR
import Language
import Source
import TypedTree

// An early `return` becomes structure: what follows an `if` with a return in it moves into the ways that
// do not return, and a loop with a return in it carries (whether it has returned, what).
//
//     if c { return a }          r = if c { a } else { rest… }
//     rest…
//
// Where a way neither always returns nor never does, the conditional gives that pair too, so that what follows stands once.

extension Lowering {
    /// What statements give at their two kinds of ends.
    struct Ends {
        var type: ValueType
        var onReturn: (Lowered) throws -> Lowered
        /// At the end of the statements.
        var onEnd: () throws -> Lowered
    }

    func statements(_ list: ArraySlice<TypedStatement>, _ ends: Ends) throws -> Lowered {
        guard let first = list.firstIndex(where: \.mayReturn) else {
            try statements(Array(list))
            return try ends.onEnd()
        }
        try statements(Array(list[..<first]))
        let rest = list[(first + 1)...]
        builder.span = list[first].span
        switch list[first].kind {
        case .returnValue(let value):
            return try ends.onReturn(try value.map { try expression($0) } ?? .nothing)
        case .conditional(let condition, let then, let otherwise):
            if let chosen = try returningConditional(list[first], rest, ends) { return chosen }
            return try choose(
                try number(condition), ends.type,
                { try self.statements((then + (then.alwaysReturn ? [] : rest))[...], ends) },
                { try self.statements((otherwise + (otherwise.alwaysReturn ? [] : rest))[...], ends) })
        case .forLoop(let index, let lower, let upper, let step, let body):
            let range = [try number(lower), try number(upper), try number(step)]
            return try returningLoop(body, rest, ends, counter: (index, range), condition: nil)
        case .whileLoop(let condition, let body):
            return try returningLoop(body, rest, ends, counter: nil, condition: condition)
        default: throw fault("a statement returns that cannot")
        }
    }

    /// The conditional as (returned, result, variables…), and after it what follows; nil where no way needs that, or where nothing can
    /// stand for a result that there is not yet.
    private func returningConditional(
        _ statement: TypedStatement, _ rest: ArraySlice<TypedStatement>, _ ends: Ends
    ) throws -> Lowered? {
        guard case .conditional(let condition, let then, let otherwise) = statement.kind else { return nil }
        let ways = then + otherwise
        let result = returnedType(in: ways) ?? .void
        guard [then, otherwise].contains(where: { !$0.alwaysReturn && $0.contains(where: \.mayReturn) }),
            result.leaves.allSatisfy({ $0?.isScalar == true && $0?.placement.isPart == false })
        else { return nil }
        let carried = carried(by: ways)
        let flag = [statement].returnsLocally ? ValueType.scalar(.bool, .local) : .bool
        let type = ValueType.tuple([flag, result, .void, carried.type])
        func state(_ returned: Bool, _ result: Lowered) throws -> Lowered {
            .tuple([.value(try constant(.bool(returned))), result, .nothing, try current(carried)])
        }
        let inner = Ends(
            type: type, onReturn: { try state(true, $0) }, onEnd: { try state(false, try self.placeholder(result)) })
        let end = try choose(
            try number(condition), type, { try self.statements(then[...], inner) },
            { try self.statements(otherwise[...], inner) })
        let (returned, value, _) = try open(end, carried)
        return try choose(returned, ends.type, { try ends.onReturn(value) }, { try self.statements(rest, ends) })
    }

    /// A loop with a return in its body: a while loop that carries (returned, result, counter, variables…).
    private func returningLoop(
        _ body: [TypedStatement], _ rest: ArraySlice<TypedStatement>, _ ends: Ends,
        counter: (index: Variable, range: [Value])?, condition: TypedExpression?
    ) throws -> Lowered {
        let carried = carried(by: body)
        let result = returnedType(in: body) ?? .void
        let flag = body.returnsLocally ? ValueType.scalar(.bool, .local) : .bool
        let type = ValueType.tuple([flag, result, counter?.index.type ?? .void, carried.type])
        func state(_ returned: Bool, _ result: Lowered, _ counter: Lowered) throws -> Lowered {
            .tuple([.value(try constant(.bool(returned))), result, counter, try current(carried)])
        }
        let start = try state(false, try placeholder(result), counter.map { .value($0.range[0]) } ?? .nothing)
        let end = try whileLoop(start, type) { state in
            let (returned, _, count) = try self.open(state, carried)
            return try self.goesOn(returned, count, counter, condition)
        } _: { before in
            let (_, _, count) = try self.open(before, carried)
            var next = Lowered.nothing
            if let counter, case .value(let index) = count {
                self.bind(counter.index, count)
                next = .value(try self.builder.scalar(.add, index, counter.range[2]))
            }
            let inner = Ends(
                type: type, onReturn: { try state(true, $0, next) },
                onEnd: { try state(false, try self.placeholder(result), next) })
            return try self.statements(body[...], inner)
        }
        let (returned, value, _) = try open(end, carried)
        return try choose(returned, ends.type, { try ends.onReturn(value) }, { try self.statements(rest, ends) })
    }

    /// Takes a returning loop's state apart and gives the variables their values.
    private func open(_ state: Lowered, _ carried: Carried) throws -> (returned: Value, result: Lowered, count: Lowered)
    {
        guard case .tuple(let parts) = state, parts.count == 4, case .value(let returned) = parts[0] else {
            throw fault("a loop's state is not what it carries")
        }
        try assign(carried, parts[3])
        return (returned, parts[1], parts[2])
    }

    /// Whether a returning loop runs once more: its own condition is only evaluated when nothing has been returned.
    private func goesOn(
        _ returned: Value, _ count: Lowered, _ counter: (index: Variable, range: [Value])?,
        _ condition: TypedExpression?
    ) throws -> Value {
        let varies = self.type(of: returned).placement == .local
        let type = varies ? .scalar(.bool, .local) : condition?.type ?? .bool
        let stop = { Lowered.value(try self.constant(.bool(false))) }
        let test = {
            if let condition { return try self.expression(condition) }
            guard let counter, case .value(let index) = count else { throw self.fault("a loop without a condition") }
            return Lowered.value(try self.builder.scalar(.less, index, counter.range[1]))
        }
        return try value(choose(returned, type, stop, test))
    }

    /// A value of the type that is never looked at.
    private func placeholder(_ type: ValueType) throws -> Lowered {
        switch type {
        case .void: return .nothing
        case .tuple, .record: return .tuple(try (type.components ?? []).map { try placeholder($0) })
        case .array(let type) where type.isScalar: return .value(try constant(.zero(type.element)))
        case .array(let type):
            guard !type.placement.isPart else { throw Diagnostic.partUnderCondition(at: builder.span) }
            let extents = try self.extents(of: type)
            return .value(
                try materialise(type, Elements(extents: extents) { _ in try self.constant(.zero(type.element)) }))
        case .string, .error: throw fault("a function gives a \(type)")
        }
    }

    /// The type of the first return in the statements.
    private func returnedType(in list: [TypedStatement]) -> ValueType? {
        for statement in list {
            switch statement.kind {
            case .returnValue(let value): return value?.type ?? .void
            case .conditional(_, let then, let otherwise):
                if let type = returnedType(in: then) ?? returnedType(in: otherwise) { return type }
            case .forLoop(_, _, _, _, let body), .whileLoop(_, let body):
                if let type = returnedType(in: body) { return type }
            default: break
            }
        }
        return nil
    }
}
