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
    /// Whether it runs at -O0 too: what follows needs its result.
    public let isEssential: Bool
    public let run: @Sendable (inout Module) throws -> Void

    init<T: Transformation>(_ type: T.Type, _ stage: Stage, essential: Bool = false) {
        name = Pass.kebabCase("\(type)")
        summary = type.summary
        self.stage = stage
        isEssential = essential
        run = { try type.run(&$0) }
    }

    /// `MergeReductions` → `merge-reductions`
    static func kebabCase(_ name: String) -> String {
        name.reduce(into: "") { text, letter in
            if letter.isUppercase, !text.isEmpty { text += "-" }
            text += letter.lowercased()
        }
    }
}
