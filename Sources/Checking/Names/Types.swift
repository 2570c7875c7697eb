import Language
import Source
import Syntax
import TypedTree

extension Checker {
    /// The type that a type expression names. `unknownSize` binds a size name that is not in scope (nil: an error);
    /// `knownSize` hears of every other size, in order.
    func type(
        _ written: TypeExpression, unknownSize: ((Name, Int) -> Size)? = nil,
        knownSize: ((TypedExpression) -> Void)? = nil
    ) -> ValueType? {
        switch written.kind {
        case .named(let name, let dimensions):
            if name.text == "string", dimensions.isEmpty { return .string }
            if let record = recordType(name) {
                guard record != .error, let array = dimensionedType(.f64, dimensions, unknownSize, knownSize)?.array
                else { return nil }
                return dimensions.isEmpty ? record : record.over(array.shape, array.placement)
            }
            guard let element = ElementType(rawValue: name.text) else {
                let types = ElementType.allCases.filter { !$0.isComplex }.map(\.rawValue)
                let records = visibleModules(from: name.span.file.path).flatMap(\.records.keys)
                report(.unknownType(name.text, at: name.span, nearest: nearest(to: name.text, among: types + records)))
                return nil
            }
            let type = dimensionedType(element.part ?? element, dimensions, unknownSize, knownSize)
            guard element.isComplex, let parts = type?.array else { return type }
            return dimensions.isEmpty
                ? .complex(element) : ValueType.complex(element).over(parts.shape, parts.placement)
        case .tuple(let parts):
            var types: [ValueType] = []
            for part in parts {
                guard let type = type(part, unknownSize: unknownSize, knownSize: knownSize) else { return nil }
                types.append(type)
            }
            return .tuple(types)
        case .part(let op, let inner):
            guard let reduction = ReductionOperator(symbol: op.text) else {
                report(.badPartOperator(op.text, at: op.span))
                return nil
            }
            return placed(.part(reduction), inner, unknownSize, knownSize)
        case .local(let inner): return placed(.local, inner, unknownSize, knownSize)
        case .root(let inner): return placed(.root, inner, unknownSize, knownSize)
        }
    }

    private func placed(
        _ placement: Placement, _ inner: TypeExpression, _ unknownSize: ((Name, Int) -> Size)?,
        _ knownSize: ((TypedExpression) -> Void)?
    ) -> ValueType? {
        guard let type = type(inner, unknownSize: unknownSize, knownSize: knownSize) else { return nil }
        guard let leaves = type.dataLeaves, leaves.allSatisfy({ $0.placement == .replicated }) else {
            report(.doublyPlaced(at: inner.span))
            return nil
        }
        return type.mappingLeaves { $0.with(placement: placement) }
    }

    private func dimensionedType(
        _ element: ElementType, _ dimensions: [Dimension], _ unknownSize: ((Name, Int) -> Size)?,
        _ knownSize: ((TypedExpression) -> Void)?
    ) -> ValueType? {
        var shape: [Size] = []
        let divided = dimensions.indices.filter { dimensions[$0].distribution == .block }
        if divided.count > 1, divided != [0, 1] {
            let what = divided.count > 2 ? "more than two divided axes" : "two divided axes other than the first two"
            report(.notYetSupported(what, at: dimensions[divided[divided.count - 1]].span))
            return nil
        }
        for (axis, dimension) in dimensions.enumerated() {
            switch dimension.distribution {
            case .none, .block: break
            case .cyclic:
                report(.notYetSupported("cyclic distribution", at: dimension.span))
                return nil
            }
            if case .name(let text) = dimension.size.kind, lookUp(text) == nil, let unknownSize {
                shape.append(unknownSize(Name(text, dimension.size.span), axis))
            } else {
                let size = index(dimension.size)
                if size.type == .error { return nil }
                knownSize?(size)
                shape.append(self.sizes.size(of: size))
            }
        }
        if dimensions.count > 4 {
            report(.notYetSupported("arrays of more than 4 dimensions", at: dimensions[4].span))
            return nil
        }
        return .array(ArrayType(element, shape, dimensions.placement))
    }

    // MARK: Conversion

