import Language
import Source
import Syntax
import TypedTree

/// Checks a program: names, types, shapes, placements, and that collectives match on all ranks.
///
/// `importer` finds the files that it imports; `observations` are told what is found out on the way.
/// - Returns: the typed program when there is no error, and everything there is to say in source order.
public func check(
    _ program: Program, file: SourceFile, importer: @escaping Importer = { _, _ in nil },
    observations: Observations? = nil
) -> (program: TypedProgram?, diagnostics: [Diagnostic]) {
    let checker = Checker(file, importer, observations)
    checker.declareFunctions(in: program.statements)
    checker.requireUnambiguousImports()
    let body = checker.statements(program.statements)
    if !checker.diagnostics.contains(where: { $0.severity == .error }) {
        checker.diagnostics += UniformityCheck.faults(in: body, checker.functions)
        checker.diagnostics += GridCheck.faults(in: body, checker.functions)
    }
    let diagnostics = checker.diagnostics.sorted { $0.span.start < $1.span.start }
    guard !diagnostics.contains(where: { $0.severity == .error }) else { return (nil, diagnostics) }
    return (checker.program(body, parameters: checker.parameters), diagnostics)
}

/// The state of one check. Methods stand in extensions, one file for each idea.
final class Checker {
    let file: SourceFile
    let importer: Importer
    let observations: Observations?
    var imports: [SourceFile] = []
    var diagnostics: [Diagnostic] = []
    /// How often something wrong was met, also where that was reported before: a function's body is checked for each kind of arguments.
    private(set) var mistakes = 0
    private var reported: Set<ReportKey> = []
    var limits: CheckingLimits
    var parameters: [ProgramParameter] = []
    var fileKinds: Set<FileKind> = []
    var contracts: [Contract] = []

    // Functions: as declared, and as specialised for the types of a call.
    /// What files declare, by their paths.
    var modules: [String: Module] = [:]
    var preludeDeclarations: [String: FunctionDeclaration] = [:]
    var functions: [TypedFunction] = []
    var specialisations: [SpecialisationKey: Specialisation] = [:]

    /// In a library: names that only the file's own program would make, and where.
    var namesOfProgram: [String: Span] = [:]

    var lambdaCount = 0

    // Reduction operators of the program's own, and the `let`s that they may read.
    var operators: [TypedOperator] = []
    var constantLets: [Variable: TypedExpression] = [:]
    /// The variables that hold sums and means.
    var origins: [Variable: Origin] = [:]

    var scopes: [Scope] = [Scope()]
    var context = Context()

    var sizes = SizeKnowledge()
    private(set) var variables = VariableSupply()

    init(_ file: SourceFile, _ importer: @escaping Importer, _ observations: Observations? = nil) {
        (self.file, self.importer, self.observations) = (file, importer, observations)
        limits = CheckingLimits(sourceSize: file.text.count)
    }

    /// What has been checked, as a program.
    func program(_ body: [TypedStatement], parameters: [ProgramParameter]) -> TypedProgram {
        var program = TypedProgram(of: file, parameters: parameters, body: body)
        (program.functions, program.operators) = (functions, operators)
        (program.imports, program.fileKinds, program.contracts) = (imports, fileKinds, contracts)
        (program.sizes, program.variables) = (sizes, variables)
        return program
    }

    func newVariable(_ name: String, _ type: ValueType) -> Variable {
        variables.variable(name, type)
    }

    /// Records a diagnostic, once; the error-typed expression that it returns is never complained about again. `isTraced`: with the
    /// calls that led to it.
    @discardableResult
    func report(_ diagnostic: Diagnostic, isTraced: Bool = true) -> TypedExpression {
        var diagnostic = diagnostic
        defer { mistakes += 1 }
        if isTraced, diagnostic.severity == .error { diagnostic.trace(context.callChain) }
        guard reported.insert(ReportKey(diagnostic)).inserted else { return error(diagnostic.span) }
        diagnostics.append(diagnostic)
        return TypedExpression(.constant(.bool(false)), .error, diagnostic.span)
    }
}

extension Diagnostic {
    /// Says by which calls, outermost first, the program came here. What is part of the language is not the user's to mend: the
    /// call of it is the place, and where it fails is a note.
    fileprivate mutating func trace(_ calls: [(name: String, span: Span)]) {
        var calls = calls[...]
        if span.file.isOfLanguage, let called = calls.lastIndex(where: { !$0.span.file.isOfLanguage }) {
            notes.append(.init("in `\(calls[called].name)`, here", at: span))
            (span, fixIts) = (calls[called].span, [])
            calls = calls[..<called]
        }
        notes += calls.reversed().map { .call(of: $0.name, at: $0.span) }
    }
}

/// What tells two diagnostics apart.
private struct ReportKey: Hashable {
    let id, message: String
    let file: ObjectIdentifier
    let start, end: Int

