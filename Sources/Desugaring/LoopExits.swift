import Language
import Source
import TypedTree

// `break` and `continue` become structure:
//
//     while c {                      var end = false
//         a                          while not end and c {
//         if d { break }                 a
//         b                              if d { end = true } else { b }
//     }                              }
//
// Where a way neither always ends the round nor never does, what follows stands under a variable of its own: `if not left { … }`.
// A counted loop with a `break` becomes a while loop with a counter.

extension Desugaring {
    /// A loop in whose body a `break` or `continue` stands.
    func withoutExits(_ loop: TypedStatement) -> [TypedStatement] {
        let span = loop.span
        switch loop.kind {
        case .whileLoop(let condition, let body):
            let exits = exits(of: body, isLocal: condition.type.isLocal, span)
            let test = exits.end.map { goesOn($0, and: condition) } ?? condition
            return exits.begin + [TypedStatement(kind: .whileLoop(test, exits.rewritten(body)), span: span)]
        case .forLoop(let index, let lower, let upper, let step, let body):
            let exits = exits(of: body, isLocal: index.type.isLocal, span)
            let round = exits.rewritten(body)
            if let end = exits.end {
                return exits.begin + counted(index, [lower, upper, step], round, until: end, span)
            }
            let kind = TypedStatement.Kind.forLoop(index, lower: lower, upper: upper, step: step, round)
            return [TypedStatement(kind: kind, span: span)]
        default: return [loop]
        }
    }

    private func exits(of body: [TypedStatement], isLocal: Bool, _ span: Span) -> LoopExits {
        func flag(_ name: String, isLocal: Bool) -> Variable {
            newVariable(name, .scalar(.bool, isLocal ? .local : .replicated))
        }
        let end =
            body.contains(where: \.mayBreak)
            ? flag("the end of this loop", isLocal: isLocal || body.breakLocally) : nil
        let needsFlag = body.dropLast().contains { $0.mayExit && !$0.exitsSimply }
        let left =
            needsFlag
            ? flag("the end of this round", isLocal: isLocal || body.contains(where: \.exitsLocally)) : nil
        return LoopExits(end: end, left: left, span: span)
    }

    /// A counted loop that ends when the variable `end` is true.
    private func counted(
        _ index: Variable, _ range: [TypedExpression], _ body: [TypedStatement], until end: Variable, _ span: Span
    ) -> [TypedStatement] {
        let names = ["next", "upper", "step"].map { newVariable($0, index.type) }
        let before = zip(names, range).map { name, value in
            let placed =
                value.type == index.type ? value : TypedExpression(.place(value), index.type, value.span)
            return TypedStatement(kind: .binding(name, placed), span: span)
        }
        let (next, upper, step) = (names[0].read(at: span), names[1].read(at: span), names[2].read(at: span))
        let isBelow = TypedExpression(.apply(.less, [next, upper]), .scalar(.bool, [next].placement), span)
        let further = TypedExpression(.apply(.add, [next, step]), index.type, span)
        let count: [TypedStatement.Kind] = [.binding(index, next), .assignment(names[0], further)]
        let loop = TypedStatement.Kind.whileLoop(
            goesOn(end, and: isBelow), count.map { TypedStatement(kind: $0, span: span) } + body)
        return before + [TypedStatement(kind: loop, span: span)]
    }

    /// `not end and condition`, which is not asked where the loop has ended.
    private func goesOn(_ end: Variable, and condition: TypedExpression) -> TypedExpression {
        let span = condition.span
        let goesOn = negated(end, span)
        let type = ValueType.scalar(.bool, [goesOn, condition].placement)
        guard condition.mayFail else { return TypedExpression(.apply(.and, [goesOn, condition]), type, span) }
        func placed(_ value: TypedExpression) -> TypedBlock {
            TypedBlock([], value.type == type ? value : TypedExpression(.place(value), type, span))
        }
        let no = TypedExpression(.constant(.bool(false)), .bool, span)
        return TypedExpression(.conditional(goesOn, placed(condition), placed(no)), type, span)
    }
}

private func negated(_ flag: Variable, _ span: Span) -> TypedExpression {
    TypedExpression(.apply(.not, [flag.read(at: span)]), flag.type, span)
}

/// Rewrites the body of one loop. What stands in loops inside of it belongs to them.
private struct LoopExits {
    /// The variables that say that the loop, and that this round of it, has ended; nil where none is needed.
    let end, left: Variable?
    let span: Span

    /// What stands before the loop.
    var begin: [TypedStatement] { end.map { [declared($0)] } ?? [] }

    func rewritten(_ body: [TypedStatement]) -> [TypedStatement] {
        (left.map { [declared($0)] } ?? []) + rewritten(body[...])
    }

    private func rewritten(_ list: ArraySlice<TypedStatement>) -> [TypedStatement] {
        guard let place = list.firstIndex(where: \.mayExit) else { return Array(list) }
        return list[..<place] + exit(list[place], list[(place + 1)...])
    }

    /// The statement that may end the round, and what follows it.
    private func exit(_ statement: TypedStatement, _ rest: ArraySlice<TypedStatement>) -> [TypedStatement] {
        let span = statement.span
        switch statement.kind {
        case .breakLoop: return [end, left].compactMap { $0 }.map { set($0, to: true, span) }
        case .continueLoop: return left.map { [set($0, to: true, span)] } ?? []
        case .conditional(let condition, let then, let otherwise):
            if statement.exitsSimply {
                let kind = TypedStatement.Kind.conditional(condition, rewritten(then[...]), rewritten(rest))
                return [TypedStatement(kind: kind, span: span)]
            }
            let kind = TypedStatement.Kind.conditional(condition, rewritten(then[...]), rewritten(otherwise[...]))
            let choice = TypedStatement(kind: kind, span: span)
            guard !rest.isEmpty, let left else { return [choice] }
            let goesOn = TypedStatement.Kind.conditional(negated(left, span), rewritten(rest), [])
            return [choice, TypedStatement(kind: goesOn, span: span)]
        default: return [statement]
        }
    }

    private func declared(_ flag: Variable) -> TypedStatement { set(flag, to: false, span, isNew: true) }

    private func set(_ flag: Variable, to value: Bool, _ span: Span, isNew: Bool = false) -> TypedStatement {
        var constant = TypedExpression(.constant(.bool(value)), .bool, span)
        if flag.type != .bool { constant = TypedExpression(.place(constant), flag.type, span) }
        return TypedStatement(kind: isNew ? .binding(flag, constant) : .assignment(flag, constant), span: span)
    }
}
