import FoundationEssentials
import IR
import Source

/// Where the time of a run went: by line of the program and by message, of each rank, beside what `pdlc explain` says of it.
public struct Profile: Encodable, Sendable {
    struct Line: Encodable, Sendable {
        var file: String
        /// 0: before and after the program's own lines.
        var line: Int
        var text: String
        /// How often the program came there, on the rank where it was most.
        var visits: Int
        /// Seconds of each rank.
        var computing, inMPI: [Double]
        /// Other lines whose work is done by the same loop.
        var fusedLines: [Int]

        var seconds: [Double] { zip(computing, inMPI).map(+) }
        var place: String { line == 0 ? "start and end" : "\(Files.name(of: file)):\(line)" }
    }

    /// What a line sent by one kind of MPI call.
    struct Sent: Encodable, Sendable {
        var file: String
        var line: Int
        var kind: String
        /// How often every rank called it; messages and bytes of all ranks together; seconds of each rank.
        var times, messages, bytes: Int
        var seconds: [Double]
        var predicted: [Prediction]
    }

    /// What explain says that a message of the line sends each time; nil: nobody knows before the run.
    struct Prediction: Encodable, Sendable {
        var count, bytes: Int?
        var isBound, mayRepeat, isConditional: Bool
    }

    /// `stretches`: begin, end and what of it was in MPI, in microseconds, and the line, an index in `lines`.
    struct Timeline: Encodable, Sendable {
        var rank: Int
        var stretches: [[Int]]
    }

    struct Text: Encodable, Sendable {
        var file: String
        var lines: [String]
    }

    var program: String
    var ranks: Int
    /// The ranks of which something is known; everything that is said of each rank is in their order.
    var measuredRanks: [Int]
    var hasEnded: Bool
    /// Where each rank was when the run ended before its end.
    var lastPlaces: [String]
    var seconds: [Double]
    var lines: [Line]
    var messages: [Sent]
    var timeline: [Timeline]
    var sources: [Text]

    /// What the ranks of a run left in the folder; nil where that is nothing.
    public init?(
        _ folder: ProfileFolder, of compilation: Compilation, ranks: Int, values: [String: Int]
    ) throws {
        let files = folder.files(ranks: ranks)
        guard !files.isEmpty else { return nil }
        program = Files.name(of: compilation.file.path)
        self.ranks = ranks
        measuredRanks = files.map(\.rank)
        hasEnded = files.count == ranks && files.allSatisfy(\.hasEnded)
        seconds = files.map(\.seconds)
        var known = values
        known["P"] = ranks
        let collector = try ProfileCollector(files, compilation, known)
        lines = collector.lines
        messages = collector.messages
        timeline = collector.timeline
        sources = collector.sources
        let places = collector.lines.map(\.place)
        lastPlaces = hasEnded ? [] : files.map { places[collector.line($0, $0.line)] }
    }

    /// One object, for programs.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
    }
}

/// Puts together what the ranks measured.
private struct ProfileCollector {
    struct Place: Hashable {
        var file: String
        var line: Int
    }

    private let files: [ProfileFile]
    private var numbers: [Place: Int] = [:]
    private(set) var lines: [Profile.Line] = []
    private(set) var messages: [Profile.Sent] = []
    private(set) var sources: [Profile.Text] = []

    init(_ files: [ProfileFile], _ compilation: Compilation, _ known: [String: Int]) throws {
        self.files = files
        let explanation = try Explanation(compilation, values: known)
        let predicted = Dictionary(grouping: explanation.predictedCalls()) { Place(file: $0.file, line: $0.line) }
        let texts = [compilation.file] + (try compilation.typed().imports)
        let fused = Self.fusedLines(try compilation.distributedAndLocal().local)
        let places = files.flatMap { $0.lines.map { Place(file: $0.file, line: $0.number) } }
        for place in Set(places).sorted(by: { ($0.file, $0.line) < ($1.file, $1.line) }) {
            let measured = files.map { file in
                file.lines.first { $0.file == place.file && $0.number == place.line }
            }
            numbers[place] = lines.count
            lines.append(
                Profile.Line(
                    file: place.file, line: place.line,
                    text: texts.first { $0.path == place.file }?.line(place.line) ?? "",
                    visits: measured.map { $0?.visits ?? 0 }.max() ?? 0,
                    computing: measured.map { $0?.computing ?? 0 },
                    inMPI: measured.map { $0?.communicating ?? 0 }, fusedLines: fused[place] ?? []))
            messages += sent(place, measured, predicted[place] ?? [])
        }
        sources = texts.filter { text in lines.contains { $0.file == text.path } || text === compilation.file }
            .map { text in Profile.Text(file: text.path, lines: (1...text.lineStarts.count).map { text.line($0) }) }
    }

    private func sent(
        _ place: Place, _ measured: [ProfileFile.Line?], _ predicted: [PredictedCalls]
    ) -> [Profile.Sent] {
        Message.Kind.allCases.enumerated().compactMap { number, kind in
            let calls = measured.compactMap { $0?.calls[number] }
            let (count, bytes) = (calls.reduce(0) { $0 + $1.count }, calls.reduce(0) { $0 + $1.bytes })
            let times =
                kind == .halo
                ? measured.map { $0?.exchanges ?? 0 }.max() ?? 0 : calls.map(\.count).max() ?? 0
            guard times > 0 else { return nil }
            return Profile.Sent(
                file: place.file, line: place.line, kind: kind.rawValue, times: times, messages: count, bytes: bytes,
                seconds: measured.map { $0?.calls[number].seconds ?? 0 },
                predicted: predicted.filter { $0.kind == kind.rawValue }.map {
                    Profile.Prediction(
                        count: $0.count, bytes: $0.bytes, isBound: $0.mayBeLess, mayRepeat: $0.mayBeMore,
                        isConditional: $0.isConditional)
                })
        }
    }

    /// The number of a file's line among all lines.
    func line(_ file: ProfileFile, _ index: Int) -> Int {
        numbers[Place(file: file.lines[index].file, line: file.lines[index].number)] ?? 0
    }

    var timeline: [Profile.Timeline] {
        func microseconds(_ seconds: Double) -> Int { Int((seconds * 1e6).rounded()) }
        return files.map { file in
            let numbers = file.lines.indices.map { line(file, $0) }
            return Profile.Timeline(
                rank: file.rank,
                stretches: file.stretches.filter { numbers.indices.contains($0.line) }.map {
                    [microseconds($0.begin), microseconds($0.end), microseconds($0.inMPI), numbers[$0.line]]
                })
        }
    }

    /// What the loops at a line do besides that line, of loops that no loop over elements is around.
    private static func fusedLines(_ module: Module) -> [Place: [Int]] {
        var lines: [Place: Set<Int>] = [:]
        module.body.forEachNode { node in
            guard case .loop = node.operation else { return }
            let place = Place(file: node.span.file.path, line: node.span.line)
            let others = (node.origins + node.yieldPlaces).filter { $0.file === node.span.file }.map(\.line)
            lines[place, default: []].formUnion(others.filter { $0 != place.line })
        }
        return lines.mapValues { $0.sorted() }
    }
}
