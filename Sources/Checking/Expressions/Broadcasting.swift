import Language
import Source
import Syntax
import TypedTree

// NumPy's rule for operands of different shapes: axes are matched from the last one on, and an extent of 1, or a missing axis, stretches to
// what the others have. Only where the sizes prove it, and where every rank has what it reads.
//
//     x - mean(x, axis: 0)        →        x - [once[j] for i in 0..n, j in 0..d]

extension Checker {
    /// What is made of operands that are stretched to one shape; nil where none has to be, or none can.
    func broadcast(
        _ operands: [TypedExpression], _ written: String, _ span: Span,
        _ use: ([TypedExpression]) -> TypedExpression
    ) -> TypedExpression? {
        let arrays = operands.compactMap(\.type.array).filter { !$0.isScalar }
        guard arrays.allSatisfy({ !$0.placement.isPart && $0.placement != .root }),
            let shape = stretchedShape(arrays), arrays.contains(where: { $0.isStretched(to: shape) })
        else { return nil }
        guard let divided = dividedAxis(operands, shape, written, span) else { return error(span) }
        return naming(operands[...]) { named in
            let extents = shape.indices.map { self.extent(named, $0, shape, span) }
            return use(named.map { self.stretched($0, to: shape, extents, divided, span) })
        }
    }

    /// The shape that all can be stretched to; nil where that is not proved.
    private func stretchedShape(_ arrays: [ArrayType]) -> [Size]? {
        let rank = arrays.map(\.rank).max() ?? 0
        var shape: [Size] = []
        for axis in 0..<rank {
            let wide = arrays.filter { $0.extent(at: axis, of: rank)?.isOne == false }
            guard let first = wide.first?.extent(at: axis, of: rank) else {
                shape.append(Size(1))
                continue
            }
            for array in wide {
                guard let extent = array.extent(at: axis, of: rank) else { return nil }
                // What is open is checked when the program runs, as between arrays of one shape.
                let isOpen = Size.difference(extent, first) == nil && array.rank == rank
                guard extent == first || isOpen else { return nil }
            }
            shape.append(first)
        }
        return shape
    }

    /// The axis of the result that is divided, as all divided operands are; nil, reported, where they do not lie together.
    private func dividedAxis(
        _ operands: [TypedExpression], _ shape: [Size], _ written: String, _ span: Span
    ) -> Int?? {
        var found: (axis: Int, operand: TypedExpression)?
        for operand in operands {
            guard let type = operand.type.array, let own = type.placement.dividedAxis else { continue }
            let axis = own + shape.count - type.rank
            if type.shape[own].isOne, !shape[axis].isOne {
                report(.stretchedAcrossRanks(operand.type, at: operand.span))
                return nil
            }
            if let found, found.axis != axis {
                report(.placementMismatch(written, found.operand, operand, at: span))
                return nil
            }
            found = found ?? (axis, operand)
        }
        if let found, let other = operands.first(where: { $0.type.isLocal && $0.type.array?.isScalar == false }) {
            report(.placementMismatch(written, found.operand, other, at: span))
            return nil
        }
        return .some(found?.axis)
    }

    /// The arrays under names, each evaluated once.
    private func naming(
        _ operands: ArraySlice<TypedExpression>, _ use: ([TypedExpression]) -> TypedExpression
    ) -> TypedExpression {
        guard let first = operands.first else { return use([]) }
        let rest = operands.dropFirst()
        guard first.type.array?.isScalar == false else { return naming(rest) { use([first] + $0) } }
        let array = context.isElement ? stable(first) : first
        return bindingOnce(array) { named in self.naming(rest) { use([named] + $0) } }
    }

    private func extent(_ operands: [TypedExpression], _ axis: Int, _ shape: [Size], _ span: Span) -> TypedExpression {
        for operand in operands {
            guard let type = operand.type.array, !type.isScalar else { continue }
            let own = axis - (shape.count - type.rank)
            if own >= 0, !type.shape[own].isOne { return extent(operand, own, span) }
        }
        return integer(1, span)
    }

    private func stretched(
        _ operand: TypedExpression, to shape: [Size], _ extents: [TypedExpression], _ divided: Int?, _ span: Span
    ) -> TypedExpression {
        guard let type = operand.type.array, !type.isScalar, type.isStretched(to: shape) else { return operand }
        let ranges = extents.enumerated().map { axis, extent in wholeAxis(axis, extent, shape[axis], span) }
        let missing = shape.count - type.rank
        let indices = type.shape.enumerated().map { axis, extent in
            extent.isOne ? integer(0, span) : ranges[axis + missing].index.read(at: span)
        }
        let domain = Domain(ranges: ranges, divided: divided.map { ($0, extents[$0]) })
        let placement = divided.map { Placement.scattered(axis: $0) } ?? type.placement
        let element = TypedExpression(
            .element(operand, indices, .proved),
            .scalar(type.element, type.placement == .local ? .local : .replicated), span)
        return TypedExpression(
            .comprehension(domain, element), .array(ArrayType(type.element, shape, placement)), operand.span)
    }

