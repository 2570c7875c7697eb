/// One row of the table of builtins (`Builtins.swift`): everything the compiler knows of a name.
///
/// Checker, interpreter, lowering, completion and `docs/builtins.md` read rows; none of them names a builtin.
public struct Builtin: Sendable {
    public let name: String
    /// One line for the documentation and for completion.
    public let summary: String
    /// How it is called, as documentation shows it: `sum(a, axis: k)`.
    public let usage: String
    public let meaning: Meaning

    public enum Meaning: Sendable {
        /// A primitive of numbers that lifts to arrays; `accepts` says to which types an operand is widened.
        case elementwise(ScalarOperator, accepts: Operands)
        /// A conversion of elements, which may narrow: `f64(x)`.
        case conversion(Conversion)
        /// A reduction of an array or of a comprehension.
        case reduction(Reduction)
        /// A reduction of the elements that share a key.
        case keyedReduction(Reduction)
        /// A change of placement.
        case collective(Collective)
        /// A scattered array divided along another axis.
        case redistribution
        /// Array makers: the result's shape comes from the arguments.
        case generator(Generator)
        /// An operation on whole arrays, done by the runtime.
        case arrayOperation(ArrayOperation.Kind)
        /// Fourier transforms along the last axis, the last two, or all (nil).
        case transform(ArrayOperation.Kind, axes: Int?)
        /// A view: `periodic(a)[i - 1]` is always in range.
        case view(Edge)
        /// Facts about a value or the run: size(a), size(a, axis: k), rank(), ranks(), clock().
        case query(Query)
        /// load(path) and save(x, path).
        case file(FileOperation)
        /// A function written in PDL; the text is one `fn` declaration that the checker specialises at each call.
        /// `along` is what it is with `axis: k`, with that number in place of `AXIS`.
        /// One that `lifts` is for numbers, and is called for each element of arrays.
        case prelude(String, along: String? = nil, lifts: Bool = false)
    }

    /// What the elements become.
    public enum Conversion: Sendable {
        case to(ElementType)
        /// Floating point: f32 stays f32, all else becomes f64.
        case toFloat
        /// Complex: f32 becomes c64, c64 stays, all else becomes c128.
        case toComplex
        /// The type of a second argument's elements.
        case like
    }

    /// Which operand types a primitive takes; others are widened to the nearest or refused.
    public enum Operands: Sendable { case numbers, reals, floats, integers, bools, any }

    /// A reduction's operator and what it makes of its contributions.
    public struct Reduction: Sendable {
        public enum Result: Sendable {
            /// The combination itself; bool and 32-bit integers are summed in i64.
            case value
            /// How many contributions were true.
            case count
            /// The index of the extreme element: the second of the pair.
            case index
            /// The pair (value, index).
            case pair
        }
        public let op: ReductionOperator
        public let result: Result
        public init(_ op: ReductionOperator, _ result: Result = .value) {
            self.op = op
            self.result = result
        }
    }

    public enum Generator: Sendable { case arange, zeros, ones, full, zerosLike, onesLike, fullLike, linspace, eye }
    public enum Query: Sendable { case size, rank, ranks, clock }
    public enum FileOperation: Sendable { case load, save }

    public init(_ name: String, _ usage: String, _ summary: String, _ meaning: Meaning) {
        self.name = name
        self.usage = usage
        self.summary = summary
        self.meaning = meaning
    }
}
