import Compiler
import FoundationEssentials
import IR
import Playing
import Source

/// One case put to the test: what it should have said, and what is wrong that no rewriting of the case would mend.
struct Trial {
    let item: Case
    let pdlc: String
    let players: [Player]
    let cache: Cache
    /// Where the case is played: `inputs` has its files, `plays` a folder for each play.
    let folder: String

    struct Verdict: Sendable {
        /// The case's text as it would have to be.
        var text: [String]
        var problems: [String] = []
    }

    func verdict() async throws -> Verdict {
        let compilation = Compilation(
            item.program, importer: { path, _ in Compilation.imported(path, from: item.home) })
        let diagnostics = item.isLibrary ? try LibraryCompilation.diagnostics(of: compilation) : compilation.diagnostics
        var verdict = Verdict(text: item.lines)
        let isValid = !diagnostics.contains { $0.severity == .error }
        if isValid { verdict.problems += try propertyProblems(compilation) }
        if item.isRun && !isValid {
            verdict.problems.append("has runs, but the program has errors")
        } else {
            try await play(compilation, &verdict)
        }
        if isValid == (item.kind == .faultyBlock), item.kind != .annotated {
            verdict.problems += isValid ? ["has no errors"] : diagnostics.map(DiagnosticRenderer(colour: false).render)
        }
        if item.kind == .annotated { verdict.text = annotated(verdict.text, diagnostics) }
        return verdict
    }

    /// The text with the diagnostics in their places and no others. Directives stand after the program, so no span moves.
    private func annotated(_ text: [String], _ diagnostics: [Diagnostic]) -> [String] {
        let own = text.filter { !Case.isErrorExpectation($0) }
        return ErrorExpectations(lines: own, diagnostics: diagnostics).annotated()
    }

    /// Round trips and counts of operations.
    private func propertyProblems(_ compilation: Compilation) throws -> [String] {
        var problems: [String] = []
        let steps = try compilation.steps()
        problems += roundTripProblems(steps)
        if item.kind == .sample, let step = steps.last {
            let left = IndexCheck.all(in: step.module).filter { $0.place.isInsideLoop && !$0.isOfData }
            problems += left.map { "an index is checked in a loop: \($0.span.text)" }
        }
        for count in item.counts {
            guard let step = steps.last(where: { $0.name == count.pass }) else {
                problems.append("there is no pass \(count.pass)")
                continue
            }
            let found = step.module.body.count(of: count.operation, in: step.module)
            if found != count.number {
                problems.append("after \(count.pass): \(found) \(count.operation), expected \(count.number)")
            }
        }
        return problems
    }

    /// Plays every directive; the text gets what was printed.
    private func play(_ compilation: Compilation, _ verdict: inout Verdict) async throws {
        guard item.directives.contains(where: { $0.run != nil }) else { return }
        let workspace = try await workspace(compilation)
        for (number, directive) in item.directives.enumerated().reversed() {
            let outcome: Outcome
            switch directive.kind {
            case .run(let run): outcome = try await play(run, "\(number)", workspace, &verdict.problems)
            case .command(let run):
                let command = [pdlc] + run.arguments.prefix(1) + [workspace.source] + run.arguments.dropFirst()
                outcome = Outcome(try await Tool.run(command, folder: try workspace.stage("\(number)")))
            case .shell(let line, _):
                var environment = players.lazy.compactMap(\.mpi).first?.runner.environment ?? [:]
                environment["PATH"] =
                    Files.folder(of: pdlc) + ":" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
                environment["PYTHON"] = try await NumPy.python()
                outcome = Outcome(
                    try await Tool.run(
                        ["timeout", "-k", "5", "120", "sh", "-c", line], environment: environment,
                        folder: try workspace.stage("\(number)")))
            default: continue
            }
            guard let run = directive.run else { continue }
            if item.kind == .block, outcome.exitCode != 0 { verdict.problems += ["fails:"] + outcome.lines }
            verdict.text.replaceSubrange(
                directive.lines,
                with: outcome.asExpectation(of: run).lines(directive: item.lines[directive.lines.lowerBound]))
        }
    }

    /// Plays a run by every player at every number of ranks; all must do what the first of them does.
    private func play(_ run: Run, _ name: String, _ workspace: Workspace, _ problems: inout [String]) async throws
        -> Outcome
    {
        var first: Outcome?
        for player in players {
            for ranks in run.ranks where ranks <= player.limit {
                let who = "\(player.name), \(ranks) ranks"
                let stage = try workspace.stage("\(name) \(who)")
                let outcome = try await player.play(workspace, run, ranks: ranks, folder: stage)
                problems += dataProblems(outcome, stage, who)
                if let first, outcome != first {
                    problems.append("\(who), says something else than the first player:")
                    problems += difference(first.lines, outcome.lines)
                }
                first = first ?? outcome
            }
        }
        guard let first else { throw UsageError("a run on no ranks") }
        return first
    }

    private func dataProblems(_ outcome: Outcome, _ stage: String, _ who: String) -> [String] {
        [
            NumPy.problem(in: outcome.output, folder: folder),
            NumPy.fileProblem(in: stage, reference: folder),
        ].compactMap { $0 }.map { "\(who): \($0)" }
    }

    func workspace(_ compilation: Compilation) async throws -> Workspace {
        var executables: [String: String] = [:]
        let objects = item.isRun ? try compilation.code().objects() : []
        for player in players where item.isRun {
            guard let mpi = player.mpi else { continue }
            let executable = "\(folder)/\(player.name).exe"
            try await Linker(cache: cache, toolchain: mpi.toolchain).link(
                objects: objects, fileKinds: try compilation.typed().fileKinds, to: executable)
            executables[player.name] = executable
        }
        // The interpreter reads the program, and what it imports, from its own folder.
        let imports = (try? compilation.typed().imports) ?? []
        for file in [item.program] + imports where !file.path.hasPrefix("<") {
            try Files.write(file.text, to: "\(folder)/inputs/\(Files.name(of: file.path))")
        }
        // Programs in other languages, which call what is made of the case: `kinds.c` of `kinds.pdl`.
        for (name, text) in item.companions { try Files.write(text, to: "\(folder)/inputs/\(name)") }
        return Workspace(pdlc: pdlc, source: item.program.path, folder: folder, executables: executables)
    }
}
