import Compiler
import FoundationEssentials
import Glibc
import Playing
import Source

/// Plays programs made from seeds: `generated [--count 200] [--seed 1] [--mutants 2000] [--laundered 1500] [--print [--failing]]`.
///
/// Every program must print the same under both MPIs and in the interpreter at every number of ranks, and nothing may hang. One that does
/// not is made smaller and kept as a golden case. `--print` only shows the programs.
@main
struct Generated {
    static func main() async {
        do { exit(try await run() == 0 ? 0 : 1) } catch {
            print("generated: \(error)")
            exit(1)
        }
    }

    private static func option(_ name: String, _ standard: Int) throws -> Int {
        guard let place = CommandLine.arguments.firstIndex(of: name) else { return standard }
        guard place + 1 < CommandLine.arguments.count, let value = Int(CommandLine.arguments[place + 1]), value >= 0
        else { throw UsageError("\(name) wants a number") }
        return value
    }

    /// The number of failures.
    private static func run() async throws -> Int {
        let (count, seed) = (try option("--count", 200), try option("--seed", 1))
        let seeds = (0..<count).map { UInt64(seed + $0) }
        if CommandLine.arguments.contains("--print") {
            let fails = CommandLine.arguments.contains("--failing")
            print(Section.text(seeds.map { fails ? Section(failing: $0) : Section(seed: $0) }), terminator: "")
            return 0
        }
        let mutants = try option("--mutants", 2000)
        let laundered = try option("--laundered", 1500)
        let playground = try await Playground()
        try FileManager.default.createDirectory(atPath: playground.folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: playground.folder) }
        var generated = Generated(playground: playground)
        await generated.play(seeds)
        fflush(nil)
        var mutator = try Mutants(seed: UInt64(seed), folder: playground.folder)
        let (lines, accepted) = try mutator.problems(count: mutants)
        for line in lines { print(line) }
        print(
            "generated programs: \(count) on 1, 2, 3, 4, 7 ranks of Open MPI, 1, 2 of MPICH and the interpreter: "
                + Problem.Kind.allCases.map { "\(generated.found[$0, default: 0]) \($0.plural)" }.joined(
                    separator: ", "))
        print("mutants: \(mutants), \(accepted) accepted, \(lines.count) problems")
        let faults = await generated.playLaundered(laundered, seed: UInt64(seed), played: try option("--played", 50))
        return generated.found.values.reduce(0, +) + lines.count + faults
    }

    /// How many programs one file holds, how many files are played at once, and which part of the seeds make a failing program too.
    private static let (programs, width, failing) = (25, 2, UInt64(5))

    let playground: Playground
    var found: [Problem.Kind: Int] = [:]

    private mutating func play(_ seeds: [UInt64]) async {
        let files =
            stride(from: 0, to: seeds.count, by: Self.programs).map {
                seeds[$0..<min($0 + Self.programs, seeds.count)].map { Section(seed: $0) }
            } + seeds.filter { $0 % Self.failing == 0 }.map { [Section(failing: $0)] }
        await withTaskGroup(of: [Problem.Kind].self) { [playground] group in
            for (index, sections) in files.enumerated() {
                if index >= Self.width { note(await group.next() ?? []) }
                group.addTask { await Self.problems(sections, [3, 0, 2, 1][index % 4], playground) }
            }
            for await kinds in group { note(kinds) }
        }
    }

    /// Programs that use what only one rank knows, and the first of the accepted ones under MPI; the number of what is wrong.
    private func playLaundered(_ count: Int, seed: UInt64, played: Int) async -> Int {
        let laundered = RankDependence(count: count, seed: seed)
        for line in laundered.problems { print(line) }
        fflush(nil)
        let sections = laundered.sections(count: played)
        var problems = laundered.problems.count
        for start in stride(from: 0, to: sections.count, by: Self.programs) {
            let file = Array(sections[start..<min(start + Self.programs, sections.count)])
            problems += await Self.problems(file, 3, playground).count
        }
        print(
            "rank-dependent values: \(count) programs, \(laundered.accepted.count) accepted, \(sections.count) of them played, \(problems) problems"
        )
        return problems
    }

    private mutating func note(_ kinds: [Problem.Kind]) { for kind in kinds { found[kind, default: 0] += 1 } }

    /// Plays a file; a program that has a problem is reported and taken out, and the rest played again.
    private static func problems(_ sections: [Section], _ optimisation: Int, _ playground: Playground) async
        -> [Problem.Kind]
    {
        var sections = sections
        let name = "\(sections[0].fails ? "fails" : "from")\(sections[0].seed)"
        var kinds: [Problem.Kind] = []
        do {
            while !sections.isEmpty,
                let problem = try await playground.problem(
                    of: sections, optimisation: optimisation, name: name)
            {
                kinds.append(problem.kind)
                guard
                    let (culprit, own) = try await playground.isolated(problem, sections, optimisation: optimisation)
                else {
                    let place = problem.play.map { " (\($0.player), \($0.ranks) ranks)" } ?? ""
                    print(
                        "FAILED together only: \(problem.kind)\(place), seeds \(sections.map(\.seed)), -O\(optimisation)"
                    )
                    for line in problem.lines { print("    \(line)") }
                    break
                }
                sections.removeAll { $0.seed == culprit.seed }
                try report(culprit, own, optimisation, playground)
            }
        } catch {
            print("FAILED seeds \(sections.map(\.seed)): \(error)")
            kinds.append(.fault)
        }
        return kinds
    }

    private static func report(_ section: Section, _ problem: Problem, _ optimisation: Int, _ playground: Playground)
        throws
    {
        let place = problem.play.map { " (\($0.player), \($0.ranks) ranks)" } ?? ""
        let kept = try playground.keep(section, ranks: problem.play?.ranks ?? 1)
        print("FAILED \(problem.kind) of seed \(section.seed)\(place), -O\(optimisation), kept as \(kept)")
        print(Section.text([section]), terminator: "")
        for line in problem.lines.prefix(30) { print("    \(line)") }
        fflush(nil)
    }
}
