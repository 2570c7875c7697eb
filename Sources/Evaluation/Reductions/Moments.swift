import Language

/// The operators whose values are (count, mean…, sum of the products of the distances to the means), as docs/architecture.md, "Bits",
/// has them. What a lane keeps is (count, first…, sum of the distances to the first…, sum of their products).
struct Moments {
    let means: Int

    func gather(_ lane: Contribution, _ contribution: Contribution) -> Contribution {
        guard contribution.number(0) != 0 else { return lane }
        let variables = 1...means
        let firsts = variables.map { lane.number(0) == 0 ? contribution.number($0) : lane.number($0) }
        let distances = variables.map { contribution.number($0) - firsts[$0 - 1] }
        let sums = variables.map { lane.number(means + $0) + distances[$0 - 1] }
        let products = lane.number(2 * means + 1).addingProduct(distances[0], distances[means - 1])
        return Contribution([lane.number(0) + contribution.number(0)] + firsts + sums + [products])
    }

    func gathered(_ lane: Contribution) -> Contribution {
        let (count, products) = (lane.number(0), lane.number(2 * means + 1))
        guard count != 0 else { return Contribution(Array(repeating: 0.0, count: means + 2)) }
        let shifts = (1...means).map { lane.number(means + $0) / count }
        let centred = products.addingProduct(-lane.number(means + 1), shifts[means - 1])
        let sum = products.isInfinite ? products : centred
        return Contribution([count] + (1...means).map { lane.number($0) + shifts[$0 - 1] } + [sum])
    }

    func combine(_ a: Contribution, _ b: Contribution) -> Contribution {
        if b.number(0) == 0 { return a }
        if a.number(0) == 0 { return b }
        let count = a.number(0) + b.number(0)
        let weight = b.number(0) / count
        let distances = (1...means).map { b.number($0) - a.number($0) }
        let middle = (1...means).map { a.number($0).addingProduct(distances[$0 - 1], weight) }
        let sums = a.number(means + 1) + b.number(means + 1)
        let sum = sums.addingProduct(distances[0] * distances[means - 1], a.number(0) * weight)
        return Contribution([count] + middle + [sum])
    }
}

extension Contribution {
    fileprivate func number(_ component: Int) -> Double { Double(word: self[component]) }
    fileprivate init(_ numbers: [Double]) { self.init(numbers.map(\.word)) }
}
