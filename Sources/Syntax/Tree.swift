import Source

// The syntax tree: what was written, nothing resolved. Every node has a span; nodes are equal when their
// contents are, wherever they stand (spans never distinguish).

/// A whole file.
public struct Program: Hashable, Sendable {
    public var statements: [Statement]
    public init(statements: [Statement]) { self.statements = statements }
}

public struct Name: Hashable, Sendable {
    public var text: String
    public var span: Span
    public init(_ text: String, _ span: Span) {
        self.text = text
        self.span = span
    }
}

public struct Block: Hashable, Sendable {
    /// A block used as an expression has the value of its last statement when that is an expression statement.
    public var statements: [Statement]
    public var span: Span
    public init(_ statements: [Statement], _ span: Span) {
        self.statements = statements
        self.span = span
    }
}

public struct Statement: Hashable, Sendable {
    public var kind: Kind
    public var span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }

    public indirect enum Kind: Hashable, Sendable {
        /// `param n: i64 = 16  # doc`
        case param(Name, TypeExpression, default: Expression?)
        /// `fn f(x: f64[/n], k) -> f64 = E` or `{ ... }`
        case function(FunctionDeclaration)
        /// `record P { x: f64, y: f64 }`
        case record(Name, [Parameter])
        /// `import "file.pdl"`
        case importFile(path: String)
        /// `let x: T = E`, `let (a, b) = E`
        case binding(isVariable: Bool, Pattern, TypeExpression?, Expression)
        /// `x = E`, `x += E`, `b.at.x = E`
        case assignment(Target, AssignmentOperator, Expression)
        /// `v[i, j] = E for i in a..b, j in c..d`; without `for` the subscripts stand alone: `v[3] = E`, `v[2..5] = E`;
        /// `h[key[i]] += 1 for i in 0..n`; `bodies[i].at.x = E for i in 0..n`
        case regionAssignment(Target, [Subscript], AssignmentOperator, Expression, Generator?)
        case forLoop(Name, Generator.Clause.Source, Block)
        /// `for i in 0..n expect halo <= 1, allreduce <= 2 { … }`: the loop; without one the whole program
        case expecting([Expectation], Statement?)
        case whileLoop(Expression, Block)
        /// `if C { } else if ... else { }` standing as a statement.
        case conditional(Expression, Block, Block?)
        case returnValue(Expression?)
        /// `break` and `continue`
        case breakLoop, continueLoop
        case print([StringPart])
        /// `show x`
        case show(Expression)
        case assertion(Expression, message: [StringPart]?)
        /// A call for its effect (`save(u, "u.npy")`) or the value of a block.
        case expression(Expression)
        /// Where the parser gave up and resumed; never reaches the checker without an error.
        case invalid
    }
}

/// The variable, or the part of one, that is assigned: `x`, `b.at.x`. Whether elements are taken before the fields or after,
/// `bodies[i].mass` or `bodies.mass[i]`, is one.
public struct Target: Hashable, Sendable {
    public var name: Name
    public var fields: [Name]
    public init(_ name: Name, _ fields: [Name]) {
        self.name = name
        self.fields = fields
    }
    public var text: String { ([name] + fields).map(\.text).joined(separator: ".") }
}

/// `allreduce <= 2`: how often something may be sent in each round of a loop, or by the program.
public struct Expectation: Hashable, Sendable {
    /// What is sent, by the word of `pdlc explain`.
    public var message: Name
    public var most: Int
    public init(_ message: Name, most: Int) {
        self.message = message
        self.most = most
    }
}

public enum AssignmentOperator: String, CaseIterable, Hashable, Sendable {
    case assign = "="
    case add = "+="
    case subtract = "-="
    case multiply = "*="
    case divide = "/="
    case bitAnd = "&="
    case bitOr = "|="
    case bitXor = "^="
    /// `h[k] min= E` and `max=`
    case min = "min="
    case max = "max="
}

