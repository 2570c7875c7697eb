import Language
import Source

// The typed program: names resolved, types and placements known, literals given their types, widenings written out,
// sugar gone (prelude functions specialised, `sum(a)` a reduction over a's indices, `a*b + c` an fma). The interpreter
// plays it and the lowering translates it; nothing after this floor looks at the syntax tree.

/// A program that passed the checker. Function bodies may read program parameters and `let`s of `body` made before the call.
public struct TypedProgram: Sendable {
    public var parameters: [ProgramParameter]
    /// Specialised functions; `call` names one by its index. A function only calls ones before it.
    public var functions: [TypedFunction] = []
    /// The program's own reduction operators, by `UserOperator.id`.
    public var operators: [TypedOperator] = []
    public var body: [TypedStatement]
    public var sizes = SizeKnowledge()
    public var file: SourceFile
    /// The files that it imports, directly or not.
    public var imports: [SourceFile] = []
    /// The kinds of files that it loads and saves, as far as its text says.
    public var fileKinds: Set<FileKind> = []
    /// What its loops may send.
    public var contracts: [Contract] = []
    /// Gives what is written anew its variables.
    package var variables = VariableSupply()

    package init(of file: SourceFile, parameters: [ProgramParameter], body: [TypedStatement]) {
        (self.file, self.parameters, self.body) = (file, parameters, body)
    }
}

/// `param name: type = default`, set by `--name VALUE`.
public struct ProgramParameter: Sendable {
    public var variable: Variable
    /// nil: the user must give it. May mention parameters declared earlier.
    public var defaultValue: TypedExpression?
    /// The comment on its line, for `--help`.
    public var documentation: String?
    public var span: Span

    package init(_ variable: Variable, default value: TypedExpression?, documentation: String?, at span: Span) {
        (self.variable, self.defaultValue, self.documentation, self.span) = (variable, value, documentation, span)
    }
}

/// A `let`, `var`, loop index, comprehension index or function parameter. Unique ids over the whole program.
public struct Variable: Hashable, Sendable {
    public let id: Int
    public let name: String
    public let type: ValueType
    package func read(at span: Span) -> TypedExpression { TypedExpression(.variable(self), type, span) }
    public static func == (a: Variable, b: Variable) -> Bool { a.id == b.id }
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }
}

/// Numbers the variables of a program.
package struct VariableSupply: Sendable {
    private var count = 0

    package init() {}

    package mutating func variable(_ name: String, _ type: ValueType) -> Variable {
        count += 1
        return Variable(id: count - 1, name: name, type: type)
    }
}

public struct TypedFunction: Sendable {
    public var name: String
    public var parameters: [Variable]
    public var result: ValueType
    /// Ends in `returnValue` on every way unless the result is void.
    public var body: [TypedStatement]
    public var span: Span

    package init(
        _ name: String, _ parameters: [Variable], _ result: ValueType, body: [TypedStatement], at span: Span
    ) {
        (self.name, self.parameters, self.result, self.body, self.span) = (name, parameters, result, body, span)
    }
}

/// A function that reductions and scans combine by. Its expressions compute numbers and read nothing from outside.
public struct TypedOperator: Sendable {
    public var name: String
    /// The two values that are combined: numbers, or tuples or records of numbers.
    public var left, right: Variable
    /// What combines with anything without changing it.
    public var identity: TypedExpression
    public var combination: TypedExpression
    public var type: ValueType { left.type }
    public var span: Span

    package init(
        _ name: String, of operands: (left: Variable, right: Variable), identity: TypedExpression,
        combination: TypedExpression, at span: Span
    ) {
        (left, right) = operands
        (self.name, self.identity, self.combination, self.span) = (name, identity, combination, span)
    }
}

public struct TypedStatement: Sendable {
    public var kind: Kind
    public var span: Span
    package init(kind: Kind, span: Span) {
        self.kind = kind
        self.span = span
    }

