import FoundationEssentials

/// A profile as text: the lines that took most of the time, and all messages.
extension Profile {
    private static let mostLines = 25
    private static let widestSource = 70

    public func table() -> String {
        let whole = seconds.max() ?? 0
        var text = "\nProfile of \(program) on \(ranks) \(ranks == 1 ? "rank" : "ranks"): \(Self.decimal(whole, 3)) s"
        let inMPI = lines.flatMap(\.inMPI).reduce(0, +)
        let all = seconds.reduce(0, +)
        text += ranks == 1 ? "\n" : ", \(Self.percent(inMPI, of: all)) of it in MPI\n"
        text += unfinished
        text += "\n   seconds a rank\n     mean    least     most  share   MPI  line\n"
        let shown = lines.filter { $0.seconds.contains { $0 > 0 } }
            .sorted { Self.mean($0.seconds) > Self.mean($1.seconds) }
        for line in shown.prefix(Self.mostLines) { text += row(line, whole: all) }
        if shown.count > Self.mostLines { text += "  and \(shown.count - Self.mostLines) lines that took less\n" }
        guard !messages.isEmpty else { return text }
        text += "\n  seconds a rank, mean and most, of messages; times and bytes of all ranks together\n"
        for message in messages { text += row(message) }
        return text
    }

    /// What there is to say of a run that did not come to its end, or was seen in part.
    private var unfinished: String {
        var text = ""
        let missing = Set(0..<ranks).subtracting(measuredRanks).sorted()
        if !missing.isEmpty {
            text += "  nothing is known of \(missing.count == 1 ? "rank" : "ranks") "
            text += missing.map(String.init).joined(separator: ", ") + "\n"
        }
        for (rank, place) in zip(measuredRanks, lastPlaces) { text += "  rank \(rank) ended at \(place)\n" }
        return text
    }

    private func row(_ line: Line, whole: Double) -> String {
        let all = line.seconds.reduce(0, +)
        let columns = [
            Self.decimal(Self.mean(line.seconds), 9), Self.decimal(line.seconds.min() ?? 0, 9),
            Self.decimal(line.seconds.max() ?? 0, 9), Self.right(Self.percent(all, of: whole), 7),
            Self.right(Self.percent(line.inMPI.reduce(0, +), of: all), 6),
        ]
        let fused = line.fusedLines.isEmpty ? "" : " (with \(line.fusedLines.map(String.init).joined(separator: ", ")))"
        let source = line.text.drop { $0 == " " }.prefix(Self.widestSource)
        let ending = source.isEmpty ? "" : "  \(source)"
        return "\(columns.joined())  \(line.place)\(fused)\(ending)\n"
    }

    private func row(_ sent: Sent) -> String {
        let place = sent.line == 0 ? "start" : "\(Files.name(of: sent.file)):\(sent.line)"
        let messages = sent.kind == Message.Kind.halo.rawValue ? ", \(sent.messages) messages" : ""
        let times = sent.kind == Message.Kind.send.rawValue ? "\(sent.messages) messages" : Self.times(sent.times)
        return Self.decimal(Self.mean(sent.seconds), 9) + Self.decimal(sent.seconds.max() ?? 0, 9)
            + "  \(place)  \(sent.kind) \(times)\(messages), \(sent.bytes) bytes\(sent.prediction)\n"
    }

    private static func times(_ count: Int) -> String { count == 1 ? "once" : "\(count) times" }

    // MARK: Numbers

    private static func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(max(1, numbers.count)) }

    private static func percent(_ part: Double, of whole: Double) -> String {
        whole > 0 ? "\(Int((100 * part / whole).rounded())) %" : "0 %"
    }

    /// Three digits behind the point; six where that shows nothing.
    private static func decimal(_ number: Double, _ width: Int) -> String {
        let digits = number < 0.01 ? 6 : 3
        let scale = digits == 6 ? 1_000_000 : 1000
        let whole = Int((number * Double(scale)).rounded())
        let fraction = String(String(whole % scale + scale).dropFirst())
        return right("\(whole / scale).\(fraction)", width)
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}

extension Profile.Sent {
    /// What explain says of it: that it is so, or what it is each time.
    fileprivate var prediction: String {
        guard line > 0 else { return "" }
        guard !predicted.isEmpty else { return "; explain does not name it" }
        let said = predicted.compactMap(\.bytes)
        guard said.count == predicted.count else { return "; explain: as the data says" }
        let different = Set(said).sorted()
        let numbers = different.map(String.init).joined(separator: " or ")
        if different.count > 1 { return "; explain: \(numbers) each time" }
        if predicted.contains(where: \.isBound) { return "; explain: at most \(numbers) each time" }
        if bytes == different[0] * times {
            return times == 1 ? "; as explain says" : "; explain: \(times) x \(numbers)"
        }
        return "; explain: \(numbers) each time"
    }
}
