import Language
import Source
import TypedTree

/// A sum of products of distances to means would wait until the means are known, and then go over the data once more. The two are
/// one pass and one message when the sum is made around the means of what it goes over, and moved to the ones that were asked for:
///
///     let m = sum(x) / n;  sum((v - m) ** 2 for v in x)
/// →   let m = sum(x) / n;  let (k, p, s, q) = moment(1.0, v, 0.0, 0.0 for v in x)
///     q + (p - m) * s + (p - m) * (s + k * (p - m))          s = sum(v - p), q = sum((v - p) ** 2)
///
/// That holds for any m, so that it need not be certain of what m is the mean.
struct CentredSum {
    /// x, and y where it is another.
    var values: [TypedExpression]
    /// What is subtracted from x and from y.
    var means: [TypedExpression]
    var op: ReductionOperator { values.count == 1 ? .moment : .comoment }
}

/// What a number was computed as, to know the means of a program.
enum Origin { case total, mean }

extension Checker {
    /// Remembers what a variable holds.
    func noteOrigin(_ variable: Variable, _ value: TypedExpression) {
        if let origin = origin(of: value) { origins[variable] = origin }
    }

    private func origin(of value: TypedExpression) -> Origin? {
        switch value.kind {
        case .variable(let variable): origins[variable]
        case .convert(let inner), .place(let inner): origin(of: inner)
        case .block(let block): origin(of: block.value)
        case .reduction(let reduction): reduction.op == .sum && value.type.array?.isScalar == true ? .total : nil
        case .collective(.allreduce, let operands): operands.count == 1 ? origin(of: operands[0]) : nil
        case .apply(.divide, let operands): origin(of: operands[0]) == .total ? .mean : nil
        case .call(let function, _):
            if case .returnValue(let result?) = functions[function].body.last?.kind { origin(of: result) } else { nil }
        default: nil
        }
    }

    // MARK: Recognising one

    /// Whether a reduction that stands in those domains is one to be made so if it has the form: a sum that all ranks know, outside of
    /// elements' code, where what is gone over is seldom larger than the caches.
    func mayBeCentred(_ request: ReductionRequest, _ around: [OpenDomain]) -> Bool {
        guard case .builtin(let spec) = request.combiner, spec.op == .sum, spec.result == .value else { return false }
        return !request.isLocal && around.isEmpty && context.function?.isElement != true
    }

    /// The product of two distances to means, if an expression is one, of numbers or of arrays.
    func centredSum(of product: TypedExpression) -> CentredSum? {
        var (value, bound) = (product, [Variable: TypedExpression]())
        while case .block(let block) = value.kind {
            for statement in block.statements {
                guard case .binding(let variable, let bindings) = statement.kind else { return nil }
                bound[variable] = bindings
            }
            value = block.value
        }
        guard let factors = value.kind.factors, value.type.array?.element.isFloat == true else { return nil }
        var used: Set<Variable> = []
        func distance(_ factor: TypedExpression) -> (value: TypedExpression, mean: TypedExpression)? {
            var difference = factor
            if case .variable(let variable) = factor.kind, let value = bound[variable] {
                used.insert(variable)
                difference = value
            }
            return self.distance(difference)
        }
        guard let first = distance(factors[0]), let second = distance(factors[1]),
            // What else is computed on the way may fail, or be what a distance is made of.
            used.count == bound.count,
            [first, second].allSatisfy({ $0.value.variables.union($0.mean.variables).isDisjoint(with: used) })
        else { return nil }
        let isNamedSquare = used.count == 1 && [factors[0], factors[1]].allSatisfy(\.isNamed)
        let isSquare = if case .power = value.kind { true } else { isNamedSquare }
        return CentredSum(
            values: isSquare ? [first.value] : [first.value, second.value],
            means: isSquare ? [first.mean] : [first.mean, second.mean])
    }

    /// `x - m` or `m - x`, for a mean m.
    private func distance(_ value: TypedExpression) -> (value: TypedExpression, mean: TypedExpression)? {
        if case .checkShape(let inner, let expected, let context) = value.kind, let found = distance(inner) {
            let checked = TypedExpression(
                .checkShape(found.value, expected: expected, context: context), value.type, value.span)
            return (checked, found.mean)
        }
        guard case .apply(.subtract, let operands) = value.kind else { return nil }
        if isMean(operands[1]) { return (operands[0], operands[1]) }
        if isMean(operands[0]) { return (operands[1], operands[0]) }
        return nil
    }