    public indirect enum Kind: Sendable {
        case binding(Variable, TypedExpression)
        /// `let (a, b) = E`: the value is a tuple.
        case tupleBinding([Variable], TypedExpression)
        /// A whole variable gets a value of its own type and shape (the shape was proved or is checked by a `checkShape` around it).
        case assignment(Variable, TypedExpression)
        /// `v[i, j] = E for …`: every read on the right sees the old values. `indices` are expressions in the domain's
        /// indices; no two index points write the same element. An empty domain (no ranges) has one point. Where there is a
        /// condition, only the points at which it is true count: value and indices are not looked at elsewhere. Where there are ranges
        /// among the indices, the value is an array of their shape, or a number for all of their elements; they are gone after desugaring.
        case update(
            Variable, indices: [Subscripted], value: TypedExpression, condition: TypedExpression?, domain: Domain)
        case forLoop(Variable, lower: TypedExpression, upper: TypedExpression, step: TypedExpression, [TypedStatement])
        case whileLoop(TypedExpression, [TypedStatement])
        /// Ends the loop around, or this round of it. Gone after desugaring.
        case breakLoop, continueLoop
        case conditional(TypedExpression, [TypedStatement], [TypedStatement])
        case returnValue(TypedExpression?)
        case print([PrintPart])
        /// A header `name: f64[/16]` with the extents as numbers (see `pdl_show` in pdl.h), then a line a rank.
        case show(name: String, TypedExpression)
        case assertion(TypedExpression, message: [PrintPart])
        case save(TypedExpression, to: TypedFile)
        /// `let x: f64[/n, d] = load(path)`; binds the unknown sizes (`extents`, i64 variables, nil where the size is given)
        /// and checks the given ones against the file.
        case load(Variable, from: TypedFile, extents: [LoadExtent])
        case expression(TypedExpression)
    }
}

/// A file that is loaded or saved.
public struct TypedFile: Sendable {
    public var path: TypedExpression
    /// What its kind wants to know: `FileKind.label`. Empty where there is nothing.
    public var detail: TypedExpression
    public var parts: [TypedExpression] { [path, detail] }
    package init(path: TypedExpression, detail: TypedExpression) {
        self.path = path
        self.detail = detail
    }
}

/// One axis of a loaded array: either a name that the file binds, or a size that the file must have.
public enum LoadExtent: Sendable {
    case binds(Variable)
    case equals(TypedExpression)
}

public enum PrintPart: Sendable {
    case text(String)
    case value(TypedExpression, format: PrintFormat)
}

/// How a hole prints: shortest digits that read back the same, `{x:.6}` fixed, `{x:.6e}` scientific; padded on the left to `width`,
/// with zeros where that is negative.
public struct PrintFormat: Hashable, Sendable {
    public enum Style: Hashable, Sendable { case shortest, fixed, scientific }
    public var style: Style
    public var digits: Int
    public var width: Int
    public init(style: Style = .shortest, digits: Int = 0, width: Int = 0) {
        self.style = style
        self.digits = digits
        self.width = width
    }
}

public struct TypedExpression: Sendable {
    public var kind: Kind
    public var type: ValueType
    public var span: Span
    public init(_ kind: Kind, _ type: ValueType, _ span: Span) {
        self.kind = kind
        self.type = type
        self.span = span
    }

    public indirect enum Kind: Sendable {
        case constant(Constant)
        /// A literal text (paths).
        case string(String)
        /// A text with holes: numbers and texts that are the same on every rank.
        case text([PrintPart])
        /// Whether two texts are equal.
        case sameText(TypedExpression, TypedExpression)
        case variable(Variable)
        /// A primitive on numbers, or element by element on arrays of one shape and placement; operands that are numbers
        /// lift. All operands already have the type that the primitive works in. On parts: only what commutes with
        /// the combination (negate, add, subtract, multiply and divide by a replicated number), applied after it.
        case apply(ScalarOperator, [TypedExpression])
        /// `x ** k` for a literal integer k from 1 on, of numbers or of arrays: products of squares. Gone after desugaring.
        case power(TypedExpression, Int)
        /// A conversion, written or by widening; lifts.
        case convert(TypedExpression)
        /// Replicated where scattered, local or root is wanted; free.
        case place(TypedExpression)
        /// An element: as many indices as the array has axes, each a number. `local`-typed inside `local { }`.
        case element(TypedExpression, [TypedExpression], Bounds)
        /// The base of an `element` that is a view of an array or an offset read of a scattered one.
        case view(TypedExpression, View)
        /// `a[2..10, j, ..]`
        case slice(TypedExpression, [Subscripted])
        /// `[E for …]`: an array over the domain.
        case comprehension(Domain, TypedExpression)
        case reduction(TypedReduction)
        case arrayLiteral([TypedExpression])
        case tuple([TypedExpression])
        case tupleElement(TypedExpression, Int)
        case call(Int, [TypedExpression])
        /// Several operands: only `allreduce`, whose value then is a tuple.
        case collective(Collective, [TypedExpression])
        /// Both ways have one type; the condition is replicated unless the ways do not communicate.
        case conditional(TypedExpression, TypedBlock, TypedBlock)
        case block(TypedBlock)
        /// `local { … }`: scattered variables that it reads appear as this rank's block (`ownBlock`).
        case local(TypedBlock)
        /// Inside `local { }`: the block of a scattered array that this rank holds, a local array.
        case ownBlock(TypedExpression)
        /// An operation on whole arrays; a tuple when it has several results. Extents that are known only at run time are size atoms
        /// of the result's type, read by `extent`.
        case arrayOperation(ArrayOperation, [TypedExpression])
        case extent(TypedExpression, axis: Int)
        case rank, ranks, clock
        /// The value, after a check at run time that its extents are those of its type: `expected` axis by axis, nil where proved.
        case checkShape(TypedExpression, expected: [TypedExpression?], context: String)
    }
}