    /// The expression as a value of the wanted type: widened, placed, its shape proved or checked; else an error.
    /// `target`: a variable of that type, whose extents stand in where the wanted sizes cannot be computed again.
    func convert(
        _ value: TypedExpression, to wanted: ValueType, for what: String, target: TypedExpression? = nil
    ) -> TypedExpression {
        let value = widened(redirected(value, to: wanted.dataLeaves?.first?.placement), toComplex: wanted)
        switch (value.type, wanted) {
        case (.error, _), (_, .error): return value
        case (.array(let have), .array(let want)): return convert(value, have, want, what, target)
        case (_, .array(let want)) where value.type.complexElement != nil:
            return report(.complexToReal(value.type, want.element, at: value.span))
        default: return value.type == wanted ? value : convertCompound(value, wanted, what, target)
        }
    }

    /// A tuple or record part by part.
    private func convertCompound(
        _ value: TypedExpression, _ wanted: ValueType, _ what: String, _ target: TypedExpression?
    ) -> TypedExpression {
        guard let types = wanted.components, value.type.componentNames == wanted.componentNames,
            value.type.record?.name == wanted.record?.name
        else { return report(.typeMismatch(value.type, wanted, what, at: value.span)) }
        let convertParts = { (value: TypedExpression) -> TypedExpression in
            let targets = target.map(self.components)
            let parts = zip(self.components(value), types).enumerated().map { index, pair in
                self.convert(pair.0, to: pair.1, for: what, target: targets?[index])
            }
            if parts.contains(where: { $0.type == .error }) { return self.error(value.span) }
            return TypedExpression(.tuple(parts), wanted, value.span)
        }
        if case .tuple = value.kind { return convertParts(value) }
        return bindingOnce(value, convertParts)
    }

    private func convert(
        _ value: TypedExpression, _ have: ArrayType, _ want: ArrayType, _ what: String, _ target: TypedExpression?
    ) -> TypedExpression {
        func mismatch() -> TypedExpression { report(.typeMismatch(value.type, .array(want), what, at: value.span)) }
        guard have.rank == want.rank, have.element.widens(to: want.element) else { return mismatch() }
        var result = convert(value, toElement: want.element)
        if have.placement != want.placement {
            switch (have.placement, want.placement) {
            case (.replicated, .scattered), (.replicated, .local), (.replicated, .root):
                result = TypedExpression(
                    .place(result), .array(ArrayType(want.element, have.shape, want.placement)), value.span)
            case (.part, _): return report(.partUsed(value.type, "used as \(ValueType.array(want))", at: value.span))
            default: return mismatch()
            }
        }
        return withShape(result, want.shape, what: what, target: target) ?? mismatch()
    }

    /// Widens or narrows the elements.
    func convert(_ value: TypedExpression, toElement element: ElementType) -> TypedExpression {
        guard let type = value.type.array, type.element != element else { return value }
        if case .constant(.integer(let number, let source)) = value.kind, element.isFloat {
            let number = source == .u64 ? Double(UInt64(bitPattern: number)) : Double(number)
            return TypedExpression(.constant(.float(number, element)), .scalar(element), value.span)
        }
        return TypedExpression(.convert(value), .array(type.with(element: element)), value.span)
    }

    /// The value with the wanted shape: as it is where the shapes are proved equal, behind a check at run time where that is
    /// open, nil where they are proved different.
    func withShape(
        _ value: TypedExpression, _ wanted: [Size], what: String, target: TypedExpression? = nil
    ) -> TypedExpression? {
        guard case .array(var type) = value.type, type.shape != wanted else { return value }
        var expected: [TypedExpression?] = []
        for (axis, (have, want)) in zip(type.shape, wanted).enumerated() {
            if have == want {
                expected.append(nil)
            } else if Size.difference(want, have) != nil {
                return nil
            } else if let size = sizes.expression(for: want, value.span) {
                expected.append(size)
            } else if let target {
                expected.append(
                    TypedExpression(
                        .extent(target, axis: axis), target.type.array.map(extentType) ?? .i64, value.span))
            } else {
                return nil
            }
        }
        type.shape = wanted
        return TypedExpression(.checkShape(value, expected: expected, context: what), .array(type), value.span)
    }
}
