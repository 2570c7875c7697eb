import Language
import Source
import Syntax
import TypedTree

// Loops, and what ends them early.

extension Checker {
    func forLoop(_ name: Name, _ range: RangeExpression, _ body: Block, _ span: Span) -> [TypedStatement] {
        let typed = self.range(range, mayDescend: true)
        if let step = sizes.knownSize(of: typed.step)?.constant, step < 0 {
            return descendingLoop(name, (typed.lower, typed.upper, -step), body, span)
        }
        return countedLoop(name, typed, span) { statements(body.statements) }
    }

    /// The loop counts its rounds up, and the index follows:
    ///
    ///     for i in a..b by -2 { … }        →        for k in 0..(a - b + 1) // 2 { let i = a - 2 * k … }
    private func descendingLoop(
        _ name: Name, _ range: (lower: TypedExpression, upper: TypedExpression, step: Int), _ body: Block, _ span: Span
    ) -> [TypedStatement] {
        guard range.lower.type != .error, range.upper.type != .error else { return [] }
        let first = newVariable(name.text, range.lower.type)
        sizes.variables[first] = sizes.size(of: range.lower)
        let step = integer(range.step, span)
        let spread = arithmetic(.subtract, first.read(at: range.lower.span), range.upper, span)
        let rounded = arithmetic(.add, spread, integer(range.step - 1, span), span)
        let count = range.step == 1 ? spread : arithmetic(.floorDivide, rounded, step, span)
        let round = Name("the round of \(name.text)", name.span)
        let loop = countedLoop(round, (integer(0, span), count, integer(1, span)), span) {
            let gone = arithmetic(.multiply, expression(Expression(.name(round.text), span)), step, span)
            let value = arithmetic(.subtract, first.read(at: span), gone, span)
            let index = bindVariable(name, value.type, size: sizes.size(of: value))
            return [TypedStatement(kind: .binding(index, value), span: name.span)] + statements(body.statements)
        }
        return [TypedStatement(kind: .binding(first, range.lower), span: span)] + loop
    }

    /// A loop in which something returns, or ends it early, may end before it has gone through its range. Where ranks differ anyhow each
    /// may leave it in another round.
    func repeating(_ statement: Statement, _ loop: () -> [TypedStatement]) -> [TypedStatement] {
        let exits = statement.loopExits
        let parts = exits.contains(.break) && context.ranksDiffer && context.localBlock == nil
        if parts { context.divergence.append(Divergence(what: "the end of this loop", span: statement.span)) }
        defer { if parts { context.divergence.removeLast() } }
        return statement.mayReturn || !exits.isEmpty ? underCondition(loop) : loop()
    }

    /// The loop of an index from `lower` to before `upper`, which its body sees under the name.
    func countedLoop(
        _ name: Name, _ range: TypedRange, _ span: Span, _ body: () -> [TypedStatement]
    ) -> [TypedStatement] {
        let (lower, upper, step) = range
        let trips = [lower, upper, step].first { $0.type.array?.placement == .local } ?? lower
        // Where some ranks return from the loop they do not agree on how far it goes.
        let placement = context.function?.ranksPart == true ? .local : trips.type.array?.placement ?? .replicated
        let (index, statements) = diverging(trips, "the trip count of this loop") {
            loopBody {
                inLoop { inNewScope { (indexVariable(name, .scalar(.i64, placement), lower, upper), body()) } }
            }
        }
        let kind = TypedStatement.Kind.forLoop(index, lower: lower, upper: upper, step: step, statements)
        return [TypedStatement(kind: kind, span: span)]
    }

    /// The condition belongs to what is repeated: where ranks go on differently, none may wait in it for the others.
    func whileLoop(_ written: Expression, _ body: Block, _ span: Span) -> [TypedStatement] {
        let (condition, communication) = notingCommunication { self.condition(written) }
        let what = "the condition of this loop"
        requireUniform(communication, under: condition, what)
        let statements = underCondition(condition, what) { loopBody { block(body) } }
        return [TypedStatement(kind: .whileLoop(condition, statements), span: span)]
    }

    // MARK: Early ends

    /// Checks what a loop repeats.
    private func loopBody<Result>(_ body: () -> Result) -> Result {
        let outer = context.loop
        context.loop = LoopContext(depth: context.divergence.count, ranksDiffer: context.ranksDiffer)
        defer { context.loop = outer }
        return body()
    }

    /// `break` or `continue`.
    func exit(_ kind: TypedStatement.Kind, _ span: Span) -> [TypedStatement] {
        guard let loop = context.loop else {
            report(.exitOutsideLoop(sourceText(span), at: span))
            return []
        }
        if context.divergence.count > loop.depth, var divergence = context.divergence.last {
            // All ranks go through this loop together.
            if case .breakLoop = kind, !loop.ranksDiffer {
                report(.divergentBreak(at: span, divergence))
                divergence.isReported = true
            }
            loop.divergentExit = divergence
        }
        return [TypedStatement(kind: kind, span: span)]
    }

    /// What follows a statement in which some ranks may end the round runs on the others alone; and where they may do so in the middle of it,
    /// nothing in it may communicate either.
    func noteExit(
        _ statement: TypedStatement, _ communication: (what: String, span: Span)?
    ) {
        guard statement.exitsLocally, context.localBlock == nil, let divergence = context.loop?.divergentExit else {
            return
        }
        if !statement.exitsSimply, let communication {
            report(.divergentCommunication(communication.what, at: communication.span, divergence))
        }
        context.divergence.append(divergence)
    }
}

/// The ways in which rounds of a loop may end early.
private enum Exit { case `break`, `continue` }

extension Statement {
    /// Whether a `break` or `continue` of the loop around stands in it.
    var mayExit: Bool { !exits.isEmpty }

    /// Of a loop: what in its body ends it, or a round of it, early.
    fileprivate var loopExits: Set<Exit> {
        switch kind {
        case .forLoop(_, _, let body), .whileLoop(_, let body): body.exits
        default: []
        }
    }

    /// The exits of the loop around that stand in it.
    fileprivate var exits: Set<Exit> {
        switch kind {
        case .breakLoop: [.break]
        case .continueLoop: [.continue]
        case .conditional(_, let then, let otherwise): then.exits.union(otherwise?.exits ?? [])
        default: []
        }
    }
}

extension Block {
    fileprivate var exits: Set<Exit> { statements.reduce(into: []) { $0.formUnion($1.exits) } }
}
