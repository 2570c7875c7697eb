import ArgumentParser
import Compiler

extension Scheduler: ExpressibleByArgument {}

extension Walltime: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }
}

/// What `pdlc job` and `pdlc engines` ask of a scheduler.
struct BatchOptions: ParsableArguments {
    @Option(name: [.customShort("n"), .long], help: "How many ranks.")
    var ranks: Int

    @Option(help: "On how many nodes; else the scheduler chooses.")
    var nodes: Int?

    @Option(help: "How long it may run: HH:MM:SS.")
    var walltime: Walltime?

    @Option(help: "The queue or partition.")
    var queue: String?

    @Option(help: "The account or project that pays.")
    var account: String?

    @Option(help: "A module to load first; may stand several times.")
    var module: [String] = []

    mutating func validate() throws {
        guard ranks >= 1 else { throw ValidationError("a job has one rank or more, not \(ranks)") }
        if let nodes, nodes < 1 || nodes > ranks {
            throw ValidationError("\(ranks) ranks cannot run on \(nodes) nodes")
        }
    }

    var request: BatchRequest {
        var request = BatchRequest(ranks: ranks)
        (request.nodes, request.walltime) = (nodes, walltime)
        (request.queue, request.account, request.modules) = (queue, account, module)
        return request
    }
}