    init(_ diagnostic: Diagnostic) {
        (id, message) = (diagnostic.id, diagnostic.message)
        let span = diagnostic.span
        (file, start, end) = (ObjectIdentifier(span.file), span.start, span.end)
    }
}

/// Where in the program the checker stands.
struct Context {
    /// Inside `local { }`: scattered variables appear as blocks, and nothing communicates.
    var localBlock: Span?
    /// The comprehensions and reductions around, outermost first.
    var domains: [OpenDomain] = []
    /// The array of records whose fields are read or moved: what errors name.
    var records: ValueType?
    /// Statements to run before the outermost of them: what was moved out of the elements' code.
    var hoisted: [TypedStatement] = []
    /// The loop whose body is being checked, nil where a `break` would belong to none.
    var loop: LoopContext?
    /// Whether it is open that code gets here: `if i > 0 { u[i - 1] } else { 0.0 }`.
    var isUnderCondition = false
    /// The first size atom that was made in the loops, comprehensions and reductions around: later ones may depend on their indices.
    var firstAtomInLoop: Int?
    /// What communicated last in the code that has been checked.
    var communication: (what: String, span: Span)?
    /// Conditions and trip counts around that differ between ranks.
    var divergence: [Divergence] = []
    /// The calls that led to the function body being checked.
    var callChain: [(name: String, span: Span)] = []
    /// The functions whose bodies stand in place of the calls being checked.
    var callsInPlace: [String] = []
    /// The function body being checked, nil at the top level.
    var function: FunctionContext?
    /// Whether the function body being checked was called where ranks differ, or with something on which they do.
    var calledWhereRanksDiffer = false
    /// Whether ranks may differ in what they do here, so that each has `var`s of its own.
    var ranksDiffer: Bool { localBlock != nil || !divergence.isEmpty || calledWhereRanksDiffer }
    var isElement: Bool { !domains.isEmpty || function?.isElement == true }
}

/// A condition or trip count that is not the same on every rank.
struct Divergence {
    var what: String
    var span: Span
    var isReported = false
    /// The `local` value that it comes from.
    var origin: (name: String, span: Span)?
}

/// A loop around, from inside its body.
final class LoopContext {
    /// How many conditions that differ between ranks stand around the body.
    let depth: Int
    /// Whether each rank may leave the loop when it likes.
    let ranksDiffer: Bool
    /// The condition of the last `break` or `continue` that not every rank may come to.
    var divergentExit: Divergence?
    init(depth: Int, ranksDiffer: Bool) { (self.depth, self.ranksDiffer) = (depth, ranksDiffer) }
}

final class FunctionContext {
    /// Called for each element of something.
    let isElement: Bool
    let declaredResult: ValueType?
    /// Whether some ranks may return before others: what the body computes is each rank's own.
    let ranksPart: Bool
    /// The types of the `return`s seen, in order; void for one without a value.
    var returned: [ValueType] = []
    /// Where a view is returned: how it goes on beyond its ends.
    var returnedEdges: [Edge?]?
    /// A `return` that not every rank may take.
    var divergentReturn: (span: Span, divergence: Divergence)?
    /// What communicates in the body, if anything does.
    var communication: (what: String, span: Span)?
    init(isElement: Bool, declaredResult: ValueType?, ranksPart: Bool = false) {
        self.isElement = isElement
        self.declaredResult = declaredResult
        self.ranksPart = ranksPart
    }
}

/// Which range of a domain runs along a divided axis, the extent of that axis, and what says so: an array or `scattered a..b`.
struct DividedRange {
    var range: Int
    var extent: TypedExpression
    var size: Size
    var name: String
    var span: Span
    /// Over which ranks: all of them, or a direction of the grid.
    var direction = Direction.all
    /// Whether `scattered` says so.
    var isScattered = false
    /// Whether it is the array that an assignment writes.
    var isWritten = false
}

/// A comprehension or reduction whose body is being checked.
final class OpenDomain {
    var ranges: [Domain.Range] = []
    /// Set by the first read of a scattered array at one of the indices, or by `scattered a..b`.
    var divided: DividedRange?
    /// The range that runs along the columns of a grid of ranks; `divided` then runs along its rows.
    var across: DividedRange?
    /// Set where an array runs over a part of its divided range only.
    var part: DividedPart?
    /// The ranges that stand for the one row, or column, of a divided axis that a region assignment writes, and which one that is.
    var rows: [(index: Variable, size: Size)] = []
    /// Variables bound by the body, which nothing that moves out may read.
    var bodyVariables: Set<Variable> = []
    /// Whether a range may depend on those before it. Then it is as wide as it can become, and `guards` tell which points count.
    var takesDependentRanges = false
    var guards: [TypedExpression] = []
    /// Bindings of indices that ranges of other indices stand for: see `Substitution.swift`.
    var indexBindings: [TypedStatement] = []

    var typed: Domain {
        Domain(
            ranges: ranges, divided: divided.map { ($0.range, $0.extent) },
            across: across.map { ($0.range, $0.extent) })
    }
}
