import IR

/// The order of the passes.
public enum Pipeline {
    public static let passes: [Pass] = global + [distribute] + distributed + [lowerToRank] + local

    static let distribute = Pass(
        "distribute", "Make the combination of divided reductions explicit.", from: .global, to: .distributed
    ) { try Distribute().run($0) }

    static let lowerToRank = Pass(
        "lower-to-rank", "Cut loops to each rank's own indices; place arrays in memory.", from: .distributed, to: .local
    ) { try LowerToRank().run($0) }

    static let global: [Pass] = [
        Pass(SimplifyScalars.self, .global),
        Pass(UpdatesToLoops.self, .global),
        Pass(HoistInvariants.self, .global),
        Pass(EliminateCommonSubexpressions.self, .global),
        Pass(RemoveDeadCode.self, .global),
        Pass(InlineFormulas.self, .global),
        Pass(FuseLoops.self, .global),
        Pass(PlaceScatteredLoops.self, .global),
        Pass(InlineFormulas.self, .global),
        Pass(FuseLoops.self, .global),
        Pass(EliminateCommonSubexpressions.self, .global),
        Pass(RemoveDeadCode.self, .global),
    ]

    static let distributed: [Pass] = [
        Pass(GatherSlices.self, .distributed),
        Pass(FuseLoops.self, .distributed),
        Pass(MergeReductions.self, .distributed),
        Pass(MergeHalos.self, .distributed),
        Pass(EliminateCommonSubexpressions.self, .distributed),
        Pass(RemoveDeadCode.self, .distributed),
    ]

    /// Runs after `lower-to-rank` when the user asks for it.
    static let dropChecks = Pass(DropChecks.self, .local)

    /// Left out when the user asks for it.
    static let tileSweeps = Pass(TileSweeps.self, .local)

    /// The same for a processor whose second-level cache has so many bytes.
    private static func tileSweeps(cacheBytes: Int) -> Pass {
        Pass(TileSweeps.self, .local) { try TileSweeps.run(&$0, cacheBytes: cacheBytes) }
    }

    static let local: [Pass] = [
        Pass(SimplifyScalars.self, .local),
        Pass(EliminateCommonSubexpressions.self, .local),
        Pass(HoistChecks.self, .local),
        Pass(SimplifyScalars.self, .local),
        Pass(HoistInvariants.self, .local),
        Pass(EliminateCommonSubexpressions.self, .local),
        Pass(RemoveDeadCode.self, .local),
        Pass(ReuseBuffers.self, .local),
        tileSweeps,
        Pass(OverlapHalos.self, .local),
    ]

    /// How far to go.
    public enum Stop: Hashable, Sendable {
        case end
        /// All passes of that stage, as the next would find the module.
        case stage(Stage)
        /// The last pass of that name.
        case pass(String)
    }

    /// What the user leaves out.
    public struct Omissions: OptionSet, Sendable {
        public let rawValue: Int
        public init(rawValue: Int) { self.rawValue = rawValue }
        /// Checks of indices at run time.
        public static let checks = Omissions(rawValue: 1)
        /// Several sweeps at once.
        public static let timeTiling = Omissions(rawValue: 2)
    }

    /// What the user wants, and what the processor is like.
    public struct Options: Sendable {
        /// false: only what later floors need.
        public var optimise: Bool
        public var omissions: Omissions
        /// Of a core's second-level cache.
        public var cacheBytes: Int

        public init(optimise: Bool = true, omissions: Omissions = [], cacheBytes: Int = 1 << 20) {
            (self.optimise, self.omissions, self.cacheBytes) = (optimise, omissions, cacheBytes)
        }
    }

    /// Runs the passes in order; the verifier runs before the first and after each, and what it finds names the pass at fault.
    /// `observe` sees the module after each pass.
    public static func run(
        _ module: inout Module, to stop: Stop = .end, _ options: Options = Options(),
        observe: (Pass, Module) -> Void = { _, _ in }
    ) throws(IRFault) {
        module = module.renumbered()
        try verify(module, after: "the lowering")
        for pass in try passes(to: stop).flatMap({ steps(of: $0, options) }) {
            guard pass.stage == module.stage else {
                throw IRFault("the pass \(pass.name) found the \(module.stage.rawValue) stage")
            }
            do {
                try pass.run(&module)
            } catch {
                throw IRFault("in the pass \(pass.name): \(error)", at: (error as? IRFault)?.span)
            }
            module = module.renumbered()
            try verify(module, after: "the pass \(pass.name)")
            observe(pass, module)
        }
    }

    /// What is run for a pass.
    private static func steps(of pass: Pass, _ options: Options) -> [Pass] {
        if pass.name == lowerToRank.name, options.omissions.contains(.checks) { return [pass, dropChecks] }
        guard options.optimise || pass.isEssential else { return [] }
        guard pass.name == tileSweeps.name else { return [pass] }
        return options.omissions.contains(.timeTiling) ? [] : [tileSweeps(cacheBytes: options.cacheBytes)]
    }

    private static func passes(to stop: Stop) throws(IRFault) -> ArraySlice<Pass> {
        switch stop {
        case .end: return passes[...]
        case .stage(let stage):
            let leaving = passes.firstIndex { $0.stage == stage && $0.isEssential }
            return passes[..<(leaving ?? passes.endIndex)]
        case .pass(let name):
            guard let last = passes.lastIndex(where: { $0.name == name }) else {
                throw IRFault("there is no pass \(name)")
            }
            return passes[...last]
        }
    }

    private static func verify(_ module: Module, after step: String) throws(IRFault) {
        let faults = Verifier.faults(in: module)
        guard let first = faults.first else { return }
        throw IRFault("after \(step): \(first.message)", at: first.span)
    }
}
