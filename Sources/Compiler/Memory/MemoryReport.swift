import FoundationEssentials
import IR
import Source

/// Which arrays a program makes, how much of them lives at once, and what each loop reads and writes of memory: for
/// `pdlc explain --memory`.
public struct MemoryReport {
    private let walk: MemoryWalk
    private let sizes: Sizes
    private let known: [String: Int]

    /// `values`: sizes of the program, and P.
    public init(_ compilation: Compilation, values: [String: Int] = [:]) throws {
        let explanation = try Explanation(compilation, values: values)
        let module = try compilation.distributedAndLocal().local
        let (sizes, known) = (explanation.sizes(of: module), explanation.known)
        (self.sizes, self.known) = (sizes, known)
        walk = MemoryWalk(module) { array in
            // Sizes that nobody knows yet are large ones.
            var symbols = known
            symbols["P"] = known["P"] ?? 1
            return MemoryBytes(of: array.type, sizes).formula.value(symbols, unknown: 1000) ?? 0
        }
    }

    /// For people.
    public func text() -> String {
        var text = walk.made.isEmpty ? "No arrays are made.\n" : "Arrays, in bytes a rank:\n"
        for line in walk.made.map(line).countingNeighbours() { text += "  \(line)\n" }
        if let peak = walk.peak, !peak.arrays.isEmpty {
            let count = peak.arrays.count == 1 ? "1 array" : "\(peak.arrays.count) arrays"
            let bytes = bytes(peak.arrays).text(known)
            text += "Most of them live at \(place(peak.span)): \(count), \(bytes) bytes a rank.\n"
        }
        text += walk.passes.isEmpty ? "" : "Passes over memory, in bytes a rank:\n"
        for pass in walk.passes {
            text += "\(place(pass.span)): \(pass.span.file.line(pass.span.line).drop { $0 == " " })\n"
            for loop in pass.loops { text += "  \(loop.text)\n" }
            text += "  \(line(of: pass))\n"
        }
        return text + rounds()
    }

    private func place(_ span: Span) -> String { "\(span.file.path):\(span.line)" }

    private func bytes(_ arrays: [MemoryWalk.Made]) -> MemoryBytes {
        arrays.reduce(into: MemoryBytes()) { $0 += MemoryBytes(of: $1.type, sizes) }
    }

    /// `f64[/n, m]`.
    private func name(_ type: IRType) -> String {
        let divided = Set(type.placement.distribution.dividedAxes)
        let extents = type.dimensions.enumerated().map { axis, extent in
            "\(divided.contains(axis) ? "/" : "")\(sizes.formula(of: extent))"
        }
        return "\(type.element.map { "\($0)" } ?? "")[\(extents.joined(separator: ", "))]"
    }

    private func line(of array: MemoryWalk.Made) -> String {
        let margin = array.margin == 0 ? "" : ", and \(Self.rows(array.margin)) in front and behind for halos"
        let often = array.loops.isEmpty ? "" : "; \(array.loops.map(\.text).joined(separator: ", "))"
        let bytes = MemoryBytes(of: array.type, sizes).text(known)
        return "\(place(array.span)): \(name(array.type)), \(bytes)\(margin)\(often)"
    }

    private static func rows(_ count: Int) -> String { count == 1 ? "a row" : "\(count) rows" }

    private func line(of pass: MemoryWalk.Pass) -> String {
        var parts: [String] = []
        if !pass.reads.isEmpty { parts.append("reads \(names(pass.reads))") }
        if !pass.writes.isEmpty { parts.append("writes \(names(pass.writes))") }
        let sweeps = pass.sweeps > 1 ? "; up to \(pass.sweeps) sweeps at once" : ""
        return "\(parts.joined(separator: ", ")): \(bytes(pass.reads + pass.writes).text(known))\(sweeps)"
    }

    /// `2 f64[/n, m] and f64[m]`.
    private func names(_ arrays: [MemoryWalk.Made]) -> String {
        var counts: [(name: String, count: Int)] = []
        for name in arrays.map({ name($0.type) }) {
            if let index = counts.firstIndex(where: { $0.name == name }) {
                counts[index].count += 1
            } else {
                counts.append((name, 1))
            }
        }
        return counts.map { $0.count == 1 ? $0.name : "\($0.count) \($0.name)" }.joined(separator: " and ")
    }

    /// What a round of each loop comes to.
    private func rounds() -> String {
        var order: [[MemoryWalk.Loop]] = []
        for pass in walk.passes where !pass.loops.isEmpty && !order.contains(pass.loops) { order.append(pass.loops) }
        return order.map { loops in
            let passes = walk.passes.filter { $0.loops == loops }
            let reads = passes.flatMap(\.reads)
            let writes = passes.flatMap(\.writes)
            let count = passes.count == 1 ? "1 pass" : "\(passes.count) passes"
            let bytes = bytes(reads + writes).text(known)
            return "\(loops.map(\.text).joined(separator: ", ")): \(count), "
                + "reads \(reads.count) and writes \(writes.count) arrays, \(bytes) bytes a rank\n"
        }.joined()
    }

    /// An object for each array and each pass, for programs.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let arrays = walk.made.map { array in
            let bytes = MemoryBytes(of: array.type, sizes).formula
            return MemoryRecord(
                file: array.span.file.path, line: array.span.line, array: name(array.type), bytes: "\(bytes)",
                bytesNumber: bytes.number(known), circumstances: array.loops.map(\.text), haloRows: array.margin)
        }
        let passes = walk.passes.map { pass in
            let bytes = bytes(pass.reads + pass.writes).formula
            return MemoryRecord(
                file: pass.span.file.path, line: pass.span.line, reads: pass.reads.map { name($0.type) },
                writes: pass.writes.map { name($0.type) }, bytes: "\(bytes)", bytesNumber: bytes.number(known),
                circumstances: pass.loops.map(\.text), sweeps: pass.sweeps)
        }
        return try (arrays + passes).map { String(decoding: try encoder.encode($0), as: UTF8.self) + "\n" }.joined()
    }
}

extension [String] {
    /// Equal neighbours as one line, which says how many they are.
    fileprivate func countingNeighbours() -> [String] {
        var lines: [(text: String, count: Int)] = []
        for text in self {
            if lines.last?.text == text {
                lines[lines.count - 1].count += 1
            } else {
                lines.append((text, 1))
            }
        }
        return lines.map { $0.count == 1 ? $0.text : "\($0.text); \($0.count) of them" }
    }
}

/// A line of `pdlc explain --memory --diagnostics json`: an array, or a pass.
private struct MemoryRecord: Encodable {
    var file: String
    var line: Int
    var array: String?
    var reads, writes: [String]?
    var bytes: String
    var bytesNumber: Int?
    var circumstances: [String]
    var haloRows, sweeps: Int?
}
