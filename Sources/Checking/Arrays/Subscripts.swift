import Language
import Source
import Syntax
import TypedTree

/// A position between the brackets of `a[...]` whose expressions are typed.
enum TypedSubscript {
    case index(TypedExpression)
    /// A missing end is the array's.
    case range(lower: TypedExpression?, upper: TypedExpression?, step: TypedExpression?, Span)
    case all(Span)

    var index: TypedExpression? { if case .index(let index) = self { index } else { nil } }
    /// An index array, `x[idx]`.
    var isArray: Bool { index?.type.array?.isScalar == false }
    var isAll: Bool { if case .all = self { true } else { false } }

    /// Whether there was a mistake in it.
    var isWrong: Bool {
        switch self {
        case .index(let index): index.type == .error
        case .range(let lower, let upper, let step, _):
            [lower, upper, step].contains { $0?.type == .error }
        case .all: false
        }
    }
}

extension Checker {
    /// The subscripts, each typed once; nil where one is wrong. `index` types what is no range.
    func typed(_ subscripts: [Subscript], index: (Expression) -> TypedExpression) -> [TypedSubscript]? {
        let typed = subscripts.map { written -> TypedSubscript in
            switch written {
            case .index(let written): .index(index(written))
            case .range(let lower, let upper, let step, let span):
                .range(
                    lower: lower.map { self.index($0) }, upper: upper.map { self.index($0) },
                    step: step.map { self.index($0) }, span)
            case .all(let span): .all(span)
            }
        }
        return typed.contains(where: \.isWrong) ? nil : typed
    }

    /// An integer, an array of integers, or a mask.
    func subscriptIndex(_ written: Expression) -> TypedExpression {
        let typed = expression(written, expecting: .i64)
        guard let type = typed.type.array else {
            return typed.type == .error ? typed : report(.notAnInteger(typed.type, at: written.span))
        }
        if typed.isMask { return typed }
        guard type.element.isInteger else {
            return report(.notAnInteger(typed.type, at: written.span, isQuotient: typed.isQuotientOfIntegers))
        }
        if type.placement.isPart { return report(.partUsed(typed.type, "an index", at: written.span)) }
        if type.placement == .root { return report(.rootArithmetic(typed.type, at: written.span)) }
        return type.isScalar ? convert(typed, toElement: .i64) : typed
    }

    /// `..` alone stands for as many whole axes as are missing.
    func expanded(_ written: [TypedSubscript], rank: Int, _ span: Span) -> [TypedSubscript]? {
        var subscripts = written
        if written.count < rank, case .all(let all)? = written.last {
            subscripts += [TypedSubscript](repeating: .all(all), count: rank - written.count)
        }
        guard subscripts.count == rank else {
            report(.wrongIndexCount(rank, got: written.count, at: span))
            return nil
        }
        return subscripts
    }

    /// The step of a range: a positive constant that carries no index of an array beyond 64 bits. Anything else is reported.
    func constantStep(_ step: TypedExpression, at span: Span) -> Int? {
        guard case .constant(.integer(let value, _)) = step.kind, value > 0 else {
            report(.badStep(at: span))
            return nil
        }
        guard value <= Shape.mostElements else {
            report(.stepTooLarge(at: span))
            return nil
        }
        return Int(value)
    }

    /// The ends and the step of a range along an axis.
    func ends(
        _ given: (lower: TypedExpression?, upper: TypedExpression?, step: TypedExpression?), of array: TypedExpression,
        _ axis: Int, _ span: Span
    ) -> TypedRange {
        (
            given.lower ?? integer(0, span), given.upper ?? extent(array, axis, span), given.step ?? integer(1, span)
        )
    }
}

extension [Subscript] {
    /// Without a `..` at the end that stands for no axis: so a function may take vectors and matrices.
    func fitting(rank: Int) -> [Subscript] {
        guard count == rank + 1, case .all? = last else { return self }
        return dropLast()
    }
}

extension TypedExpression {
    /// An array of bools, `x[x > 0.0]`.
    var isMask: Bool { type.array.map { !$0.isScalar && $0.element == .bool } ?? false }

    /// `n / 2` of an integer n.
    var isQuotientOfIntegers: Bool {
        guard case .apply(.divide, let operands) = kind, case .convert(let left) = operands[0].kind else {
            return false
        }
        return left.type.array?.element.isInteger == true
    }
}
