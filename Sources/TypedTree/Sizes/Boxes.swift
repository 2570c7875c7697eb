import Language
import Source

// The box that holds ranges which depend on other indices, `for i in 0..n, j in 0..i`, with a test of each point.

extension SizeKnowledge {
    /// The widest that a range becomes over the ranges of other indices, and the tests that an index of that is one of the range.
    package func boxed(_ range: Domain.Range, _ own: Set<Variable>) -> (box: Domain.Range, guards: [TypedExpression])? {
        guard let lower = bound(of: range.lower, isGreatest: false, own),
            let upper = bound(of: range.upper, isGreatest: true, own)
        else { return nil }
        let follows = range.lower.variables.isDisjoint(with: own)
        let step = follows ? range.step : integer(1, range.step.span)
        let box = Domain.Range(index: range.index, lower: lower, upper: upper, step: step)
        return (box, indexGuards(range, besides: box, own))
    }

    /// The same for a whole domain; a divided range is then the whole axis.
    package func boxed(_ domain: Domain, _ own: Set<Variable>) -> (box: Domain, guards: [TypedExpression])? {
        var box = domain
        var guards: [TypedExpression] = []
        for (position, range) in domain.ranges.enumerated() {
            if range.lower.variables.union(range.upper.variables).isDisjoint(with: own) { continue }
            if let divided = domain.divided, divided.range == position {
                let (zero, one) = (integer(0, range.lower.span), integer(1, range.lower.span))
                box.ranges[position] = Domain.Range(index: range.index, lower: zero, upper: divided.extent, step: one)
                guards += indexGuards(range, besides: box.ranges[position], own)
            } else if let (own, tests) = boxed(range, own) {
                box.ranges[position] = own
                guards += tests
            } else {
                return nil
            }
        }
        return (box, guards)
    }

    /// The least or greatest value of an integer over the ranges of some indices; nil where only the run would tell.
    private func bound(of value: TypedExpression, isGreatest: Bool, _ own: Set<Variable>) -> TypedExpression? {
        if value.variables.isDisjoint(with: own) { return value }
        if let size = knownSize(of: value), let extreme = extreme(of: size, greatest: isGreatest),
            let written = expression(for: extreme, value.span), written.variables.isDisjoint(with: own)
        {
            return written
        }
        if case .block(let block) = value.kind {
            return bound(of: block.value, isGreatest: isGreatest, own.union(block.statements.compactMap(\.bound)))
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
}

/// The tests that an index of the box is one of the range.
private func indexGuards(_ range: Domain.Range, besides box: Domain.Range, _ own: Set<Variable>) -> [TypedExpression] {
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
package func guarded(_ guards: [TypedExpression], _ condition: TypedExpression?) -> TypedExpression? {
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

extension TypedExpression {
    fileprivate var isPositiveConstant: Bool {
        if case .constant(.integer(let value, _)) = kind { value > 0 } else { false }
    }
}

extension TypedStatement {
    /// The variable that it makes.
    fileprivate var bound: Variable? { if case .binding(let variable, _) = kind { variable } else { nil } }
}
