/// Every exchange that is started is finished in the same region, one after the other.
extension Verifier {
    /// `underway`: the exchange that the region shall finish. Between its two ends nothing communicates and nothing but the loop
    /// that finishes it mentions its arrays, whose rims are on their way.
    mutating func checkExchanges(in region: Region, underway: Node? = nil) {
        var underway = underway
        for node in region.nodes {
            if let start = underway {
                if node.finishes(start) {
                    underway = nil
                } else if node.operation == .yield {
                    fault("an exchange is not finished", start)
                    underway = nil
                } else if node.effects(in: module).contains(.communicates) {
                    fault("communication while an exchange is under way", node)
                } else if node.mentions(start.operands) {
                    fault("an array is used while its rims are on their way", node)
                }
            } else if node.operation == .finishExchange || node.inside != nil {
                fault("no such exchange is under way", node)
            }
            for (index, inner) in node.regions.enumerated() where index == 0 || node.inside == nil {
                checkExchanges(in: inner)
            }
            if case .startExchange = node.operation { underway = node }
        }
    }
}

extension Node {
    /// Whether that exchange is over behind the node: it waits for it, or is a loop that does.
    fileprivate func finishes(_ start: Node) -> Bool {
        if inside != nil {
            let between = regions[1].nodes
            return between.count == 2 && between[0].finishes(start) && between[1].operands.isEmpty
        }
        return operation == .finishExchange && operands == start.operands
    }

    /// Whether the node or its bodies use one of the values; to hold a reference more is no use.
    public func mentions(_ values: [Value]) -> Bool {
        if operation != .retain, operands.contains(where: values.contains) { return true }
        return regions.contains { $0.nodes.contains { $0.mentions(values) } }
    }
}
