import Compiler
import FoundationEssentials
import Playing
import Source

extension Playground {
    /// The program of a file that has a problem, alone and as small as it gets; nil when no program has it alone.
    func isolated(_ problem: Problem, _ sections: [Section], optimisation: Int) async throws -> (Section, Problem)? {
        let candidates = problem.suspects.isEmpty ? sections : problem.suspects
        for section in candidates {
            let name = "alone\(section.seed)"
            guard
                let own = try await self.problem(
                    of: [section], optimisation: optimisation, name: name, only: problem.play, seconds: 20),
                own.kind == problem.kind
            else { continue }
            return try await shrunk(section, own, optimisation: optimisation)
        }
        return nil
    }

    /// Takes every step that keeps the problem, until none does or patience ends.
    private func shrunk(_ section: Section, _ problem: Problem, optimisation: Int) async throws -> (Section, Problem) {
        var (section, problem) = (section, problem)
        var patience = 250
        var isSmaller = true
        while isSmaller, patience > 0 {
            isSmaller = false
            for statements in Statement.smaller(section.statements) where patience > 0 {
                var candidate = section
                candidate.statements = statements
                guard isWorthAPlay(candidate, problem) else { continue }
                patience -= 1
                let name = "smaller\(section.seed)"
                if let own = try await self.problem(
                    of: [candidate], optimisation: optimisation, name: name, only: problem.play, seconds: 10),
                    own.isLike(problem)
                {
                    (section, problem, isSmaller) = (candidate, own, true)
                    break
                }
            }
        }
        return (section, problem)
    }

    /// A program that is rejected for another reason than the problem's need not be played.
    private func isWorthAPlay(_ section: Section, _ problem: Problem) -> Bool {
        let compilation = Compilation(SourceFile(path: "candidate.pdl", Section.text([section])))
        return compilation.diagnostics.contains { $0.severity == .error } == (problem.kind == .rejected)
    }

    /// Keeps the program as a golden case. Its expectation is the interpreter's word: blessing it is for people to judge.
    func keep(_ section: Section, ranks: Int) throws -> String {
        let folder = "Tests/GoldenTests/Cases/generated"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let path = "\(folder)/\(section.seed).pdl"
        let compilation = Compilation(SourceFile(path: path, Section.text([section])))
        let expected = try? interpreted(compilation, ranks)
        let run = Run(ranks: [ranks])
        let lines = (expected?.asExpectation(of: run) ?? run).lines(directive: "#! run ranks=\(ranks)")
        let text = Section.text([section]) + lines.joined(separator: "\n") + "\n"
        try Files.write(Array(text.utf8), to: path)
        return path
    }
}
