import Compiler
import FoundationEssentials
import Glibc
import Playing
import Source

/// Plays every golden case: `golden [--fast] [PART-OF-A-NAME ...]`. With PDL_BLESS=1 it rewrites the cases' expectations.
/// `golden --messages [--share N] [PART-OF-A-NAME ...]` compares what explain says of the cases with what they send, of every N-th.
/// `--fast` leaves out Open MPI, whose launcher takes most of the time. `golden --diagnostics-page` prints docs/diagnostics.md instead, made from what the cases show.
@main
struct Golden: Sendable {
    static func main() async {
        do { exit(try await run() == 0 ? 0 : 1) } catch {
            print("golden: \(error)")
            exit(1)
        }
    }

    /// The number of failures.
    private static func run() async throws -> Int {
        let arguments = CommandLine.arguments.dropFirst()
        let cases = try Case.all(in: "Tests/GoldenTests/Cases")
        if arguments.contains("--diagnostics-page") {
            print(try DiagnosticsPage(cases).text, terminator: "")
            return 0
        }
        let everything = try cases + Case.samples() + Case.inDocuments(["README.md"] + documents())
        let share = arguments.firstIndex(of: "--share").flatMap { Int(arguments[$0 + 1]) }
        let names = arguments.filter { !$0.hasPrefix("--") && (share == nil || $0 != String(share ?? 0)) }
        let chosen = everything.filter { item in names.isEmpty || names.contains { item.name.contains($0) } }
        let blesses = ProcessInfo.processInfo.environment["PDL_BLESS"] == "1"
        let golden = try await Golden(blesses: blesses, isFast: arguments.contains("--fast"))
        if arguments.contains("--messages") { return try await golden.compareMessages(chosen, share: share ?? 1) }
        var failures = try await golden.play(chosen)
        if names.isEmpty {
            let page = try DiagnosticsPage(cases)
            let (untried, unexplained) = (try page.untriedDiagnostics(), page.unexplained)
            if !untried.isEmpty { print("FAILED no case shows these diagnostics: \(untried.joined(separator: ", "))") }
            if !unexplained.isEmpty {
                print("FAILED docs/causes.txt and the cases differ in: \(unexplained.joined(separator: ", "))")
            }
            failures += untried.count + unexplained.count
        }
        print("golden cases: \(chosen.count) played, \(failures) failures")
        return failures
    }

    private static func documents() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "docs").filter { $0.hasSuffix(".md") }.sorted()
            .map { "docs/\($0)" }
    }

    /// How many cases are played at once: compiled programs wait for each other more than they compute.
    private static let width = 3

    let blesses: Bool
    let folder: String
    let pdlc: String
    let players: [Player]
    let cache: Cache

    private init(blesses: Bool, isFast: Bool) async throws {
        self.blesses = blesses
        pdlc = Files.folder(of: Files.absolute(CommandLine.arguments[0])) + "/pdlc"
        let temporary = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        folder = "\(temporary)/pdl-golden-\(ProcessInfo.processInfo.processIdentifier)"
        cache = try Cache()
        players = try await Player.all(cache, wrappers: isFast ? ["mpicc.mpich"] : Player.wrappers)
    }

    private func play(_ cases: [Case]) async throws -> Int {
        try await eachInFolder(cases) { item, folder in try await problems(of: item, in: folder) }
    }

    /// Looks at every case in a folder of its own, several at once, and prints what is wrong with each. The number of failed cases.
    func eachInFolder(_ cases: [Case], _ problems: @escaping @Sendable (Case, String) async throws -> [String])
        async throws
        -> Int
    {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let folders = try cases.indices.map { index in
            let path = "\(folder)/\(index)"
            try FileManager.default.createDirectory(atPath: path + "/inputs", withIntermediateDirectories: true)
            return path
        }
        try await NumPy.prepare(zip(cases, folders).map { ($0, folder: $1) })
        return await withTaskGroup(of: [String].self) { group in
            var failures = 0
            func report(_ lines: [String]?) {
                guard let lines, !lines.isEmpty else { return }
                failures += 1
                print(lines.joined(separator: "\n"))
            }
            for (index, item) in cases.enumerated() {
                if index >= Self.width { report(await group.next()) }
                group.addTask {
                    var lines: [String]
                    do { lines = try await problems(item, folders[index]) } catch { lines = ["\(error)"] }
                    return lines.isEmpty ? [] : ["FAILED \(item.name)"] + lines.map { "    \($0)" }
                }
            }
            for await lines in group { report(lines) }
            return failures
        }
    }

    /// What is wrong with a case, for people; empty when nothing is.
    private func problems(of item: Case, in folder: String) async throws -> [String] {
        let trial = Trial(item: item, pdlc: pdlc, players: players, cache: cache, folder: folder)
        let verdict = try await trial.verdict()
        guard verdict.text != item.lines, item.kind != .block else { return verdict.problems }
        if !blesses { return verdict.problems + difference(item.lines, verdict.text) }
        try Files.write(Array((verdict.text.joined(separator: "\n") + "\n").utf8), to: item.path)
        return verdict.problems
    }
}
