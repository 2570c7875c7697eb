import Language

/// The operators that sum around means, as docs/architecture.md, "Bits", has them: (count, pivot…, sum of the distances to the
/// pivot…, sum of their products) of one or two variables.
struct Moments {
    let variables: Int

    func gather(_ lane: Contribution, _ contribution: Contribution) -> Contribution {
        guard contribution.number(0) != 0 else { return lane }
        let own = 1...variables
        let pivots = own.map { lane.number(0) == 0 ? contribution.number($0) : lane.number($0) }
        let distances = own.map { contribution.number($0) - pivots[$0 - 1] }
        let sums = own.map { lane.number(variables + $0) + distances[$0 - 1] }
        let products = lane.number(2 * variables + 1).addingProduct(distances[0], distances[variables - 1])
        return Contribution([lane.number(0) + contribution.number(0)] + pivots + sums + [products])
    }

    func gathered(_ lane: Contribution) -> Contribution {
        let count = lane.number(0)
        guard count != 0 else { return lane }
        return moved(lane, to: (1...variables).map { lane.number($0) + lane.number(variables + $0) / count })
    }

    private func moved(_ moment: Contribution, to pivots: [Double]) -> Contribution {
        let (count, products) = (moment.number(0), moment.number(2 * variables + 1))
        let shifts = (1...variables).map { moment.number($0) - pivots[$0 - 1] }
        let sums = (1...variables).map { moment.number(variables + $0).addingProduct(count, shifts[$0 - 1]) }
        let half = products.addingProduct(shifts[variables - 1], moment.number(variables + 1))
        let whole = half.addingProduct(shifts[0], sums[variables - 1])
        let kept = products.isInfinite ? products : whole
        let isFar = shifts.allSatisfy(\.isInfinite)
        let far = products.addingProduct(shifts[0], shifts[variables - 1])
        return Contribution([count] + pivots + sums + [isFar ? far : kept])
    }

    func combine(_ a: Contribution, _ b: Contribution) -> Contribution {
        if b.number(0) == 0 { return a }
        if a.number(0) == 0 { return b }
        let count = a.number(0) + b.number(0)
        let weight = (b.number(0) + b.number(0)) / count
        let means = (1...variables).map {
            let halfApart = (-0.5 * a.number($0)).addingProduct(0.5, b.number($0))
            return a.number($0).addingProduct(halfApart, weight)
        }
        let (left, right) = (moved(a, to: means), moved(b, to: means))
        let last = 2 * variables + 1
        var sums = (variables + 1...last).map { left.number($0) + right.number($0) }
        for one in [b, a] where one.number(last).isInfinite { sums[variables] = one.number(last) }
        return Contribution([count] + means + sums)
    }
}

extension Contribution {
    fileprivate func number(_ component: Int) -> Double { Double(word: self[component]) }
    fileprivate init(_ numbers: [Double]) { self.init(numbers.map(\.word)) }
}
