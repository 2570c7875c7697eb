import Language
import Source
import Syntax

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
        guard let (box, guards) = boxed(range, own) else {
            report(.unboundedRange(at: first.span))
            return nil
        }
        domain.guards += guards
        domain.ranges.append(box)
        return index
    }

    /// The widest that a range becomes over the ranges of other indices, and the tests that an index of that is one of the range.
    func boxed(_ range: Domain.Range, _ own: Set<Variable>) -> (box: Domain.Range, guards: [TypedExpression])? {
        guard let lower = bound(of: range.lower, isGreatest: false, own),
            let upper = bound(of: range.upper, isGreatest: true, own)
        else { return nil }
        let follows = range.lower.variables.isDisjoint(with: own)
        let step = follows ? range.step : integer(1, range.step.span)
        let box = Domain.Range(index: range.index, lower: lower, upper: upper, step: step)
        return (box, guards(range, besides: box, own))
    }

    /// The same for a whole domain; a divided range is then the whole axis.
    func boxed(_ domain: Domain, _ own: Set<Variable>) -> (box: Domain, guards: [TypedExpression])? {
        var box = domain
        var guards: [TypedExpression] = []
        for (position, range) in domain.ranges.enumerated() {
            if range.lower.variables.union(range.upper.variables).isDisjoint(with: own) { continue }
            if let divided = domain.divided, divided.range == position {
                let (zero, one) = (integer(0, range.lower.span), integer(1, range.lower.span))
                box.ranges[position] = Domain.Range(index: range.index, lower: zero, upper: divided.extent, step: one)
                guards += self.guards(range, besides: box.ranges[position], own)
            } else if let (own, tests) = boxed(range, own) {
                box.ranges[position] = own
                guards += tests
            } else {
                return nil
            }
        }
        return (box, guards)
    }

    /// The tests that an index of the box is one of the range.
    func guards(_ range: Domain.Range, besides box: Domain.Range, _ own: Set<Variable>) -> [TypedExpression] {
        let index = range.index.read(at: range.lower.span)
        func apply(_ op: ScalarOperator, _ a: TypedExpression, _ b: TypedExpression, _ type: ElementType = .bool)
            -> TypedExpression
        {
            TypedExpression(.apply(op, [a, b]), .scalar(type, [a, b].placement), index.span)
        }
        var tests: [TypedExpression] = []
        if !range.lower.variables.isDisjoint(with: own) { tests.append(apply(.lessEqual, range.lower, index)) }
        if !range.upper.variables.isDisjoint(with: own) { tests.append(apply(.less, index, range.upper)) }
        if case .constant(.integer(1, _)) = range.step.kind { return tests }
        if case .constant(.integer(1, _)) = box.step.kind {
            let distance = apply(.modulo, apply(.subtract, index, range.lower, .i64), range.step, .i64)
            tests.append(apply(.equal, distance, integer(0, index.span)))
        }
        return tests
    }

    /// All guards, and there where they hold the condition, which is not to be asked elsewhere; nil: there is none.
    func guarded(_ guards: [TypedExpression], _ condition: TypedExpression?) -> TypedExpression? {
        guard let first = guards.first else { return condition }
        let all = guards.dropFirst().reduce(first) { all, next in
            test(.and, all, next, all.span)
        }
        guard let condition, condition.type != .error else { return condition ?? all }
        let no = TypedExpression(.constant(.bool(false)), .bool, condition.span)
        let otherwise = condition.type.isLocal ? TypedExpression(.place(no), condition.type, no.span) : no
        return TypedExpression(
            .conditional(all, TypedBlock([], condition), TypedBlock([], otherwise)), condition.type, condition.span)
    }

    /// The least or greatest value of an integer over the ranges of some indices; nil where only the run would tell.
    func bound(of value: TypedExpression, isGreatest: Bool, _ own: Set<Variable>) -> TypedExpression? {
        if value.variables.isDisjoint(with: own) { return value }
        if let size = knownSize(of: value), let extreme = extreme(of: size, greatest: isGreatest),
            let written = expression(for: extreme, value.span), written.variables.isDisjoint(with: own)
        {
            return written
        }
        guard case .apply(let op, let operands) = value.kind else { return nil }
        let falls = [false, op == .subtract]
        let isMonotone: Bool =
            switch op {
            case .min, .max, .add, .subtract: true
            case .multiply, .floorDivide: operands[1].isPositiveConstant
            default: false
            }
        guard isMonotone, operands.count == 2 else { return nil }
        let bounds = zip(operands, falls).compactMap { bound(of: $0, isGreatest: isGreatest != $1, own) }
        return bounds.count == 2 ? TypedExpression(.apply(op, bounds), value.type, value.span) : nil
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

extension TypedExpression {
    fileprivate var isPositiveConstant: Bool {
        if case .constant(.integer(let value, _)) = kind { value > 0 } else { false }
    }
}
