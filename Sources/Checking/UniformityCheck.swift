import Language
import Source
import TypedTree

/// The last look at a typed program: whatever says how large a value that all ranks share is, which of its elements are meant, or how much
/// of it is sent, is the same on all ranks. Conditions and trip counts around what communicates are checked where they stand (`requireUniform`).
struct UniformityCheck {
    private(set) var diagnostics: [Diagnostic] = []
    private let functions: [TypedFunction]
    /// Where a `local` variable got its value.
    private var origins: [Variable: (name: String, span: Span)] = [:]
    /// Inside `local { }` everything is a rank's own.
    private var isLocal = false
    private var calls: [(name: String, span: Span)] = []
    private var seen: Set<Int> = []

    /// The faults of a program that has no other.
    static func faults(in body: [TypedStatement], _ functions: [TypedFunction]) -> [Diagnostic] {
        var check = UniformityCheck(functions)
        check.visit(body)
        return check.diagnostics
    }

    private init(_ functions: [TypedFunction]) { self.functions = functions }

    // MARK: Walking

    private mutating func visit(_ statements: [TypedStatement]) {
        for statement in statements { visit(statement) }
    }

    private mutating func visit(_ statement: TypedStatement) {
        switch statement.kind {
        case .binding(let variable, let value):
            visit(value)
            if variable.type.array?.placement == .local { origins[variable] = origin(of: value) }
        case .update(let variable, let indices, let value, let condition, let domain):
            let tests = condition.map { [$0] } ?? []
            if !isLocal, variable.type.array?.placement != .local {
                let need = "which elements of `\(variable.name)` (\(variable.type)) are assigned"
                requireShared(domain.bounds + tests + indices.flatMap(\.children), need)
            }
            visit(domain.children + tests + indices.flatMap(\.children) + [value])
        case .forLoop(_, let lower, let upper, let step, let body):
            requireKnown([lower, upper, step], "the range of a loop")
            visit([lower, upper, step])
            visit(body)
        case .whileLoop(let condition, let body):
            visit(condition)
            visit(body)
        case .conditional(let condition, let then, let otherwise):
            visit(condition)
            visit(then)
            visit(otherwise)
        case .load(_, let file, let extents):
            visit(file.parts)
            for case .equals(let size) in extents {
                requireShared([size], "an extent of a file")
                visit(size)
            }
        case .breakLoop, .continueLoop: break
        case .tupleBinding, .assignment, .returnValue, .print, .show, .assertion, .save, .expression:
            visit(statement.children)
        }
    }

    private mutating func visit(_ expression: TypedExpression) {
        check(expression)
        switch expression.kind {
        case .call(let index, let arguments):
            visit(arguments)
            guard seen.insert(index).inserted else { return }
            let function = functions[index]
            calls.append((function.name, expression.span))
            visit(function.body)
            calls.removeLast()
        case .local(let block):
            let outer = isLocal
            isLocal = true
            visit(block)
            isLocal = outer
        case .block(let block): visit(block)
        case .conditional(let condition, let then, let otherwise):
            visit(condition)
            visit(then)
            visit(otherwise)
        default: visit(expression.children)
        }
    }

    private mutating func visit(_ expressions: [TypedExpression]) {
        for expression in expressions { visit(expression) }
    }

    private mutating func visit(_ block: TypedBlock) {
        visit(block.statements)
        visit(block.value)
    }

    // MARK: What must be the same on all ranks

    private mutating func check(_ expression: TypedExpression) {
        switch expression.kind {
        case .comprehension(let domain, _):
            requireKnown(domain.bounds, "an extent of an array")
            if expression.isShared { requireShared(domain.bounds, "an extent of a divided array") }
        case .reduction(let reduction):
            let kept = Domain(ranges: reduction.kept)
            requireKnown(reduction.domain.bounds + kept.bounds, "the range of a reduction")
            guard expression.isShared else { return }
            requireShared(reduction.domain.bounds + kept.bounds, "the range of a reduction over all ranks")
            requireShared(reduction.keys.map(\.count), "the number of keys of a reduction over all ranks")
            requireShared(reduction.keys.map(\.index), "the key in a reduction over all ranks")
        case .arrayOperation(let operation, let operands):
            let meets = operands.contains { $0.type.array?.placement.isDivided == true }
            guard meets, operation.kind != .gather, !operation.isInspector else { return }
            let need =
                operation.kind == .slice
                ? "where a scattered array is cut" : "what `\(operation.kind.rawValue)` of a scattered array is given"
            requireShared(operands, need)
        case .checkShape(_, let expected, _):
            let need = "an extent of an array"
            if expression.isShared { requireShared(expected.compactMap { $0 }, need, at: expression.span) }
        case .slice(_, let subscripts):
            requireKnown(subscripts.flatMap(\.children), "where an array is cut")
            if expression.isShared { requireShared(subscripts.flatMap(\.children), "where an array is cut") }
        default: break
        }
    }

    private mutating func requireShared(_ values: [TypedExpression], _ need: String, at span: Span? = nil) {
        requireKnown(values, need)
        guard !isLocal, let value = values.first(where: { $0.type.array?.placement == .local }) else { return }
        let (place, origin) = (place(of: value), origin(of: value))
        report(.divergentArgument(need, value.type, at: span ?? place, (origin.name, outside(origin.span) ?? place)))
    }

    /// What only rank 0 holds, the others cannot go by.
    private mutating func requireKnown(_ values: [TypedExpression], _ need: String) {
        guard let value = values.first(where: { $0.type.array?.placement == .root }) else { return }
        report(.rootArgument(need, value.type, at: place(of: value)))
    }

    /// Where the program says it: the call of what is part of the language stands for what is inside.
    private func place(of value: TypedExpression) -> Span {
        outside(value.span) ?? calls.reversed().lazy.compactMap { outside($0.span) }.first ?? value.span
    }

    private func outside(_ span: Span) -> Span? { span.file.isOfLanguage ? nil : span }

    private mutating func report(_ diagnostic: Diagnostic) {
        var diagnostic = diagnostic
        for call in calls.reversed() where !call.span.file.isOfLanguage && !call.span.coincides(with: diagnostic.span) {
            diagnostic.notes.append(.call(of: call.name, at: call.span))
        }
        if !diagnostics.contains(where: { $0.span.coincides(with: diagnostic.span) }) { diagnostics.append(diagnostic) }
    }

    /// Where a value became different between ranks.
    private func origin(of value: TypedExpression) -> (name: String, span: Span) {
        var found: (name: String, span: Span)?
        value.walk { inner in
            guard found == nil else { return }
            if case .rank = inner.kind { found = ("rank()", inner.span) }
            if case .variable(let variable) = inner.kind, inner.type.array?.placement == .local {
                found = origins[variable] ?? (variable.name, inner.span)
            }
        }
        return found ?? (value.span.text, value.span)
    }
}

extension TypedExpression {
    /// Whether all ranks have the value together.
    fileprivate var isShared: Bool {
        switch type.array?.placement {
        case .local, .root, nil: false
        case .replicated, .scattered, .part: true
        }
    }
}
