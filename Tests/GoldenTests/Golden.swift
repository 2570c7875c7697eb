import Compiler
import FoundationEssentials
import Glibc
import Playing
import Source

/// Plays every golden case: `golden [--fast] [PART-OF-A-NAME ...]`. With PDL_BLESS=1 it rewrites the cases' expectations.
/// `--fast` leaves out Open MPI, whose launcher takes most of the time. `golden --diagnostics-page` prints docs/diagnostics.md instead, made from what the cases show.
@main
struct Golden {
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
            print(DiagnosticsPage(cases).text, terminator: "")
            return 0
        }
        let everything = try cases + Case.samples() + Case.inDocuments(["README.md"] + documents())
        let names = arguments.filter { $0 != "--fast" }
        let chosen = everything.filter { item in names.isEmpty || names.contains { item.name.contains($0) } }
        let blesses = ProcessInfo.processInfo.environment["PDL_BLESS"] == "1"
        var failures = try await Golden(blesses: blesses, isFast: names.count < arguments.count).play(chosen)
        if names.isEmpty {
            let untried = try DiagnosticsPage(cases).untriedDiagnostics()
            if !untried.isEmpty { print("FAILED no case shows these diagnostics: \(untried.joined(separator: ", "))") }
            failures += untried.count
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

    /// The number of failed cases; prints what is wrong with each.
    private func play(_ cases: [Case]) async throws -> Int {
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
                group.addTask { await problems(of: item, in: folders[index]) }
            }
            for await lines in group { report(lines) }
            return failures
        }
    }

    /// What is wrong with a case, for people; empty when nothing is.
    private func problems(of item: Case, in folder: String) async -> [String] {
        var lines: [String]
        do {
            let trial = Trial(item: item, pdlc: pdlc, players: players, cache: cache, folder: folder)
            let verdict = try await trial.verdict()
            lines = verdict.problems
            if verdict.text != item.lines, item.kind != .block {
                if blesses {
                    try Files.write(Array((verdict.text.joined(separator: "\n") + "\n").utf8), to: item.path)
                } else {
                    lines += difference(item.lines, verdict.text)
                }
            }
        } catch {
            lines = ["\(error)"]
        }
        return lines.isEmpty ? [] : ["FAILED \(item.name)"] + lines.map { "    \($0)" }
    }
}
