import Language
import Source

/// A function that a library exports, as a program of its own: its arguments come from the caller, its results go there.
public struct LibraryFunction: Sendable {
    public var name: String
    /// Its `##` comment.
    public var documentation: String?
    /// As it is declared: `psum(a: f64[/n]) -> f64`.
    public var signature: String
    public var span: Span
    public var parameters: [Parameter]
    /// The numbers and arrays in them, in order.
    public var arguments: [Argument]
    /// The call of the function. Its type is data: numbers, arrays, and tuples and records of them; or void.
    public var call: TypedExpression
    /// What the call needs. Its parameters are the arguments that are numbers, in order, then the file's `param`s with their defaults; its body
    /// is empty.
    public var program: TypedProgram

    package init(
        _ heading: (name: String, signature: String, documentation: String?),
        takes: (parameters: [Parameter], arguments: [Argument]), call: TypedExpression, program: TypedProgram,
        at span: Span
    ) {
        (name, signature, documentation) = heading
        (parameters, arguments) = takes
        (self.call, self.program, self.span) = (call, program, span)
    }

    public struct Parameter: Sendable {
        public var name: String
        public var type: ValueType
        package init(_ name: String, _ type: ValueType) {
            self.name = name
            self.type = type
        }
    }

    public struct Argument: Sendable {
        public var variable: Variable
        /// As the function's type says it: a number that is `local` is one here.
        public var type: ArrayType
        /// Of an array: the sizes that each axis binds or must have. A part has an axis of the ranks in front.
        public var extents: [LoadExtent]
        public init(variable: Variable, type: ArrayType, extents: [LoadExtent]) {
            self.variable = variable
            self.type = type
            self.extents = extents
        }
    }
}

extension ValueType {
    /// The numbers and arrays in it, with names: `result`, of a tuple `result_0`, of a record `result_mass`.
    public func leafNames(_ name: String) -> [(name: String, type: ArrayType)] {
        switch self {
        case .array(let type): [(name, type)]
        case .tuple(let types): types.enumerated().flatMap { $1.leafNames("\(name)_\($0)") }
        case .record(let record): record.fields.flatMap { $0.type.leafNames("\(name)_\($0.name)") }
        case .string, .void, .error: []
        }
    }
}
