import IR
import Language
import Source
import TypedTree

/// Holds what a program sends to what it expects of itself: `for … expect halo <= 1, allreduce <= 2 { … }`. Read off the distributed IR
/// after all passes, as `pdlc explain` is.
struct ContractCheck {
    /// How often something is sent, at most, and where; nil: nobody knows how often.
    fileprivate struct Sent {
        var count: Int? = 0
        var places: [(name: String, span: Span)] = []

        static func + (a: Sent, b: Sent) -> Sent {
            Sent(count: a.count.flatMap { count in b.count.map { count + $0 } }, places: a.places + b.places)
        }
        func isMore(than other: Sent) -> Bool { (count ?? .max) > (other.count ?? .max) }
    }

    private let module: Module
    private let sizes: Sizes
    private let constants: [Value: Int]

    init(_ module: Module) {
        self.module = module
        sizes = Sizes(module, names: [:], known: [:])
        constants = module.integerConstants
    }

    /// An error for each expectation that is broken, at the expectation.
    func faults(_ contracts: [Contract]) -> [Diagnostic] {
        var faults: [Diagnostic] = []
        for contract in contracts {
            let rounds = contract.loop.map(self.rounds) ?? [[module.body]]
            for limit in contract.limits {
                let most = rounds.map { sent(limit.message, in: $0) }
                let broken = most.first { ($0.count ?? .max) > limit.most }
                guard let broken else { continue }
                faults.append(.contractBroken(limit, broken, isLoop: contract.loop != nil))
            }
        }
        return faults
    }

    /// What is done in each round of the loop of this place, wherever it was written out.
    private func rounds(of loop: Span) -> [[Region]] {
        var found: [[Region]] = []
        module.body.forEachNode { node in
            guard node.bodies == .counted || node.bodies == .tested else { return }
            if node.span.coincides(with: loop) { found.append(node.regions) }
        }
        return found
    }

    private func sent(_ name: String, in regions: [Region]) -> Sent {
        regions.flatMap(\.nodes).reduce(Sent()) { $0 + sent(name, by: $1) }
    }

    private func sent(_ name: String, by node: Node) -> Sent {
        switch node.bodies {
        case .ways:
            let ways = node.regions.map { sent(name, in: [$0]) }
            return ways.max { $1.isMore(than: $0) } ?? Sent()
        case .counted, .tested:
            var round = sent(name, in: node.regions)
            if round.count != 0 { round.count = trips(of: node).flatMap { trips in round.count.map { $0 * trips } } }
            return round
        case .none, .fallback, .points, .writes, .swept:
            guard let cost = Cost(of: node, in: module, sizes), cost.isCalled(name) else { return Sent() }
            return Sent(count: 1, places: [(cost.operatorName, node.span)])
        }
    }

    /// How often a loop turns, where that is known.
    private func trips(of node: Node) -> Int? {
        guard node.bodies == .counted else { return nil }
        let range = node.range.ends.compactMap { constants[$0] }
        return range.count == 3 ? max(0, (range[1] - range[0] + range[2] - 1) / range[2]) : nil
    }
}

extension Cost {
    /// Whether a contract means it by this name.
    fileprivate func isCalled(_ name: String) -> Bool {
        switch name {
        case MessageNames.any: true
        case MessageNames.halo: operatorName == "halo exchange"
        default: operatorName == name
        }
    }
}

extension Diagnostic {
    fileprivate static func contractBroken(
        _ limit: Contract.Limit, _ sent: ContractCheck.Sent, isLoop: Bool
    ) -> Diagnostic {
        let place = isLoop ? "in a round of this loop" : "by this program"
        let often = sent.count.map { "\(times($0))" } ?? "as often as a loop turns"
        let most = limit.most == 0 ? "never" : "at most \(times(limit.most))"
        return Diagnostic(
            #function, "`\(limit.message)` is sent \(often) \(place), and expected \(most)", at: limit.span,
            notes: sent.places.map { Note("\($0.name), here", at: $0.span) })
    }

    private static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }
}
