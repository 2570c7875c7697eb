import Language
import Source

/// The name of a result: `%12`. Ids are unique in a module; `Module.types` says what each one is.
public struct Value: Hashable, Comparable, Sendable {
    public let id: Int
    public init(id: Int) { self.id = id }
    public static func < (a: Value, b: Value) -> Bool { a.id < b.id }
}

/// What a value is. Array types depend on values: their extents are i64 values that are defined before them.
public enum IRType: Hashable, Sendable {
    /// A number (no dimensions) or an array. In the local stage an array is a pointer to what this rank holds of it
    /// (its block of the divided axis, in C order), and a `part` is a pointer to a run of tree nodes.
    case array(ElementType, dimensions: [Value], Placement)
    /// Text: the path of a file.
    case text

    public static func scalar(_ element: ElementType, _ placement: Placement = .replicated) -> IRType {
        .array(element, dimensions: [], placement)
    }
    public var element: ElementType? { if case .array(let element, _, _) = self { element } else { nil } }
    public var dimensions: [Value] { if case .array(_, let dimensions, _) = self { dimensions } else { [] } }
    public var placement: Placement { if case .array(_, _, let placement) = self { placement } else { .replicated } }
    public var isScalar: Bool { dimensions.isEmpty }
    /// The extents of the axes along which it is cut.
    public var dividedExtents: [Value] { placement.distribution.dividedAxes.map { dimensions[$0] } }
    /// Whether a value of the local stage is a pointer that must be released.
    public var isOwned: Bool { !dimensions.isEmpty || placement.isPart }
}

/// One operation: what it does, to which values, with which bodies, giving which results.
public struct Node: Hashable, Sendable {
    public var operation: Operation
    public var operands: [Value]
    public var regions: [Region]
    public var results: [Value]
    public var span: Span
    /// Where the nodes come from that were merged into this one.
    public var merged = Places()
    public init(_ operation: Operation, _ operands: [Value], regions: [Region] = [], results: [Value], _ span: Span) {
        self.operation = operation
        self.operands = operands
        self.regions = regions
        self.results = results
        self.span = span
    }
}

/// Places in the source; like a span they never distinguish two nodes.
public struct Places: Hashable, Sendable {
    public var spans: [Span]
    public init(_ spans: [Span] = []) { self.spans = spans }
    public static func == (a: Places, b: Places) -> Bool { true }
    public func hash(into hasher: inout Hasher) {}
}

extension Node {
    /// Every place that the node comes from, its own first.
    public var origins: [Span] { [span] + merged.spans }

    /// From now on the node stands for the other one too.
    public mutating func absorbOrigins(of other: Node) { merged.spans += other.origins }
}

/// A body: its arguments and its nodes, the last of which is a `yield`. It sees the values defined around it.
public struct Region: Hashable, Sendable {
    public var arguments: [Value]
    public var nodes: [Node]
    public init(arguments: [Value] = [], nodes: [Node]) {
        self.arguments = arguments
        self.nodes = nodes
    }
    /// The operands of the closing `yield`.
    public var yielded: [Value] { nodes.last?.operands ?? [] }
}

/// A `param` of the program as the runtime sees it.
public struct ModuleParameter: Hashable, Sendable {
    public var name: String
    /// nil: text.
    public var element: ElementType?
    /// The default as `--help` shows it; nil: the user must give it.
    public var defaultText: String?
    public var documentation: String?
    public init(name: String, element: ElementType?, defaultText: String?, documentation: String?) {
        self.name = name
        self.element = element
        self.defaultText = defaultText
        self.documentation = documentation
    }
}

/// A reduction operator of the program's own: numbers and control, of which no pass changes anything and both bodies see
/// nothing from outside.
public struct OperatorDefinition: Hashable, Sendable {
    public var name: String
    /// () yields a number for each component: what combines with anything without changing it.
    public var identity: Region
    /// (the left value's components, the right one's) yields those of the combination.
    public var combination: Region
    public init(name: String, identity: Region, combination: Region) {
        self.name = name
        self.identity = identity
        self.combination = combination
    }
}

/// The three stages of the one IR, told apart by the verifier.
public enum Stage: String, CaseIterable, Hashable, Sendable { case global, distributed, local }

/// A whole program. Every function has been inlined: PDL has no recursion.
public struct Module: Hashable, Sendable {
    public var stage: Stage
    public var parameters: [ModuleParameter]
    /// The program's own reduction operators, by `UserOperator.id`.
    public var operators: [OperatorDefinition] = []
    /// Indexed by `Value.id`.
    public var types: [IRType]
    public var body: Region
    public var file: SourceFileReference

    public init(stage: Stage, parameters: [ModuleParameter], types: [IRType], body: Region, file: SourceFileReference) {
        self.stage = stage
        self.parameters = parameters
        self.types = types
        self.body = body
        self.file = file
    }

    public func type(_ value: Value) -> IRType { types[value.id] }

    public mutating func newValue(_ type: IRType) -> Value {
        types.append(type)
        return Value(id: types.count - 1)
    }
}

/// The program's file, for messages and debug lines; equal to every other so that a reparsed print is equal.
public struct SourceFileReference: Hashable, Sendable {
    public let file: SourceFile
    public init(_ file: SourceFile) { self.file = file }
    public static func == (a: SourceFileReference, b: SourceFileReference) -> Bool { true }
    public func hash(into hasher: inout Hasher) {}
}
