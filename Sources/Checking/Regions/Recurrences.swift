import Language
import Source
import Syntax
import TypedTree

// `x[i] = a[i] * x[i-1] + b[i] for i in 1..n in order`: along a range in order, reads see what the assignment has written already.
//
//     u[i, j] = E for i in 0..n, j in 1..m in order if C    →    for j in 1..m { u[i, j] = E for i in 0..n if C }
//
// Where u is divided along an axis in order, its lines are moved: it is divided along another axis meanwhile, and so is what is read
// with it.

extension Checker {
    /// A region assignment one of whose ranges is in order.
    func assignmentInOrder(_ statement: Statement) -> [TypedStatement] {
        guard case .regionAssignment(let target, let subscripts, _, _, let generator?) = statement.kind,
            let current = assignable(target)
        else { return [] }
        let inOrder = Set(generator.clauses.filter(\.isInOrder).map(\.name.text))
        let free = Set(generator.clauses.map(\.name.text)).subtracting(inOrder)
        for clause in generator.clauses where clause.isInOrder {
            guard let name = clause.source.mentions.intersection(free).first else { continue }
            report(.orderDependsOnFree(clause.name.text, name, at: clause.name.span))
            return []
        }
        if arrayType(of: current)?.placement.distribution.isGrid == true {
            report(.notOverGrid("an assignment in order", at: statement.span))
            return []
        }
        guard let type = current.type.array, let divided = type.placement.dividedAxis,
            subscripts.indices.contains(divided), !subscripts[divided].mentions.isDisjoint(with: inOrder)
        else { return statements([statement.loopsInOrder]) }
        return acrossRanks(statement, current, divided)
    }

    /// What is no assignment has no ranges in order.
    func refuseOrder(_ generator: Generator) {
        if let clause = generator.clauses.first(where: \.isInOrder) { report(.misplacedOrder(at: clause.name.span)) }
    }

    private func acrossRanks(
        _ statement: Statement, _ current: TypedExpression, _ divided: Int
    ) -> [TypedStatement] {
        guard case .regionAssignment(let target, let subscripts, _, _, let generator?) = statement.kind else {
            return []
        }
        let free = Set(generator.clauses.filter { !$0.isInOrder }.map(\.name.text))
        let across = subscripts.firstIndex { subscripted in
            if case .index(let index) = subscripted, case .name(let name) = index.kind {
                free.contains(name)
            } else {
                false
            }
        }
        guard let across, case .variable(let variable) = current.kind else {
            report(.orderAcrossRanks(target.text, current.type, at: statement.span))
            return []
        }
        return movingLines(from: divided, to: across, of: variable, statement)
    }

    private func movingLines(
        from divided: Int, to across: Int, of variable: Variable, _ statement: Statement
    ) -> [TypedStatement] {
        guard case .regionAssignment(let target, _, _, let value, let generator?) = statement.kind else { return [] }
        let span = statement.span
        requireUniform("an assignment in order along a divided axis", span)
        return inNewScope {
            var moved: [TypedStatement] = []
            var lines: Variable?
            let read = value.mentions.union(generator.condition?.mentions ?? []).union([target.name.text])
            for name in read.sorted() {
                guard case .variable(let array)? = lookUp(name)?.meaning, let type = array.type.array,
                    type.placement == .scattered(axis: divided), type.rank > across
                else { continue }
                let value = redivided(array.read(at: span), along: across, span)
                let own = newVariable(name, value.type)
                moved.append(TypedStatement(kind: .binding(own, value), span: span))
                let isTarget = array == variable
                bind(Name(name, span), Binding(meaning: .variable(own), isAssignable: isTarget, span: span))
                if isTarget { lines = own }
            }
            guard let lines else { return [] }
            let loops = statements([statement.loopsInOrder])
            let result = redivided(lines.read(at: span), along: divided, span)
            return moved + loops + [TypedStatement(kind: .assignment(variable, result), span: span)]
        }
    }

}

extension Statement {
    /// Whether it is an assignment with a range in order.
    var isInOrder: Bool {
        if case .regionAssignment(_, _, _, _, let generator?) = kind {
            generator.clauses.contains(where: \.isInOrder)
        } else {
            false
        }
    }

    /// The assignment with a loop around it for each range in order.
    fileprivate var loopsInOrder: Statement {
        guard case .regionAssignment(let target, let subscripts, let op, let value, let generator?) = kind else {
            return self
        }
        let free = generator.clauses.filter { !$0.isInOrder }
        let rest = free.isEmpty ? nil : Generator(free, generator.condition, generator.span)
        var loop = Statement(.regionAssignment(target, subscripts, op, value, rest), span)
        if free.isEmpty, let condition = generator.condition {
            loop = Statement(.conditional(condition, Block([loop], span), nil), span)
        }
        for clause in generator.clauses.reversed() where clause.isInOrder {
            loop = Statement(.forLoop(clause.name, clause.source, Block([loop], span)), span)
        }
        return loop
    }
}
