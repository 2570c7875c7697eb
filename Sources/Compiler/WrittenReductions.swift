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

    /// Which values share a message, where several do. Asked in the order of the program.
    mutating func mergers(of node: Node, in region: Region) -> [String] {
        guard node.operation == .collective(.allreduce) else { return [] }
        var described: [String] = []
        var seen: Set<Position> = []
        for part in node.operands {
            guard let index = region.nodes.firstIndex(where: { $0.results.contains(part) }),
                let result = region.nodes[index].results.firstIndex(of: part),
                let (op, number) = region.nodes[index].reduction(at: result),
                seen.insert(Position(loop: index, reduction: number)).inserted
            else { continue }
            let span = take(op, region.nodes[index].contribution(at: result)?.span) ?? region.nodes[index].span
            described.append("`\(span.text)` (line \(span.line))")
        }
        guard described.count > 1 else { return [] }
        return ["one message for \(described.joined(separator: ", ")): none of them needs another's result"]
    }

    /// The first one not taken yet that has this operator, if possible one around the contribution's place.
    private mutating func take(_ op: ReductionOperator, _ contribution: Span?) -> Span? {
        let around = open.firstIndex { candidate in
            guard let contribution, candidate.op == op else { return false }
            return candidate.span.start <= contribution.start && contribution.end <= candidate.span.end
        }
        guard let index = around ?? open.firstIndex(where: { $0.op == op }) else { return nil }
        return open.remove(at: index).span
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
