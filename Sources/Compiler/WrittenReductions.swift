import IR
import Language
import Source

/// The reductions as the user wrote them, to say which of them share a message: fusion leaves one loop, with one place, of several.
struct WrittenReductions {
    private var open: [(op: ReductionOperator, span: Span)] = []

    /// Reads them off the IR before any pass.
    init(_ module: Module) {
        var found: [(op: ReductionOperator, span: Span)] = []
        module.body.forEachNode { node in
            guard case .loop(let loop) = node.operation else { return }
            for case .reduction(let op) in loop.yields { found.append((op, node.span)) }
        }
        open = found
    }

    /// The reductions whose values a message carries. Asked in the order of the program.
    mutating func carried(by message: Node, in region: Region) -> [Span] {
        var spans: [Span] = []
        var seen: Set<Position> = []
        for part in message.operands {
            guard let index = region.nodes.firstIndex(where: { $0.results.contains(part) }),
                let result = region.nodes[index].results.firstIndex(of: part),
                let (op, number) = region.nodes[index].reduction(at: result),
                seen.insert(Position(loop: index, reduction: number)).inserted
            else { continue }
            spans.append(take(op, of: region.nodes[index], at: result) ?? region.nodes[index].span)
        }
        return spans
    }

    /// The first that has this operator and that the loop stands for, if possible one around what makes the contribution.
    private mutating func take(_ op: ReductionOperator, of loop: Node, at result: Int) -> Span? {
        let candidates = open.indices.filter { index in
            open[index].op == op
                && loop.origins.contains { $0.start == open[index].span.start && $0.end == open[index].span.end }
        }
        let contribution = loop.contribution(at: result)?.span
        let around = candidates.first { index in
            guard let contribution else { return false }
            return open[index].span.start <= contribution.start && contribution.end <= open[index].span.end
        }
        return (around ?? candidates.first).map { open.remove(at: $0).span }
    }

    private struct Position: Hashable {
        var loop: Int
        var reduction: Int
    }
}

extension Node {
    /// The reduction whose result stands at a position of a loop, and which of the loop's yields it is.
    fileprivate func reduction(at position: Int) -> (ReductionOperator, Int)? {
        guard case .loop(let loop) = operation else { return nil }
        var next = 0
        for (number, yield) in loop.yields.enumerated() {
            guard case .reduction(let op) = yield else {
                next += 1
                continue
            }
            if position < next + op.arity { return (op, number) }
            next += op.arity
        }
        return nil
    }

    /// What makes the value that a loop's body yields for a result.
    fileprivate func contribution(at position: Int) -> Node? {
        guard let body = regions.first, body.yielded.indices.contains(position) else { return nil }
        return body.nodes.first { $0.results.contains(body.yielded[position]) }
    }
}
