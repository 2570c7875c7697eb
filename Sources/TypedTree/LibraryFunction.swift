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
    public var arguments: [Argument]
    /// The call of the function. Its type is data: numbers, arrays, and tuples and records of them; or void.
    public var call: TypedExpression
    /// What the call needs. Its parameters are the arguments that are numbers, in order, then the file's `param`s with their defaults; its body
    /// is empty.
    public var program: TypedProgram

    package init(
        _ heading: (name: String, signature: String, documentation: String?), arguments: [Argument],
        call: TypedExpression, program: TypedProgram, at span: Span
    ) {
        (name, signature, documentation) = heading
        (self.arguments, self.call, self.program, self.span) = (arguments, call, program, span)
    }

    public struct Argument: Sendable {
        public var variable: Variable
        /// As the function's type says it: a number that is `local` is one here.
        public var type: ArrayType
        /// Of an array: the sizes that each axis binds or must have.
        public var extents: [LoadExtent]
        public init(variable: Variable, type: ArrayType, extents: [LoadExtent]) {
            self.variable = variable
            self.type = type
            self.extents = extents
        }
    }
}