    private func isMean(_ value: TypedExpression) -> Bool {
        switch value.kind {
        case .variable(let variable): origins[variable] == .mean
        case .convert(let inner), .place(let inner): value.type.array?.isScalar == true && isMean(inner)
        default: false
        }
    }

    // MARK: Making it

    /// The same of arrays, of the product's type.
    func centredSumOfArrays(
        _ request: ReductionRequest, _ sum: CentredSum, _ type: ArrayType, named: [TypedExpression] = []
    ) -> TypedExpression {
        if named.count < sum.values.count {
            return inDomainOf(sum.values[named.count], request.span) {
                self.centredSumOfArrays(request, sum, type, named: named + [$0])
            }
        }
        let reduced = elements(of: named[0], type, request.span)
        let indices = reduced.domain.ranges.map { $0.index.read(at: request.span) }
        var sum = sum
        sum.values = named.map { ownElement($0, indices, request.span) }
        return centred(sum, request, reduced)
    }

    /// A sum over a domain, made around the means of what it goes over.
    func centred(_ sum: CentredSum, _ request: ReductionRequest, _ reduced: Reduced) -> TypedExpression {
        let span = request.span
        func number(_ value: Double) -> TypedExpression {
            TypedExpression(.constant(.float(value, .f64)), .scalar(.f64), span)
        }
        let zeros = (0...sum.values.count).map { _ in number(0) }
        let contributions = [number(1)] + sum.values.map { convert($0, toElement: .f64) } + zeros
        let type = ValueType.tuple(contributions.map { _ in .scalar(.f64) })
        let moments = whole(
            request, reduced, Combination(op: sum.op, type: type, contributions: contributions))
        guard moments.type != .error, let element = reduced.value.type.array?.element else { return error(span) }
        let (statements, named) = dissolved(moments, named: "moments")
        let parts = components(named)
        let (count, products) = (parts[0], parts[1 + 2 * sum.means.count])
        let moved = self.moved(parts, to: sum.means.map { convert($0, toElement: .f64) }, request)
        // Means of nothing are no numbers.
        let total = convert(
            numbers(.select, [numbers(.equal, [count, number(0)], request), products, moved], request),
            toElement: element)
        return TypedExpression(.block(TypedBlock(statements, total)), total.type, span)
    }

    /// The sum of products of a moment around the means that were asked for.
    private func moved(
        _ moment: [TypedExpression], to means: [TypedExpression], _ request: ReductionRequest
    ) -> TypedExpression {
        func combined(_ op: ScalarOperator, _ operands: TypedExpression...) -> TypedExpression {
            numbers(op, operands, request)
        }
        let variables = means.count
        let (count, products) = (moment[0], moment[1 + 2 * variables])
        let sums = moment[(1 + variables)...].prefix(variables)
        let shifts = means.indices.map { combined(.subtract, moment[1 + $0], means[$0]) }
        let around = combined(.fma, count, shifts[variables - 1], sums[sums.endIndex - 1])
        let half = combined(.fma, shifts[variables - 1], sums[sums.startIndex], products)
        let exact = combined(.fma, shifts[0], around, half)
        // What has overflowed stays. A mean that is not finite makes distances that are not, of both signs if the other mean is finite.
        let zeroOrNaN = means.map { combined(.subtract, $0, $0) }
        let near = combined(
            .add, combined(.select, combined(.isinf, products), products, exact),
            zeroOrNaN.dropFirst().reduce(zeroOrNaN[0]) { combined(.add, $0, $1) })
        // Where it is the means' sums that have overflowed, all distances are infinite; where something was infinite from the beginning,
        // the way to the means is no number.
        let areFar = shifts.dropFirst().reduce(combined(.isinf, shifts[0])) {
            combined(.and, $0, combined(.isinf, $1))
        }
        let far = combined(.fma, shifts[0], shifts[variables - 1], products)
        return combined(.select, areFar, far, near)
    }

    private func numbers(
        _ op: ScalarOperator, _ operands: [TypedExpression], _ request: ReductionRequest
    ) -> TypedExpression {
        let isTruth = [.equal, .isinf, .and].contains(op)
        return elementwise(op, operands, result: isTruth ? .bool : .f64, request.name, request.span)
    }
}

extension TypedExpression.Kind {
    /// The two numbers, or arrays, that it multiplies.
    fileprivate var factors: [TypedExpression]? {
        switch self {
        case .apply(.multiply, let factors): factors
        case .power(let base, 2): [base, base]
        default: nil
        }
    }
}
