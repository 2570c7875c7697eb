import Compiler
import Evaluation
import FoundationEssentials
import Playing
import Source

/// What is wrong with a file of generated programs.
struct Problem: Sendable {
    enum Kind: CaseIterable, Sendable {
        /// A program that ought to be accepted is not.
        case rejected
        /// The compiler does not work as it must.
        case fault
        /// A program that ought to succeed ends with an error.
        case failure
        case mismatch, hang

        var plural: String {
            switch self {
            case .rejected: "rejected"
            case .fault: "faults"
            case .failure: "failures"
            case .mismatch: "mismatches"
            case .hang: "hangs"
            }
        }
    }
    var kind: Kind
    /// What tells it from others of its kind: the diagnostics' ids, the messages without their numbers.
    var reason = ""
    /// The play that shows it; nil: none is needed.
    var play: Play?
    var lines: [String]
    /// The programs that it seems to come from.
    var suspects: [Section]

    func isLike(_ other: Problem) -> Bool { kind == other.kind && reason == other.reason }
}

/// One player on a number of ranks.
struct Play: Sendable, Equatable {
    var player: String
    var ranks: Int
}

/// Compiles files of generated programs and compares what their players print.
struct Playground: Sendable {
    let folder: String
    let cache: Cache
    let players: [Player]
    private static let ranks = [1, 2, 3, 4, 7]

    init() async throws {
        let temporary = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        folder = "\(temporary)/pdl-generated-\(ProcessInfo.processInfo.processIdentifier)"
        cache = try Cache()
        players = try await Player.all(cache).filter { $0.mpi != nil }.map { player in
            var player = player
            // Open MPI's waiting ranks give way to others; MPICH's spin.
            if player.limit > 2 { player.limit = 7 }
            return player
        }
    }

    /// The first thing that is wrong; `only`: on one play.
    func problem(
        of sections: [Section], optimisation: Int, name: String, only: Play? = nil, seconds: Int = 60
    ) async throws -> Problem? {
        let text = Section.text(sections)
        var options = Compilation.Options()
        options.optimisation = optimisation
        let compilation = Compilation(SourceFile(path: "\(name).pdl", text), options: options)
        let errors = compilation.diagnostics.filter { $0.severity == .error }
        guard errors.isEmpty else {
            let lines = errors.prefix(3).map(DiagnosticRenderer(colour: false).render)
            let ids = Set(errors.map(\.id)).sorted().joined(separator: " ")
            return Problem(kind: .rejected, reason: ids, lines: lines, suspects: [])
        }
        let stage = "\(folder)/\(name)"
        try FileManager.default.createDirectory(atPath: stage, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: stage) }
        // For whoever finds this process dead.
        try Files.write(Array(text.utf8), to: "\(stage)/\(name).pdl")
        let objects: [[UInt8]]
        do {
            let broken = try roundTripProblems(compilation.steps())
            if !broken.isEmpty { return Problem(kind: .fault, lines: broken, suspects: []) }
            objects = try compilation.code().objects()
        } catch {
            let message = "\(error)"
            let reason = message.prefix { $0 != "(" }.filter { !$0.isNumber && $0 != "%" }
            return Problem(kind: .fault, reason: String(reason), lines: [message], suspects: [])
        }
        var workspace = Workspace(pdlc: "", source: "", folder: stage, executables: [:])
        for player in players where only == nil || only?.player == player.name {
            guard let mpi = player.mpi else { continue }
            let executable = "\(stage)/\(player.name).exe"
            try await Linker(cache: cache, toolchain: mpi.toolchain).link(objects: objects, to: executable)
            workspace.executables[player.name] = executable
        }
        return try await disagreement(compilation, sections, workspace, only, seconds)
    }

    private func disagreement(
        _ compilation: Compilation, _ sections: [Section], _ workspace: Workspace, _ only: Play?, _ seconds: Int
    ) async throws -> Problem? {
        var first: Outcome?
        for ranks in Self.ranks where only == nil || only?.ranks == ranks || ranks == 1 {
            let expected = try interpreted(compilation, ranks)
            let fails = sections.contains { $0.fails }
            if fails, expected.exitCode == 0 {
                return Problem(kind: .failure, reason: "none", lines: ["it does not fail"], suspects: sections)
            }
            if !fails, expected.exitCode != 0 {
                let last = expected.output.last { $0.hasPrefix("== ") }
                let suspects = sections.filter { last == "== \($0.seed)" }
                let message = expected.errors.joined().drop { $0 != " " }.filter { !$0.isNumber }
                return Problem(
                    kind: .failure, reason: String(message), lines: expected.errors, suspects: suspects)
            }
            let one = first ?? expected
            first = one
            let (alone, together) = (Section.withoutRanks(one.output), Section.withoutRanks(expected.output))
            if alone != together || one.errors != expected.errors {
                return Problem(
                    kind: .mismatch, play: Play(player: "interpreter", ranks: ranks),
                    lines: difference(alone + one.errors, together + expected.errors),
                    suspects: Section.differing(sections, alone, together))
            }
            for player in players where ranks <= player.limit {
                let play = Play(player: player.name, ranks: ranks)
                guard only == nil || only == play else { continue }
                let outcome = try await player.play(
                    workspace, Run(), ranks: ranks, folder: workspace.folder, seconds: seconds)
                if outcome == expected { continue }
                return Problem(
                    kind: outcome.exitCode == Outcome.hung ? .hang : .mismatch, play: play,
                    lines: difference(expected.lines, outcome.lines),
                    suspects: Section.differing(sections, expected.output, outcome.output))
            }
        }
        return nil
    }

    func interpreted(_ compilation: Compilation, _ ranks: Int) throws -> Outcome {
        var (output, errors) = ("", "")
        let code = try Interpreter(
            program: compilation.typed(), ranks: ranks, output: { output += $0 }, errors: { errors += $0 }
        ).run()
        return Outcome(output: output, errors: errors, exitCode: Int(code))
    }
}