public indirect enum Pattern: Hashable, Sendable {
    case name(Name)
    case tuple([Pattern], Span)

    /// All names that it binds, in order.
    public var names: [Name] {
        switch self {
        case .name(let name): [name]
        case .tuple(let parts, _): parts.flatMap(\.names)
        }
    }
}

public struct FunctionDeclaration: Hashable, Sendable {
    public var name: Name
    public var parameters: [Parameter]
    public var result: TypeExpression?
    public var body: Body
    /// `##` comment lines before the declaration.
    public var documentation: String?

    public enum Body: Hashable, Sendable {
        case expression(Expression)
        case block(Block)
    }
    public init(name: Name, parameters: [Parameter], result: TypeExpression?, body: Body, documentation: String? = nil)
    {
        self.name = name
        self.parameters = parameters
        self.result = result
        self.body = body
        self.documentation = documentation
    }
}

/// A function's parameter or a record's field; without a type it is generic.
public struct Parameter: Hashable, Sendable {
    public var name: Name
    public var type: TypeExpression?
    public init(_ name: Name, _ type: TypeExpression?) {
        self.name = name
        self.type = type
    }
}

/// `f64[/n, m]`, `part(+) f64[k]`, `local i64`, `root f64[n]`, `(f64, i64)`, `string`.
public struct TypeExpression: Hashable, Sendable {
    public var kind: Kind
    public var span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }

    public indirect enum Kind: Hashable, Sendable {
        /// An element type, a record or `string`, and its dimensions (none: a number).
        case named(Name, [Dimension])
        case tuple([TypeExpression])
        /// `part(op) T`; the operator is a symbol (`+ * & | ^`) or a name (`min`, `and`, a user's function).
        case part(Name, TypeExpression)
        case local(TypeExpression)
        case root(TypeExpression)
    }

    /// The names that stand as extents.
    public var sizeNames: [Name] {
        switch kind {
        case .named(_, let dimensions):
            dimensions.compactMap { if case .name(let text) = $0.size.kind { Name(text, $0.size.span) } else { nil } }
        case .tuple(let parts): parts.flatMap(\.sizeNames)
        case .part(_, let inner), .local(let inner), .root(let inner): inner.sizeNames
        }
    }
}

/// One dimension of an array type: `n`, `/n`, `/n:cyclic`, `/n:cyclic(64)`.
public struct Dimension: Hashable, Sendable {
    public enum Distribution: Hashable, Sendable {
        case none
        case block
        case cyclic(block: Expression?)
    }
    public var size: Expression
    public var distribution: Distribution
    public var span: Span
    public init(_ size: Expression, _ distribution: Distribution, _ span: Span) {
        self.size = size
        self.distribution = distribution
        self.span = span
    }
}

public struct Expression: Hashable, Sendable {
    public var kind: Kind
    public var span: Span
    public init(_ kind: Kind, _ span: Span) {
        self.kind = kind
        self.span = span
    }

    public indirect enum Kind: Hashable, Sendable {
        /// The digits as written, without underscores (hex as `0x…`); their value fits u64.
        case integer(String)
        /// The digits as written; `inf` and `nan` are names.
        case float(String)
        /// The digits before the `i`.
        case imaginary(String)
        case boolean(Bool)
        case string([StringPart])
        /// A name; an operator that is an argument (`scan(+, a)`, `reduce(and, ...)`) is a name too, by its symbol.
        case name(String)
        case unary(UnaryOperator, Expression)
        case binary(BinaryOperator, Expression, Expression)
        /// `f(a, axis: 0)`; `local sum(a)` is a call whose `isLocal` is true.
        case call(Expression, [Argument], isLocal: Bool)
        /// `a[i, 2..n, ..]`
        case index(Expression, [Subscript])
        /// `p.x` of a record, `t.0` of a tuple.
        case member(Expression, Name)
        /// `[1.0, 2.0]`
        case array([Expression])
        /// `[/n:cyclic, m]`, with one `/` at least: what `redistribute` divides an array by.
        case layout([Dimension])
        case tuple([Expression])
        /// `[E for ...]`
        case comprehension(Expression, Generator)
        case conditional(Expression, Block, Block)
        /// `x => E`, `(x, y) => E`
        case lambda([Name], Expression)
        /// `{ ... }`, statements before a value
        case block(Block)
        /// `local { ... }`
        case local(Block)
        /// What stood in parentheses; kept so that the formatter keeps them and that `(a*b) + c` is still one expression.
        case parenthesized(Expression)
        case invalid
    }
}

