import Compiler
import Source

extension Analysis {
    /// Behind each line what it sends: `allreduce, 208 B`. What imported functions send stands behind their `import`.
    func inlayHints(in range: TextRange, _ messages: [ExplainedMessage]) -> [InlayHint] {
        var lists: [Int: [ExplainedMessage]] = [:]
        for message in messages {
            guard let place = message.span.file === file ? message.span : importStatement(of: message.span.file) else {
                continue
            }
            lists[lines.position(of: place.start).line, default: []].append(message)
        }
        return lists.keys.sorted().filter { range.start.line <= $0 && $0 <= range.end.line }.map { line in
            let sent = lists[line] ?? []
            return InlayHint(
                position: lines.position(of: lines.endOfLine(line)), label: Self.label(sent),
                tooltip: MarkupContent(sent.map(\.described).joined(separator: "\n\n")))
        }
    }

    /// Equal ones are counted: `2 × allreduce, 208 B`.
    private static func label(_ messages: [ExplainedMessage]) -> String {
        var counts: [(label: String, count: Int)] = []
        for message in messages {
            if let index = counts.firstIndex(where: { $0.label == message.label }) {
                counts[index].count += 1
            } else {
                counts.append((message.label, 1))
            }
        }
        return counts.map { $0.count == 1 ? $0.label : "\($0.count) × \($0.label)" }.joined(separator: "; ")
    }
}
