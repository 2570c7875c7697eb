import Language
import Source
import TypedTree

/// What of the language is there for arrays over a grid of ranks, `f64[/n, /m]`: whatever this does not know is refused, so that no such
/// array is taken for one with one divided axis. It looks at a program that has no other fault.
struct GridCheck {
    private var diagnostics: [Diagnostic] = []
    private let functions: [TypedFunction]
    private var seen: Set<Int> = []
    /// Whether a domain around is cut over the grid.
    private var isInside = false

    static func faults(in body: [TypedStatement], _ functions: [TypedFunction]) -> [Diagnostic] {
        var check = GridCheck(functions)
        check.visit(body)
        return check.diagnostics
    }

    private init(_ functions: [TypedFunction]) { self.functions = functions }

    private mutating func refuse(_ what: String, _ span: Span) {
        let diagnostic = Diagnostic.notOverGrid(what, at: span)
        if !diagnostics.contains(where: { $0.span.coincides(with: span) }) { diagnostics.append(diagnostic) }
    }

    // MARK: Statements

    private mutating func visit(_ statements: [TypedStatement]) {
        for statement in statements { visit(statement) }
    }

    private mutating func visit(_ statement: TypedStatement) {
        switch statement.kind {
        case .update(let variable, let indices, let value, let condition, let domain):
            if variable.type.isOverGrid || domain.across != nil {
                let isOfPoints = variable.type.isOverGrid && !indices.contains(where: \.isRange) && domain.isOverGrid
                if !isOfPoints { refuse("such an assignment to a part of `\(variable.name)`", statement.span) }
            }
            visit(domain.children)
            return visit((condition.map { [$0] } ?? []) + indices.flatMap(\.children) + [value], inside: domain)
        case .save(let value, let file):
            if value.type.isOverGrid { require(file, among: [.npy, .hdf5, .pgm], "`save`", statement.span) }
        case .load(let variable, let file, _):
            if variable.type.isOverGrid { require(file, among: [.npy, .pgm], "`load`", statement.span) }
        case .forLoop(_, let lower, let upper, let step, let body):
            visit([lower, upper, step])
            return visit(body)
        case .whileLoop(let condition, let body):
            visit(condition)
            return visit(body)
        case .conditional(let condition, let then, let otherwise):
            visit(condition)
            return visit(then + otherwise)
        case .binding, .tupleBinding, .assignment, .returnValue, .print, .show, .assertion, .expression, .breakLoop,
            .continueLoop:
            break
        }
        visit(statement.children)
    }

    /// Kinds of files whose elements every rank can read and write where they stand. Of a path that only the run knows, the run tells.
    private mutating func require(_ file: TypedFile, among kinds: [FileKind], _ what: String, _ span: Span) {
        guard case .string(let path) = file.path.kind, let kind = FileKind(path: path), !kinds.contains(kind) else {
            return
        }
        refuse("\(what) of a `.\(kind.rawValue)` file", span)
    }

    // MARK: Expressions

    private mutating func visit(_ expressions: [TypedExpression]) {
        for expression in expressions { visit(expression) }
    }

    private mutating func visit(_ expression: TypedExpression) {
        if let what = unknown(expression) { refuse(what, expression.span) }
        switch expression.kind {
        case .call(let index, let arguments):
            visit(arguments)
            if seen.insert(index).inserted { visit(functions[index].body) }
        case .block(let block), .local(let block): visit(block)
        case .conditional(let condition, let then, let otherwise):
            visit(condition)
            visit(then)
            visit(otherwise)
        case .comprehension(let domain, _): visit(expression.children, inside: domain)
        case .reduction(let reduction): visit(expression.children, inside: reduction.domain)
        default: visit(expression.children)
        }
    }

    private mutating func visit(_ block: TypedBlock) {
        visit(block.statements)
        visit(block.value)
    }

    private mutating func visit(_ expressions: [TypedExpression], inside domain: Domain) {
        let outer = isInside
        isInside = isInside || domain.isOverGrid
        visit(expressions)
        isInside = outer
    }

    /// What it is that arrays over a grid are not known to; nil: it has none, or knows them.
    private func unknown(_ expression: TypedExpression) -> String? {
        switch expression.kind {
        case .slice(let array, _): array.type.isOverGrid ? "a slice" : nil
        case .ownBlock(let array): array.type.isOverGrid ? "`local` code" : nil
        case .arrayOperation(let operation, let operands):
            (operands + [expression]).allSatisfy { $0.type.isKnown(to: operation) }
                ? nil : "`\(operation.kind.rawValue)`"
        case .collective(let collective, let operands): unknown(collective, operands, expression)
        case .element(let array, _, _): array.type.isOverGrid && !isInside ? "a read" : nil
        case .comprehension(let domain, _):
            domain.across != nil && !domain.isOverGrid
                ? "a comprehension whose first ranges are not the divided ones" : nil
        case .reduction(let reduction): unknown(reduction, expression)
        default: nil
        }
    }

    private func unknown(_ collective: Collective, _ operands: [TypedExpression], _ result: TypedExpression) -> String?
    {
        guard (operands + [result]).contains(where: \.type.isOverGrid) else { return nil }
        let isOfAll = collective == .scatter && operands[0].type.placement == .replicated
        return isOfAll || collective == .allgather ? nil : "`\(collective.rawValue)`"
    }

    private func unknown(_ reduction: TypedReduction, _ expression: TypedExpression) -> String? {
        if reduction.domain.across == nil { return expression.type.isOverGrid ? "a reduction" : nil }
        if !reduction.domain.isOverGrid { return "a reduction whose first ranges are not the divided ones" }
        if reduction.op.isUser { return "a reduction by an operator of the program's own" }
        return reduction.kept.isEmpty && reduction.keys.isEmpty ? nil : "a reduction to an array"
    }
}

extension ValueType {
    /// Whether it has an array with two divided axes.
    fileprivate var isOverGrid: Bool { dataLeaves?.contains { $0.placement.distribution.isGrid } ?? false }

    fileprivate func isKnown(to operation: ArrayOperation) -> Bool {
        if !isOverGrid { return true }
        return (operation.kind == .transpose || operation.kind == .matmul) && array?.placement == .scattered(.grid)
    }
}