/// Statements that end in a value.
public struct TypedBlock: Sendable {
    public var statements: [TypedStatement]
    public var value: TypedExpression
    public init(_ statements: [TypedStatement], _ value: TypedExpression) {
        self.statements = statements
        self.value = value
    }
}

/// Whether an index must be checked at run time.
public enum Bounds: Hashable, Sendable { case proved, checked }

public enum Subscripted: Sendable {
    case index(TypedExpression, Bounds)
    case range(lower: TypedExpression, upper: TypedExpression, step: TypedExpression)

    package var isRange: Bool { if case .range = self { true } else { false } }
}

/// The index space of a comprehension or reduction: the product of its ranges, the first outermost.
public struct Domain: Sendable {
    public struct Range: Sendable {
        public var index: Variable
        public var lower: TypedExpression
        public var upper: TypedExpression
        /// Positive.
        public var step: TypedExpression
        package init(index: Variable, lower: TypedExpression, upper: TypedExpression, step: TypedExpression) {
            (self.index, self.lower, self.upper, self.step) = (index, lower, upper, step)
        }
    }
    public var ranges: [Range]
    /// The range that is divided over the ranks, and the extent of the axis that it runs along: rank r takes the indices that
    /// lie in its block of that extent.
    public var divided: Cut?
    /// The range that is cut over the columns of a grid of ranks; `divided` is then cut over its rows.
    public var across: Cut?
    public typealias Cut = (range: Int, extent: TypedExpression)
    /// The ranges that are cut.
    public var cuts: [Cut] { [divided, across].compactMap { $0 } }
    /// Whether its first ranges are those that are cut over a grid, in its order.
    package var isOverGrid: Bool { divided?.range == 0 && across?.range == 1 }
    /// How an array over it is cut.
    public var distribution: Distribution {
        Distribution(ranges.indices.map { range in cuts.contains { $0.range == range } ? .block : .whole })
    }
    public init(ranges: [Range], divided: Cut? = nil, across: Cut? = nil) {
        self.ranges = ranges
        self.divided = divided
        self.across = across
    }

    /// Cuts it like an array whose axes its ranges are.
    package mutating func cut(like array: ArrayType) {
        let axes = array.placement.distribution.dividedAxes
        divided = axes.first.map { ($0, ranges[$0].upper) }
        across = axes.dropFirst().first.map { ($0, ranges[$0].upper) }
    }
}

/// The place of a contribution in a reduction by key, along one axis of the result: `index` is checked to be in 0..count at run time.
public struct KeyTarget: Sendable {
    public var index: TypedExpression
    public var count: TypedExpression
    package init(index: TypedExpression, count: TypedExpression) {
        self.index = index
        self.count = count
    }
}

/// A reduction over a domain, in the fixed order of docs/language.md, "Bits".
public struct TypedReduction: Sendable {
    public var op: ReductionOperator
    public var domain: Domain
    /// Which contributions count; nil: all.
    public var condition: TypedExpression?
    /// What is combined: one number; (value, index) for minloc and maxloc; 1.0, one or two numbers and zeros for moments; one value of a
    /// user's operator's type.
    public var contributions: [TypedExpression]
    /// Axes that stay: the result is an array over them, whose every element is reduced in the order of rows
    /// (`[sum(x[i,a] for i in 0..n) for a in 0..d]` over a divided i, `sum(x, axis: 0)`). None: the result is a number.
    /// The result of an undivided domain may be divided along one of them: the one contribution is then an element, along that axis at
    /// that index, of an array in a variable that is divided likewise.
    public var kept: [Domain.Range] = []
    /// Which element of the result a point contributes to; none: all of it. The result's first axes then count the keys.
    public var keys: [KeyTarget] = []
    /// Whether the domain is divided and the contributions stay on their ranks (type `part(op)`), or are combined everywhere.
    public var staysLocal = false

    package init(_ op: ReductionOperator, of contributions: [TypedExpression], over domain: Domain) {
        (self.op, self.contributions, self.domain) = (op, contributions, domain)
    }
}
