import IR
import Source

/// The reductions as the user wrote them, to say which of them share a message: fusion leaves one loop of several, whose yields
/// know where they were written.
enum WrittenReductions {
    /// The reductions whose values a message carries, in the order of its operands; a pair's two values are one.
    static func carried(by message: Node, in region: Region) -> [Span] {
        guard case .collective(let collective) = message.operation,
            [.allreduce, .reduce, .reduceScatter].contains(collective)
        else { return [] }
        var spans: [Span] = []
        var seen: Set<[Int]> = []
        for part in message.values {
            guard let index = region.nodes.firstIndex(where: { $0.results.contains(part) }),
                case .loop(let loop) = region.nodes[index].operation,
                let result = region.nodes[index].results.firstIndex(of: part),
                let yield = loop.yieldIndex(ofResult: result), seen.insert([index, yield]).inserted
            else { continue }
            spans.append(region.nodes[index].yieldPlaces[yield])
        }
        return spans
    }
}
