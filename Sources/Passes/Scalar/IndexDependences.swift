import IR
import Language

/// Whether two accesses to an array can never meet, by two classic tests of affine indices over loops:
///
///     a[2*i + 1] and a[2*k]                    the difference is no multiple of the strides' greatest common divisor (GCD test)
///     a[i, j] and a[i, k], j in k+1..n         the intervals of an axis do not overlap (Banerjee's test)
///
/// U. Banerjee: Dependence Analysis for Supercomputing, Kluwer 1988. Every loop index counts as independent of every other, so that
/// what is proved holds for any two iterations.
struct IndexDependences {
    /// constant + Σ factor · value, of values that are not taken apart further.
    private struct Affine {
        var constant = 0
        var factors: [Value: Int] = [:]

        /// nil where a number does not fit.
        func adding(_ other: Affine, times factor: Int) -> Affine? {
            var sum = self
            guard let constant = sum.constant.adding(other.constant, times: factor) else { return nil }
            sum.constant = constant
            for (value, own) in other.factors {
                guard let total = (sum.factors[value] ?? 0).adding(own, times: factor) else { return nil }
                sum.factors[value] = total == 0 ? nil : total
            }
            return sum
        }

        /// The difference, where it is a number.
        func minus(_ other: Affine) -> Int? {
            adding(other, times: -1).flatMap { $0.factors.isEmpty ? $0.constant : nil }
        }
    }

    /// What an index can be while a loop runs: from `low` to `high`, in steps of `start` + multiples of the strides.
    private struct Reach {
        var low, high, start: Affine
        var strides: [Int] = []
    }

    private var definitions: [Value: Node] = [:]
    private var constants: [Value: Int] = [:]
    /// The ranges of loop indices.
    private var ranges: [Value: IterationSpace.Range] = [:]

    init(_ module: Module) {
        constants = module.integerConstants
        module.body.forEachNode { node in
            if case .scalar(let op) = node.operation {
                let isAffine = [.add, .subtract, .multiply, .negate].contains(op)
                if isAffine, module.type(node.results[0]).element == .i64 { definitions[node.results[0]] = node }
            }
            if node.bodies == .counted { ranges[node.regions[0].arguments[0]] = node.range }
            guard let space = IterationSpace(of: node), let body = node.regions.first else { return }
            for (index, range) in zip(body.arguments, space.ranges) { ranges[index] = range }
        }
    }

    /// Whether an update writes no element that it reads of its base, but the one that it is writing.
    func areApart(readsAndWritesOf update: Node, rank: Int) -> Bool {
        guard let body = update.regions.first else { return false }
        let base = update.base
        var inside: Set<Value> = []
        update.forEachDefinition { inside.insert($0) }
        let written = Array(body.yielded.prefix(rank))
        let writes = written.map { reach(of: $0, inside) }
        var areApart = true
        body.forEachNode { node in
            guard areApart, node.operands.contains(base) else { return }
            guard case .element = node.operation, node.array == base else {
                areApart = false
                return
            }
            areApart =
                node.indices == written
                || zip(writes, node.indices).contains { write, read in neverMeet(write, reach(of: read, inside)) }
        }
        return areApart
    }

    private func neverMeet(_ a: Reach?, _ b: Reach?) -> Bool {
        guard let a, let b else { return false }
        if let gap = b.low.minus(a.high), gap > 0 { return true }
        if let gap = a.low.minus(b.high), gap > 0 { return true }
        guard let distance = a.start.minus(b.start) else { return false }
        let divisor = (a.strides + b.strides).reduce(0, greatestCommonDivisor)
        return divisor == 0 ? distance != 0 : distance % divisor != 0
    }

    private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : greatestCommonDivisor(b, a % b) }

    // MARK: Forms

    private func reach(of value: Value, _ inside: Set<Value>) -> Reach? {
        affine(value, depth: 24).flatMap { reach(of: $0, inside, depth: 8) }
    }

    /// What a form can be where the indices of loops `inside` run over their ranges. nil: that depends on data.
    private func reach(of form: Affine, _ inside: Set<Value>, depth: Int) -> Reach? {
        var outer = form
        outer.factors = form.factors.filter { !inside.contains($0.key) }
        var reach = Reach(low: outer, high: outer, start: outer)
        for (value, factor) in form.factors where inside.contains(value) {
            guard depth > 0, let range = ranges[value], let step = constants[range.step], step > 0,
                let first = affine(range.lower, depth: 24).flatMap({ self.reach(of: $0, inside, depth: depth - 1) }),
                let end = affine(range.upper, depth: 24).flatMap({ self.reach(of: $0, inside, depth: depth - 1) }),
                let last = end.high.adding(Affine(constant: 1), times: -1),
                let low = reach.low.adding(factor > 0 ? first.low : last, times: factor),
                let high = reach.high.adding(factor > 0 ? last : first.low, times: factor),
                let start = reach.start.adding(first.start, times: factor)
            else { return nil }
            let strides = (first.strides + [step]).map { $0.multipliedReportingOverflow(by: factor) }
            guard !strides.contains(where: \.overflow) else { return nil }
            reach = Reach(low: low, high: high, start: start, strides: reach.strides + strides.map(\.partialValue))
        }
        return reach
    }

    /// An integer as a sum; what lies deeper stays one value, which is never wrong.
    private func affine(_ value: Value, depth: Int) -> Affine? {
        if let constant = constants[value] { return Affine(constant: constant) }
        guard depth > 0, let node = definitions[value], case .scalar(let op) = node.operation else {
            return Affine(factors: [value: 1])
        }
        let forms = node.values.map { affine($0, depth: depth - 1) }
        guard let first = forms[0] else { return nil }
        switch op {
        case .negate: return Affine().adding(first, times: -1)
        case .add: return forms[1].flatMap { first.adding($0, times: 1) }
        case .subtract: return forms[1].flatMap { first.adding($0, times: -1) }
        default:
            guard let second = forms[1] else { return nil }
            if second.factors.isEmpty { return Affine().adding(first, times: second.constant) }
            if first.factors.isEmpty { return Affine().adding(second, times: first.constant) }
            return Affine(factors: [value: 1])
        }
    }
}

extension Int {
    /// nil where it does not fit.
    fileprivate func adding(_ other: Int, times factor: Int) -> Int? {
        let (product, isTooLarge) = other.multipliedReportingOverflow(by: factor)
        let (sum, overflows) = addingReportingOverflow(product)
        return isTooLarge || overflows ? nil : sum
    }
}
