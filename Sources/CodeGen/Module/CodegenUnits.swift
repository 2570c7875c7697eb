import IR
import LLVMSupport

/// The LLVM modules that a program is written into. A short program is one; a long one's functions are spread over several, in the
/// order of the program, so that they can be compiled side by side.
final class CodegenUnits {
    /// How many nodes a unit gets before the next one is begun.
    private static let limit = 2000

    let source: Module
    let options: CodeGenOptions
    let outlining: OutliningPlan
    let integers: [Value: Int]
    let margins: Margins
    /// Arrays that nothing else refers to where they are written.
    let unshared: Set<Value>
    /// Whether arrays may lie in a caller's memory: at any address, and with nothing around them that could be read.
    let hasForeignArrays: Bool
    /// Arrays that are a library's results as they are stored, and which.
    let results: [Value: Int]
    /// The loops that tell how far they have come.
    let reportingLoops: Set<Value>
    /// The loops over numbers that a profile knows, if one is made.
    let profiledLoops: Set<Value>
    private(set) var emitters: [Emitter] = []
    private var size = 0
    private var names: [String: Int] = [:]

    init(_ source: Module, _ options: CodeGenOptions) throws {
        self.source = source
        self.options = options
        outlining = OutliningPlan(source)
        integers = source.integerConstants
        margins = Margins(source)
        var unshared: Set<Value> = []
        var hasForeignArrays = false
        source.body.forEachNode { node in
            if case .argument = node.operation { hasForeignArrays = true }
            if case .result = node.operation { hasForeignArrays = true }
            if node.operation == .allocate || node.operation == .unshare { unshared.formUnion(node.results) }
        }
        (self.unshared, self.hasForeignArrays) = (unshared, hasForeignArrays)
        results = source.storedResults
        reportingLoops = source.reportingLoops
        profiledLoops = options.profile ? source.loopsOverNumbers : []
        emitters = [try Emitter(self)]
        try emitters[0].emitProgram()
        for emitter in emitters { try emitter.finish() }
    }

    func tellsProgress(_ loop: Node) -> Bool { loop.loopKey.map(reportingLoops.contains) ?? false }

    /// Who writes a function of so many nodes.
    func emitter(for size: Int) throws -> Emitter {
        self.size += size
        if self.size > Self.limit {
            self.size = size
            emitters.append(try Emitter(self))
        }
        return emitters[emitters.count - 1]
    }

    /// A name for what stands at a line: `pdl_main.12`; the next one there is `pdl_main.12.1`.
    func name(line: Int) -> String {
        let name = "\(options.symbol).\(line)"
        defer { names[name, default: 0] += 1 }
        return names[name].map { "\(name).\($0)" } ?? name
    }
}

extension Module {
    fileprivate var storedResults: [Value: Int] {
        body.nodes.reduce(into: [:]) { results, node in
            guard case .result(let index, let order) = node.operation, order == .plain else { return }
            let type = self.type(node.value)
            if !type.isScalar, type.placement != .root { results[node.value] = index }
        }
    }
}
