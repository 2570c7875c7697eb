import Compiler
import Playing
import Source

/// Holds `pdlc explain` and `pdlc run --count-messages` to each other: what a run has sent, by line and kind of call, must be what
/// the compiler says of it. Where a loop or a condition says how often, any number of rounds will do; where the data decides, the bound
/// must hold.
struct MessageComparison {
    /// What was counted of one kind of call on one line.
    struct Tally: Equatable {
        var count = 0
        var bytes = 0
    }

    struct Place: Hashable, Comparable {
        var file: String
        var line: Int
        var kind: String

        static func < (a: Place, b: Place) -> Bool { (a.file, a.line, a.kind) < (b.file, b.line, b.kind) }
    }

    let predicted: [Place: [PredictedCalls]]
    let counted: [Place: Tally]
    /// Whether the program reduces arrays over a grid of ranks.
    let isOverTiles: Bool

    init(predicted: [PredictedCalls], errors: [String], isOverTiles: Bool) {
        self.isOverTiles = isOverTiles
        self.predicted = Dictionary(grouping: predicted) { Place(file: $0.file, line: $0.line, kind: $0.kind) }
        var counted: [Place: Tally] = [:]
        for line in errors {
            guard let (place, tally) = Self.tally(line) else { continue }
            counted[place] = tally
        }
        self.counted = counted
    }

    /// `a.pdl:7: halo exchange 5 times, 30 messages, 1920 bytes`
    private static func tally(_ line: String) -> (Place, Tally)? {
        guard let match = line.wholeMatch(of: /(.+):(\d+): (halo exchange|MPI_\w+) (.+), (\d+) bytes/),
            let number = Int(match.2), let bytes = Int(match.5)
        else { return nil }
        let amount = String(match.4.split(separator: ", ").last ?? match.4)
        let count = amount == "once" ? 1 : Int(amount.prefix { $0 != " " }) ?? 0
        return (
            Place(file: String(match.1), line: number, kind: String(match.3)), Tally(count: count, bytes: bytes)
        )
    }

    /// What does not agree, for people.
    var problems: [String] {
        Set(predicted.keys).union(counted.keys).sorted().flatMap { place in
            problems(predicted[place] ?? [], counted[place] ?? Tally()).map {
                "\(place.file):\(place.line): \(place.kind): \($0)"
            }
        }
    }

    private func problems(_ said: [PredictedCalls], _ came: Tally) -> [String] {
        [
            problem(said, came, "calls", \.count, came.count, most: 2),
            problem(said, came, "bytes", \.bytes, came.bytes, most: mostGrowth),
        ].compactMap { $0 }
    }

    /// A part has at most 128 nodes, 16 times those that a record has room for at first; and the smaller call was made before. Over a
    /// grid of ranks it has at most 256: so many of 64 by 64 tiles lie at the rim of a rank's rectangle.
    private var mostGrowth: Int { isOverTiles ? 33 : 17 }

    private func problem(
        _ said: [PredictedCalls], _ came: Tally, _ unit: String, _ amount: KeyPath<PredictedCalls, Int?>, _ number: Int,
        most growth: Int
    ) -> String? {
        var (least, most) = (0, 0)
        for call in said {
            guard let value = call[keyPath: amount] else { return nil }
            if !call.mayBeLess, !call.isConditional { least += value }
            most += call.mayBeMore ? growth * value : value
        }
        let conditional = said.filter(\.isConditional)
        if conditional.isEmpty {
            let range = least == most ? "\(least)" : "\(least) to \(most)"
            return (least...most).contains(number) ? nil : "\(number) \(unit) were counted, explain says \(range)"
        }
        if number < least { return "\(number) \(unit) were counted, explain says \(least) or more" }
        if most == 0, number > 0 { return "\(number) \(unit) were counted, explain says none" }
        guard said.count == 1, !said[0].mayBeLess, !said[0].mayBeMore, most > 0 else { return nil }
        return number % most == 0 ? nil : "\(number) \(unit) were counted, explain says \(most) in each round"
    }
}

extension Golden {
    /// The numbers of ranks that explain is held to; one rank sends nothing.
    private static let ranks = [1, 2, 3, 4, 8]

    /// Compares for every chosen case that runs; the number of failed ones. `share`: every so many-th.
    func compareMessages(_ cases: [Case], share: Int) async throws -> Int {
        guard let player = players.first(where: { $0.mpi != nil }) else { throw UsageError("no MPI to count with") }
        let running = cases.filter { $0.kind != .block && $0.isRun && !$0.isLibrary }.enumerated()
            .filter { $0.offset % share == 0 }.map(\.element)
        let failures = try await eachInFolder(running) { item, folder in
            let trial = Trial(item: item, pdlc: pdlc, players: [player], cache: cache, folder: folder)
            return try await trial.messageProblems(player, ranks: Self.ranks)
        }
        print("messages of \(running.count) programs compared at \(Self.ranks) ranks, \(failures) failures")
        return failures
    }
}

extension Trial {
    /// What explain says of the case's first run, held to what that run sends.
    func messageProblems(_ player: Player, ranks: [Int]) async throws -> [String] {
        let compilation = Compilation(
            item.program, importer: { path, _ in Compilation.imported(path, from: Files.folder(of: item.path)) })
        guard !compilation.diagnostics.contains(where: { $0.severity == .error }),
            let run = item.directives.lazy.compactMap({ if case .run(let run) = $0.kind { run } else { nil } }).first
        else { return [] }
        let local = try compilation.steps().last?.module
        let isOverTiles = local.map { $0.body.count(of: "tileSide", in: $0) > 0 } ?? false
        let workspace = try await workspace(compilation)
        var problems: [String] = []
        for count in ranks {
            var values = ["P": count]
            for (name, value) in zip(run.arguments, run.arguments.dropFirst()) where name.hasPrefix("--") {
                values[String(name.dropFirst(2))] = Int(value)
            }
            let stage = try workspace.stage("counted on \(count)")
            let outcome = try await player.play(
                workspace, run, ranks: count, folder: stage, settings: ["PDL_COUNT_MESSAGES": "1"])
            // A run that fails counts nothing.
            guard outcome.exitCode == 0 else { continue }
            guard outcome.errors.contains(where: { $0.hasPrefix("Sent by ") }) else {
                problems.append("\(count) ranks: nothing was counted")
                continue
            }
            let predicted = try Explanation(compilation, values: values).predictedCalls()
            problems += MessageComparison(predicted: predicted, errors: outcome.errors, isOverTiles: isOverTiles)
                .problems
                .map { "\(count) ranks: \($0)" }
        }
        return problems
    }
}
