import Language
import Source
import Syntax

// `break` and `continue` become structure, so that nothing behind the checker knows them:
//
//     while c {                      var end = false
//         a                          while not end and c {
//         if d { break }                 a
//         b                              if d { end = true } else { b }
//     }                              }
//
// Where a way neither always ends the round nor never does, what follows stands under a variable of its own: `if not left { … }`.
// A counted loop with a `break` becomes a while loop with a counter.

extension Checker {
    /// A loop in whose body a `break` or `continue` stands.
    func exitingLoop(_ statement: Statement) -> [TypedStatement] {
        let span = statement.span
        let exits = LoopExits(end: Name("the end of this loop", span), left: Name("the end of this round", span))
        return inNewScope {
            let begin = exits.hasBreak(statement) ? self.statements([exits.declared(exits.end)]) : []
            let end = begin.isEmpty ? nil : exits.end
            return begin
                + underCondition {
                    switch statement.kind {
                    case .forLoop(let name, .range(let range, _), let body):
                        forLoop(name, range, exits.rewritten(body), span, until: end)
                    case .forLoop(let name, .elements(let array), let body):
                        elementLoop(name, array, exits.rewritten(body), span, until: end)
                    case .whileLoop(let condition, let body):
                        whileLoop(
                            end.map { exits.goesOn($0, and: condition) } ?? condition, exits.rewritten(body), span)
                    default: []
                    }
                }
        }
    }

    /// A counted loop that ends when the variable `end` is true: `bound` are its index and its body.
    func counted(
        _ index: Variable, _ range: TypedRange, _ body: [TypedStatement], until end: Name
    ) -> [TypedStatement] {
        let span = end.span
        var before: [TypedStatement] = []
        func held(_ value: TypedExpression, _ name: String) -> TypedExpression {
            let variable = newVariable(name, index.type)
            before.append(TypedStatement(kind: .binding(variable, placed(value, like: index)), span: span))
            return TypedExpression(.variable(variable), index.type, span)
        }
        let upper = held(range.upper, "upper")
        let step = held(range.step, "step")
        let next = held(range.lower, "next")
        guard case .variable(let counter) = next.kind else { return [] }
        let ended = expression(Expression(.name(end.text), span))
        let goesOn = TypedExpression(.apply(.not, [ended]), ended.type, span)
        let condition = test(.and, goesOn, test(.less, next, upper, span), span)
        let count: [TypedStatement.Kind] = [
            .binding(index, next), .assignment(counter, arithmetic(.add, next, step, span)),
        ]
        let loop = TypedStatement.Kind.whileLoop(
            condition, count.map { TypedStatement(kind: $0, span: span) } + body)
        return before + [TypedStatement(kind: loop, span: span)]
    }

    private func placed(_ value: TypedExpression, like index: Variable) -> TypedExpression {
        value.type == index.type ? value : TypedExpression(.place(value), index.type, value.span)
    }
}

/// Rewrites the body of one loop. What stands in loops inside of it belongs to them.
struct LoopExits {
    /// The variables that say that the loop, and that this round of it, has ended.
    let end, left: Name

    func hasBreak(_ statement: Statement) -> Bool { statement.body?.statements.contains { breaks($0) } ?? false }

    private func breaks(_ statement: Statement) -> Bool {
        switch statement.kind {
        case .breakLoop: true
        case .conditional(_, let then, let otherwise):
            (then.statements + (otherwise?.statements ?? [])).contains { breaks($0) }
        default: false
        }
    }

    func rewritten(_ body: Block) -> Block {
        let needsFlag = body.statements.dropLast().contains { $0.mayExit && !$0.exitsSimply }
        let statements = rewritten(body.statements[...], flag: needsFlag)
        return Block((needsFlag ? [declared(left)] : []) + statements, body.span)
    }

    private func rewritten(_ list: ArraySlice<Statement>, flag: Bool) -> [Statement] {
        guard let place = list.firstIndex(where: \.mayExit) else { return Array(list) }
        let statement = list[place]
        let rest = list[(place + 1)...]
        return list[..<place] + exit(statement, rest, flag: flag)
    }

    /// The statement that may end the round, and what follows it.
    private func exit(_ statement: Statement, _ rest: ArraySlice<Statement>, flag: Bool) -> [Statement] {
        let span = statement.span
        switch statement.kind {
        case .breakLoop: return [set(end, span)] + (flag ? [set(left, span)] : [])
        case .continueLoop: return flag ? [set(left, span)] : []
        case .conditional(let condition, let then, let otherwise):
            func way(_ block: Block) -> Block { Block(rewritten(block.statements[...], flag: flag), block.span) }
            if statement.exitsSimply {
                let others = rest.isEmpty ? nil : Block(rewritten(rest, flag: flag), span)
                return [Statement(.conditional(condition, way(then), others), span)]
            }
            let choice = Statement(.conditional(condition, way(then), otherwise.map(way)), span)
            if rest.isEmpty { return [choice] }
            let block = Block(rewritten(rest, flag: flag), span)
            return [choice, Statement(.conditional(negated(left, span), block, nil), span)]
        default: return [statement]
        }
    }

    // MARK: Pieces

    func declared(_ name: Name) -> Statement {
        Statement(.binding(isVariable: true, .name(name), nil, Expression(.boolean(false), name.span)), name.span)
    }

    func goesOn(_ end: Name, and condition: Expression) -> Expression {
        Expression(.binary(.and, negated(end, condition.span), condition), condition.span)
    }

    private func set(_ name: Name, _ span: Span) -> Statement {
        Statement(.assignment(Target(Name(name.text, span), []), .assign, Expression(.boolean(true), span)), span)
    }

    private func negated(_ name: Name, _ span: Span) -> Expression {
        Expression(.unary(.not, Expression(.name(name.text), span)), span)
    }
}

extension Statement {
    fileprivate var body: Block? {
        switch kind {
        case .forLoop(_, _, let body), .whileLoop(_, let body): body
        default: nil
        }
    }

    /// Whether a `break` or `continue` of the loop around stands in it.
    fileprivate var mayExit: Bool {
        switch kind {
        case .breakLoop, .continueLoop: true
        case .conditional(_, let then, let otherwise):
            (then.statements + (otherwise?.statements ?? [])).contains(where: \.mayExit)
        default: false
        }
    }

    /// Whether its body has a `break` or `continue` of this loop.
    var isExited: Bool { body?.statements.contains(where: \.mayExit) ?? false }

    /// `if c { … break }`, or the exit itself: what follows is the other way.
    fileprivate var exitsSimply: Bool {
        switch kind {
        case .breakLoop, .continueLoop: true
        case .conditional(_, let then, nil):
            then.statements.last?.exitsAlone == true && !then.statements.dropLast().contains(where: \.mayExit)
        default: false
        }
    }

    private var exitsAlone: Bool {
        switch kind {
        case .breakLoop, .continueLoop: true
        default: false
        }
    }
}
