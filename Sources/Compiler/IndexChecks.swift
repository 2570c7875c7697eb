import IR
import Source

/// A test of an index that is left in the code of a program.
public struct IndexCheck: Hashable, Sendable {
    public enum Place: Hashable, Sendable {
        /// For all elements at once, before the loop of that line.
        case ahead(of: Int)
        /// For every element that the loop of that line computes, before a loop inside it.
        case aheadInside(Int)
        /// For every element that the data-parallel loop of that line computes.
        case everyElement(of: Int)
        /// Each round of the sequential loop of that line.
        case everyRound(of: Int)
        case once
    }
    public var span: Span
    public var axis: Int
    public var place: Place
    /// Whether the index was read from an array, `x[idx[i]]`, or runs between what was: `for e in start[r]..start[r + 1]`.
    public var isOfData: Bool
    /// The sequential loops around a data-parallel one, by line, outermost first.
    public var rounds: [Int] = []

    /// Every check of a program of the local stage, in the order of the code.
    public static func all(in module: Module) -> [IndexCheck] {
        var finder = Finder()
        module.body.forEachNode { finder.note($0) }
        finder.visit(module.body, at: .once, [])
        return finder.checks
    }

    private struct Finder {
        var checks: [IndexCheck] = []
        var definitions: [Value: Node] = [:]
        /// What decides about the values of a loop's index, or about what a `while` carries from round to round.
        var sources: [Value: [Value]] = [:]

        mutating func note(_ node: Node) {
            for result in node.results { definitions[result] = node }
            switch node.bodies {
            case .counted:
                if let index = node.regions[0].arguments.first { sources[index] = node.range.ends }
            case .tested:
                for (value, next) in zip(node.regions[1].arguments, node.regions[1].yielded) { sources[value] = [next] }
            case .points, .writes, .none, .ways, .fallback, .swept:
                let ranges = IterationSpace(of: node)?.ranges ?? []
                for (index, range) in zip(node.regions.first?.arguments ?? [], ranges) { sources[index] = range.ends }
            }
        }

        mutating func visit(_ region: Region, at place: Place, _ rounds: [Int]) {
            for node in region.nodes {
                let line = node.span.line
                if case .checkIndex(let axis) = node.operation {
                    note(
                        IndexCheck(
                            span: node.span, axis: axis, place: place, isOfData: isOfData(node.index), rounds: rounds))
                }
                switch node.bodies {
                case .fallback:
                    if case .everyElement(let outer) = place {
                        visit(node, at: .aheadInside(outer), rounds)
                    } else {
                        visit(node, at: place.isOutsideLoops ? .ahead(of: line) : place, rounds)
                    }
                case .points where place.isOutsideLoops: visit(node, at: .everyElement(of: line), rounds)
                case .counted where place.isOutsideLoops, .tested where place.isOutsideLoops:
                    visit(node, at: .everyRound(of: line), rounds + [line])
                case .points, .counted, .tested, .none, .ways, .writes, .swept: visit(node, at: place, rounds)
                }
            }
        }

        private mutating func note(_ check: IndexCheck) {
            if !checks.contains(where: { $0 == check && $0.span.coincides(with: check.span) }) { checks.append(check) }
        }

        private func isOfData(_ index: Value) -> Bool {
            var seen: Set<Value> = []
            return isOfData(index, &seen)
        }

        private func isOfData(_ value: Value, _ seen: inout Set<Value>) -> Bool {
            guard seen.insert(value).inserted else { return false }
            if let sources = sources[value] { return sources.contains { isOfData($0, &seen) } }
            guard let node = definitions[value] else { return false }
            if node.operation == .read { return true }
            return (node.operands + node.regions.flatMap(\.yielded)).contains { isOfData($0, &seen) }
        }

        private mutating func visit(_ node: Node, at place: Place, _ rounds: [Int]) {
            for region in node.regions { visit(region, at: place, rounds) }
        }
    }
}

extension IndexCheck.Place {
    /// Whether no data-parallel loop is around.
    fileprivate var isOutsideLoops: Bool {
        switch self {
        case .once, .everyRound: true
        case .ahead, .aheadInside, .everyElement: false
        }
    }

    /// Whether the code of a data-parallel loop's body stands there.
    public var isInsideLoop: Bool { if case .everyElement = self { true } else { false } }
}

extension IndexCheck {
    /// A line for people.
    var text: String {
        var times: [String] =
            switch place {
            case .once: ["once"]
            case .everyRound: []
            case .ahead(let line): ["once ahead of the loop of line \(line)"]
            case .aheadInside(let line): ["ahead of an inner loop", "for every element of the loop of line \(line)"]
            case .everyElement(let line): ["for every element", "inside the loop of line \(line)"]
            }
        times += rounds.map { "each round of the loop of line \($0)" }
        if place.isInsideLoop, isOfData { times.append("because the data says which") }
        let text = span.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let shown = text.count <= 60 ? text : "\(text.prefix(57))..."
        return "line \(span.line): axis \(axis) of `\(shown)`: \(times.joined(separator: ", "))"
    }
}