    // MARK: Axes that are kept

    /// `keep: true` of a reduction along an axis: the axis stays, with an extent of 1.
    func keepingAxis(_ axis: Int, of reduced: TypedExpression, _ span: Span) -> TypedExpression {
        guard reduced.type != .error else { return reduced }
        return bindingOnce(reduced) { named in
            leafwise(named) { result in
                guard let type = result.type.array, !type.placement.isPart else {
                    return report(.partUsed(result.type, "given an axis by `keep`", at: span))
                }
                let own = domain(of: result, type, span).ranges
                let one = Domain.Range(
                    index: newVariable("one", .i64), lower: integer(0, span), upper: integer(1, span),
                    step: integer(1, span))
                var all = Domain(ranges: own[..<axis] + [one] + own[axis...])
                var shape = type.shape
                shape.insert(Size(1), at: axis)
                var placement = type.placement
                if let divided = placement.dividedAxis {
                    let moved = divided < axis ? divided : divided + 1
                    all.divided = (moved, own[divided].upper)
                    placement = .scattered(axis: moved)
                }
                let element = type.isScalar ? result : ownElement(result, own.map { $0.index.read(at: span) }, span)
                return TypedExpression(
                    .comprehension(all, element), .array(ArrayType(type.element, shape, placement)), span)
            }
        }
    }

    /// The arguments of a reduction without `keep: true`, and whether it is there; nil, reported, where it makes no sense.
    func takeKeep(_ arguments: [Argument], _ name: String) -> (arguments: [Argument], keeps: Bool)? {
        guard let place = arguments.firstIndex(where: { $0.label?.text == "keep" }) else { return (arguments, false) }
        var rest = arguments
        let keep = rest.remove(at: place)
        guard case .boolean(let keeps) = keep.value.kind, rest.contains(where: { $0.label?.text == "axis" }) else {
            report(.badKeep(name, at: keep.value.span))
            return nil
        }
        return (rest, keeps)
    }
}

extension ArrayType {
    /// The extent that stands at an axis of a result with so many axes; nil: it has none there.
    fileprivate func extent(at axis: Int, of rank: Int) -> Size? {
        let own = axis - (rank - self.rank)
        return own < 0 ? nil : shape[own]
    }

    fileprivate func isStretched(to wanted: [Size]) -> Bool {
        rank < wanted.count || zip(shape, wanted).contains { $0.isOne && !$1.isOne }
    }
}

extension Size {
    fileprivate var isOne: Bool { constant == 1 }
}

extension Diagnostic {
    /// What NumPy's rule says, and a comprehension that says which axes go together.
    static func stretching(_ op: String, _ a: TypedExpression, _ b: TypedExpression) -> [Note] {
        let rule = Note("axes go together from the last one on, where extents are proved equal or one of them is 1")
        guard let first = a.type.array, let second = b.type.array, first.rank != second.rank else { return [rule] }
        let (wide, narrow) = first.rank > second.rank ? (first, second) : (second, first)
        var axes: [Int] = []
        for extent in narrow.shape {
            let place = wide.shape.indices.first { $0 > axes.last ?? -1 && wide.shape[$0] == extent }
            guard let place else { return [rule] }
            axes.append(place)
        }
        let names = ["i", "j", "k", "l"]
        func read(_ operand: TypedExpression, _ type: ArrayType, _ name: String) -> String {
            let places = type.rank == wide.rank ? Array(wide.shape.indices) : axes
            let isName = if case .variable = operand.kind { true } else { false }
            return "\(isName ? operand.span.text : name)[\(places.map { names[$0] }.joined(separator: ", "))]"
        }
        let (left, right) = (read(a, first, "a"), read(b, second, "b"))
        let element = op.first?.isLetter == true ? "\(op)(\(left), \(right))" : "\(left) \(op) \(right)"
        let ranges = wide.shape.enumerated().map { "\(names[$0]) in 0..\($1)" }.joined(separator: ", ")
        return [
            rule,
            Note("`[\(element) for \(ranges)]` says which go together; a reduction with `keep: true` keeps its axis"),
        ]
    }
}
