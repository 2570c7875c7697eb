import Language
import Source
import Syntax
import TypedTree

// `for i in 0..n, j in 0..i`: ranges that depend on other indices of the same `for`. In a reduction they make a reduction inside of one; a
// region assignment runs over the box that holds them all, with a test of each point.

extension Checker {
    /// Opens a range in a domain and gives its index; nil where it depends on the domain's indices and must not.
    func openRange(
        _ name: Name, _ lower: TypedExpression, _ upper: TypedExpression, _ step: TypedExpression, _ domain: OpenDomain
    ) -> Variable? {
        let own = Set(domain.ranges.map(\.index))
        let dependent = [lower, upper].filter { !$0.variables.isDisjoint(with: own) }
        let index = indexVariable(name, .scalar(.i64, [lower, upper].placement), lower, upper)
        let range = Domain.Range(index: index, lower: lower, upper: upper, step: step)
        guard let first = dependent.first else {
            domain.ranges.append(range)
            return index
        }
        guard domain.takesDependentRanges else {
            report(.dependentRange(at: first.span))
            return nil
        }
        guard let (box, guards) = sizes.boxed(range, own) else {
            report(.unboundedRange(at: first.span))
            return nil
        }
        domain.guards += guards
        domain.ranges.append(box)
        return index
    }

    /// Opens the clauses of a generator up to the first whose range depends on those before it, and gives that one with all that
    /// follow. `first`: the range of the first clause, where it is known already.
    func openIndependent(
        _ generator: Generator, first: TypedRange?, _ domain: OpenDomain
    ) -> (isFine: Bool, rest: DependentClauses?) {
        refuseOrder(generator)
        for (position, clause) in generator.clauses.enumerated() {
            guard case .range(let written, let isScattered) = clause.source else {
                if !open(clause, domain) { return (false, nil) }
                continue
            }
            let range = (position == 0 ? first : nil) ?? self.range(written)
            let own = Set(domain.ranges.map(\.index))
            if !range.lower.variables.union(range.upper.variables).isDisjoint(with: own) {
                let rest = Array(generator.clauses[position...])
                return (true, DependentClauses(Generator(rest, generator.condition, generator.span), range))
            }
            if !openRange(clause.name, range, written, isScattered, domain) { return (false, nil) }
        }
        return (true, nil)
    }
}

/// The clauses of a generator from one on whose range, typed already, depends on what comes before it.
struct DependentClauses {
    var generator: Generator
    var first: TypedRange
    init(_ generator: Generator, _ first: TypedRange) { (self.generator, self.first) = (generator, first) }
}
