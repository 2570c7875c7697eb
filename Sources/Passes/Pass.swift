import IR

/// A change of a module that keeps its meaning. Each is an enum named in the imperative, in a file of its own.
protocol Transformation {
    /// One line for `pdlc emit --help` and the documentation.
    static var summary: String { get }
    static func run(_ module: inout Module) throws
}

/// A step of the pipeline.
public struct Pass: Sendable {
    /// `merge-reductions`: the transformation's name as `--after` takes it.
    public let name: String
    public let summary: String
    /// The stage that the module must be in.
    public let stage: Stage
    /// The stage that it is in afterwards. A change of stage runs at -O0 too.
    public let resultStage: Stage
    public let run: @Sendable (inout Module) throws -> Void

    public var isEssential: Bool { stage != resultStage }

    init(_ type: (some Transformation & SendableMetatype).Type, _ stage: Stage) {
        self.init(type, stage) { try type.run(&$0) }
    }

    /// Where it is told more than the module.
    init(_ type: (some Transformation).Type, _ stage: Stage, _ run: @escaping @Sendable (inout Module) throws -> Void) {
        name = Pass.kebabCase("\(type)")
        summary = type.summary
        self.stage = stage
        resultStage = stage
        self.run = run
    }

    /// A change of stage.
    init(
        _ name: String, _ summary: String, from stage: Stage, to resultStage: Stage,
        _ change: @escaping @Sendable (Module) throws -> Module
    ) {
        self.name = name
        self.summary = summary
        self.stage = stage
        self.resultStage = resultStage
        run = { $0 = try change($0) }
    }

    /// `MergeReductions` → `merge-reductions`
    static func kebabCase(_ name: String) -> String {
        name.reduce(into: "") { text, letter in
            if letter.isUppercase, !text.isEmpty { text += "-" }
            text += letter.lowercased()
        }
    }
}