/// `for i in 0..n, j in 0..m if C`
public struct Generator: Hashable, Sendable {
    public var clauses: [Clause]
    public var condition: Expression?
    public var span: Span
    public init(_ clauses: [Clause], _ condition: Expression?, _ span: Span) {
        self.clauses = clauses
        self.condition = condition
        self.span = span
    }

    /// `i in 0..n by 2`, `i in scattered 0..n`, `v in x`
    public struct Clause: Hashable, Sendable {
        public var name: Name
        public var source: Source
        /// `i in 1..n in order`: along it reads see what is written already.
        public var isInOrder = false
        public enum Source: Hashable, Sendable {
            case range(RangeExpression, isScattered: Bool)
            case elements(Expression)
        }
        public init(_ name: Name, _ source: Source, isInOrder: Bool = false) {
            self.name = name
            self.source = source
            self.isInOrder = isInOrder
        }
    }
}

/// `a..b by s`, half open.
public struct RangeExpression: Hashable, Sendable {
    public var lower: Expression
    public var upper: Expression
    public var step: Expression?
    public var span: Span
    public init(_ lower: Expression, _ upper: Expression, _ step: Expression?, _ span: Span) {
        self.lower = lower
        self.upper = upper
        self.step = step
        self.span = span
    }
}

/// An argument of a call: `x`, `axis: 0`, or `E for i in R` (a reduction of a comprehension, nothing materialised).
public struct Argument: Hashable, Sendable {
    public var label: Name?
    public var value: Expression
    public var generator: Generator?
    public init(label: Name? = nil, _ value: Expression, generator: Generator? = nil) {
        self.label = label
        self.value = value
        self.generator = generator
    }
}

/// One position between the brackets of `a[...]`.
public enum Subscript: Hashable, Sendable {
    case index(Expression)
    /// `2..n by 2`; a missing end is the array's.
    case range(lower: Expression?, upper: Expression?, step: Expression?, Span)
    /// `..`: the whole axis
    case all(Span)
}

/// Text with holes: `"mean {m:.6}"`.
public enum StringPart: Hashable, Sendable {
    /// Escapes resolved (`\n \t \\ \" \{ \}`).
    case text(String)
    /// A hole and its format, one of `.6` (digits after the point, fixed), `.6e`, `8` (width), `8.3`; nil: shortest digits.
    case hole(Expression, format: String?)
}

public enum UnaryOperator: String, CaseIterable, Hashable, Sendable {
    case negate = "-"
    case bitNot = "~"
    case not
}

/// Loosest first: `|>`; `or`; `and`; `not`; comparisons (not chained); `|`; `^`; `&`; `<< >>`; `+ -`; `* / // % @`; unary `- ~`;
/// `**` (right, binds tighter than a unary minus on its left, as in Python).
public enum BinaryOperator: String, CaseIterable, Hashable, Sendable {
    case pipe = "|>"
    case or, and
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessEqual = "<="
    case greater = ">"
    case greaterEqual = ">="
    case bitOr = "|"
    case bitXor = "^"
    case bitAnd = "&"
    case shiftLeft = "<<"
    case shiftRight = ">>"
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case floorDivide = "//"
    case modulo = "%"
    case matmul = "@"
    case power = "**"
}
