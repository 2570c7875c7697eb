import Language
import Source

/// What is known of integers: the sizes that shapes are written in, and whether an index stays in range.
public struct SizeKnowledge: Sendable {
    /// The values of integers that never change.
    public package(set) var variables: [Variable: Size] = [:]
    /// Which ranges bound an index.
    package var bounds: [Size.Atom: IndexBounds] = [:]
    /// Expressions whose value an atom is, where it can be computed again.
    package var expressions: [Size.Atom: TypedExpression] = [:]
    private var structural: [String: Size.Atom] = [:]
    /// This rank's share of an extent.
    private var blocks: [Size: Size.Atom] = [:]
    package private(set) var atomCount = 0

    package init() {}

    package mutating func newAtom(_ name: String) -> Size.Atom {
        atomCount += 1
        return Size.Atom(id: atomCount - 1, name: name)
    }

    /// Makes the value of an index an unknown of its own, between two sizes.
    package mutating func bound(_ index: Variable, from lower: Size, to last: Size, _ span: Span) {
        let atom = newAtom(index.name)
        bounds[atom] = IndexBounds(lower: lower, last: last, span: span)
        variables[index] = Size(atom)
    }
}

/// What bounds an index variable: `lower <= index`, and `index <= last`.
package struct IndexBounds: Sendable {
    package var lower: Size
    package var last: Size
    package var span: Span
    package init(lower: Size, last: Size, span: Span) {
        self.lower = lower
        self.last = last
        self.span = span
    }
}

extension SizeKnowledge {
    /// The value of an integer expression as a size; a new atom where it is not a polynomial of known sizes.
    package mutating func size(of expression: TypedExpression, named name: String? = nil) -> Size {
        if let known = knownSize(of: expression) { return known }
        let key = structure(of: expression)
        if let key, let atom = structural[key] { return Size(atom) }
        let atom = newAtom(name ?? "(\(sourceText(expression.span)))")
        if let key {
            structural[key] = atom
            expressions[atom] = expression
        }
        return Size(atom)
    }

    /// A text that is equal for expressions that always have one value: only integers that never change. Nil for all others.
    private func structure(of expression: TypedExpression) -> String? {
        switch expression.kind {
        case .constant(let constant): return "\(constant)"
        case .variable(let variable): return variables[variable] == nil ? nil : "v\(variable.id)"
        case .convert(let value): return structure(of: value).map { "\(expression.type)(\($0))" }
        case .ranks: return "ranks"
        case .extent(let array, let axis):
            return array.type.array.map { "size(\($0.shape[axis].terms))" }
        case .apply(let op, let operands):
            let parts = operands.compactMap { structure(of: $0) }
            return parts.count == operands.count ? "\(op)(\(parts.joined(separator: ",")))" : nil
        default: return nil
        }
    }

    /// The same, nil where the value is not known as a size.
    package func knownSize(of expression: TypedExpression) -> Size? {
        switch expression.kind {
        case .constant(.integer(let value, _)): Size(Int(value))
        case .variable(let variable): variables[variable]
        case .extent(let array, let axis): array.type.array.map { $0.shape[axis] }
        case .convert(let value) where expression.type.array?.element == .i64: knownSize(of: value)
        case .apply(let op, let operands) where expression.type.canBeSize:
            switch op {
            case .add: combine(operands, Size.sum)
            case .subtract: combine(operands) { Size.sum($0, $1 * Size(-1)) }
            case .multiply: combine(operands, Size.product)
            case .negate: knownSize(of: operands[0]).map { Size(0) - $0 }
            default: nil
            }
        case .power(let base, let exponent) where expression.type.canBeSize:
            (1..<exponent).reduce(knownSize(of: base)) { power, _ in
                power.flatMap { power in knownSize(of: base).flatMap { Size.product(power, $0) } }
            }
        case .block(let block) where block.statements.isEmpty: knownSize(of: block.value)
        default: nil
        }
    }

    private func combine(_ operands: [TypedExpression], _ operation: (Size, Size) -> Size?) -> Size? {
        guard let a = knownSize(of: operands[0]), let b = knownSize(of: operands[1]) else { return nil }
        return operation(a, b)
    }

    /// This rank's share of an extent, inside `local { }`.
    package mutating func blockSize(of size: Size) -> Size {
        if let atom = blocks[size] { return Size(atom) }
        let atom = newAtom("block of \(size)")
        blocks[size] = atom
        return Size(atom)
    }

