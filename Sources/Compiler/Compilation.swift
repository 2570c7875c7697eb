import Checking
import CodeGen
import Desugaring
import FoundationEssentials
import IR
import Lowering
import Passes
import Source
import Syntax
import TypedTree

/// One program on its way from text to code. Checking happens at once; what lies behind it when it is asked for.
public struct Compilation: Sendable {
    public struct Options: Hashable, Sendable {
        /// 0 to 3, as in -O3.
        public var optimisation = 3
        /// Line information for a debugger.
        public var debugInfo = false
        /// Measure at run time where time goes.
        public var profile = false
        /// Leave out the checks that indices are in range.
        public var unchecked = false
        /// Do several sweeps of a stencil in one visit to memory.
        public var timeTiling = true
        /// The processor that code is made for.
        public var target = Target.native
        public init() {}
    }

    public typealias FileImporter = @Sendable (_ path: String, _ importing: SourceFile) -> SourceFile?

    public let file: SourceFile
    /// Finds the files that it imports.
    let importer: FileImporter
    public let options: Options
    /// What was written; statements that could not be read are `invalid`.
    public let tree: Program
    /// Everything that there is to say about the program, in source order.
    public let diagnostics: [Diagnostic]
    private let watch: Stopwatch?
    private let checked: TypedProgram?
    private let core: TypedProgram?
    private let lowered: Result<Module, any Error>?

    /// `importer` finds the files that it imports: without one they stand beside the importing file. `observations` are told what the
    /// checker finds out, even of a program that could not be read whole.
    public init(
        _ file: SourceFile, options: Options = Options(), importer: @escaping FileImporter = Self.besideTheImporter,
        watch: Stopwatch? = nil, observations: Observations? = nil
    ) {
        self.file = file
        self.options = options
        self.watch = watch
        self.importer = importer
        let (tree, mistakes) = parse(file)
        self.tree = tree
        watch?.lap("parse")
        let isReadable = !mistakes.contains { $0.severity == .error }
        guard isReadable || observations != nil else {
            (diagnostics, checked, core, lowered) = (mistakes, nil, nil, nil)
            return
        }
        let (program, remarks) = check(tree, file: file, importer: importer, observations: observations)
        watch?.lap("check")
        guard isReadable else {
            (diagnostics, checked, core, lowered) = (mistakes, nil, nil, nil)
            return
        }
        core = program.map(desugar)
        watch?.lap("desugar")
        lowered = core.map { core in Result { try lower(core, namesVariables: options.namesVariables) } }
        watch?.lap("lower")
        // What the lowering refuses is as much a mistake in the program as what the checker refuses.
        var faults: [Diagnostic] = []
        if case .failure(let refusal as Diagnostic) = lowered { faults = [refusal] }
        if case .success(let module) = lowered, let contracts = program?.contracts, !contracts.isEmpty {
            faults = Self.broken(contracts, module)
        }
        (diagnostics, checked) = (mistakes + remarks + faults, faults.isEmpty ? program : nil)
    }

    /// The contracts that the program breaks, at any level of optimisation as at the highest. Faults of the compiler come when it is built.
    static func broken(_ contracts: [Contract], _ lowered: Module) -> [Diagnostic] {
        var module = lowered.renumbered()
        guard (try? Pipeline.run(&module, to: .stage(.distributed))) != nil else { return [] }
        return ContractCheck(module).faults(contracts)
    }

    /// `import "name.pdl"` names a file beside the one that it stands in.
    public static func besideTheImporter(_ path: String, _ file: SourceFile) -> SourceFile? {
        imported(path, from: file.path.contains("/") ? Files.folder(of: file.path) : "")
    }

    /// The file of that path, which a relative one names in the folder.
    public static func imported(_ path: String, from folder: String) -> SourceFile? {
        let path = path.hasPrefix("/") || folder.isEmpty ? path : "\(folder)/\(path)"
        guard let text = Files.read(path) else { return nil }
        return SourceFile(path: path, text: text)
    }

    /// - Throws: `ProgramErrors` when the program has any.
    public func typed() throws -> TypedProgram {
        guard let checked else { throw ProgramErrors(diagnostics) }
        return checked
    }

    /// The program in the core of the language.
    public func desugared() throws -> TypedProgram {
        guard checked != nil, let core else { throw ProgramErrors(diagnostics) }
        return core
    }

    /// The IR before any pass.
    public func global() throws -> Module {
        guard checked != nil, let lowered else { throw ProgramErrors(diagnostics) }
        return try lowered.get()
    }

    /// The IR after one pass.
    public struct Step: Sendable {
        public var name: String
        public var module: Module
    }

    /// The IR as it was lowered (named "lower") and after every pass up to `stop`, in order.
    public func steps(to stop: Pipeline.Stop = .end) throws -> [Step] {
        var module = try global().renumbered()
        var steps = [Step(name: "lower", module: module)]
        try Pipeline.run(&module, to: stop, options.pipeline) { pass, module in
            steps.append(Step(name: pass.name, module: module))
        }
        return steps
    }

    /// The IR that code is made of.
    public func local() throws -> Module {
        var module = try global()
        try Pipeline.run(&module, options.pipeline) { pass, _ in
            watch?.lap("pass \(pass.name)")
        }
        return module
    }

    public func code() throws -> GeneratedCode {
        let code = try CodeGenerator.generate(local(), options: options.codeGeneration())
        watch?.lap("llvm")
        return code
    }

    /// Builds `output`, whole or not at all.
    public func build(to output: String, toolchain: Toolchain, cache: Cache) async throws {
        let objects = try code().objects()
        watch?.lap("machine code")
        let linker = Linker(
            cache: cache, toolchain: toolchain, target: options.target, isProfiled: options.profile)
        try await linker.link(objects: objects, fileKinds: try typed().fileKinds, to: output)
        watch?.lap("link")
    }

    /// Writes the object files of the program alone, without the runtime: `output`, and where it is long more beside it,
    /// `output.1` and so on.
    public func emitObjects(to output: String) throws {
        for (index, object) in try code().objects().enumerated() {
            try Files.write(object, to: index == 0 ? output : "\(output).\(index)")
        }
    }
}

extension Compilation.Options {
    /// What the passes are told.
    var pipeline: Pipeline.Options {
        var omissions: Pipeline.Omissions = []
        if unchecked { omissions.insert(.checks) }
        if !timeTiling { omissions.insert(.timeTiling) }
        return Pipeline.Options(
            optimise: optimisation > 0, omissions: omissions, cacheBytes: target.cacheBytes)
    }

    /// Whether a debugger shows variables: where nothing is optimised, each has its value at every line.
    var namesVariables: Bool { debugInfo && optimisation == 0 }

    /// What the code generator is told; `symbol`: the name of the `pdl_program`.
    func codeGeneration(symbol: String = "pdl_main") -> CodeGenOptions {
        var options = CodeGenOptions(
            optimisation: optimisation, debugInfo: debugInfo, directory: FileManager.default.currentDirectoryPath,
            target: target, symbol: symbol)
        options.profile = profile
        return options
    }
}