    /// How many indices a range has.
    package mutating func count(_ lower: Size, _ upper: Size, step: TypedExpression) -> Size {
        let span = upper - lower
        let place = step.span
        guard case .constant(.integer(let step, _)) = step.kind else { return Size(newAtom("count")) }
        if let constant = span.constant { return Size(constant > 0 ? (constant - 1) / Int(step) + 1 : 0) }
        if step == 1 { return span }
        // Equal ranges have equal sizes where the length can be computed again.
        guard let length = expression(for: span + Size(Int(step) - 1), place) else {
            return Size(newAtom("(\(span))/\(step)"))
        }
        let divisor = integer(Int(step), length.span)
        return size(
            of: arithmetic(.floorDivide, length, divisor, length.span), named: "(\(span))/\(step)")
    }

    // MARK: Bounds

    /// Whether an index is within an extent, as far as the ranges of the index variables tell.
    package enum BoundsVerdict {
        case proved
        case unknown
        /// Falls outside whenever the range is not empty; the value that does, as text.
        case broken(String)
    }

    /// `isCertain`: whether the code that uses the index is certain to run.
    package func verdict(index: TypedExpression, extent: Size, isCertain: Bool) -> BoundsVerdict {
        guard let size = knownSize(of: index) else { return .unknown }
        guard let least = extreme(of: size, greatest: false), let greatest = extreme(of: size, greatest: true) else {
            return .unknown
        }
        let isSure = isCertain && reachesExtremes(size)
        if let low = least.constant, low < 0 { return isSure ? .broken("\(low)") : .unknown }
        let room = (extent - greatest).constant
        if let room, room <= 0 { return isSure ? .broken("\(greatest)") : .unknown }
        if let low = least.constant, low >= 0, room != nil { return .proved }
        return .unknown
    }

    /// What a size lies between over the ranges of its index variables, when both ends are constants.
    package func constantBounds(of size: Size) -> ClosedRange<Int>? {
        guard let least = extreme(of: size, greatest: false)?.constant,
            let greatest = extreme(of: size, greatest: true)?.constant
        else { return nil }
        // An empty range has no values: one does for them all.
        return least...max(least, greatest)
    }

    /// The least or greatest value of a size over the ranges of its index variables; nil where a variable does not stand alone.
    package func extreme(of size: Size, greatest: Bool) -> Size? {
        var size = size
        // The innermost variable first: what the rest has in common with its bounds cancels, as in i + k for i in 0..n-k.
        while let atom = indexAtoms(in: size).max(), let bounds = bounds[atom] {
            guard let coefficient = size.terms[[atom]],
                size.terms.keys.allSatisfy({ $0 == [atom] || !$0.contains(atom) })
            else { return nil }
            let bound = greatest == (coefficient > 0) ? bounds.last : bounds.lower
            // Nothing is known of what may not be reckoned with in 64 bits.
            guard let multiple = bound.multiple(coefficient) else { return nil }
            size = size + multiple - Size(atom) * Size(coefficient)
        }
        return size
    }

    private func indexAtoms(in size: Size) -> [Size.Atom] { size.terms.keys.joined().filter { bounds[$0] != nil } }

    /// Whether the extremes are reached whenever the ranges are not empty: no range of an index variable depends on another one.
    private func reachesExtremes(_ size: Size) -> Bool {
        indexAtoms(in: size).allSatisfy { atom in
            guard let bounds = bounds[atom] else { return true }
            return indexAtoms(in: bounds.lower).isEmpty && indexAtoms(in: bounds.last).isEmpty
        }
    }

    /// A size written back as an expression, when every atom is a variable that can still be read here.
    package func expression(for size: Size, _ span: Span) -> TypedExpression? {
        var sum: TypedExpression?
        for (monomial, coefficient) in size.terms.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
            var product = coefficient == 1 && !monomial.isEmpty ? nil : integer(coefficient, span)
            for atom in monomial {
                guard let factor = expressions[atom] else { return nil }
                product = product.map { arithmetic(.multiply, $0, factor, span) } ?? factor
            }
            guard let product else { continue }
            sum = sum.map { arithmetic(.add, $0, product, span) } ?? product
        }
        return sum ?? integer(0, span)
    }

    /// The extent of an axis: written as a size where that is possible, so that equal extents look alike.
    package func extent(_ array: TypedExpression, _ axis: Int, _ span: Span) -> TypedExpression {
        if let size = array.type.array?.shape[axis], let written = expression(for: size, span) { return written }
        return TypedExpression(.extent(array, axis: axis), array.type.array.map(extentType) ?? .i64, span)
    }
}
