import Language
import Source
import Syntax
import TypedTree

// Elements that an array names: `y[idx] = v`, `y[idx] += v`, `x[mask] = v`.
//
//     x[mask] = 0.0    →   x[i, j] = 0.0 for i in 0..n, j in 0..m if mask[i, j]
//     x[mask] = w      →   x[the places where mask is true] = w
//     y[idx] += v      →   y[idx[k]] += v[k] for k in 0..size(idx)
//     y[idx] = v       →   y = put(y, idx, v)

extension Checker {
    /// An assignment whose subscripts may be arrays. Each is evaluated once and stands under a name.
    func indirectAssignment(
        _ target: AssignedArray, _ subscripts: [Subscript], _ source: RegionSource
    ) -> [TypedStatement] {
        inNewScope {
            var array: (axis: Int, index: TypedExpression)?
            var before: [TypedStatement] = []
            var named = subscripts
            for (axis, subscripted) in subscripts.enumerated() {
                guard case .index(let written) = subscripted, subscripted.mayBeArray else { continue }
                let index = subscriptIndex(written)
                if index.type == .error { return [] }
                if index.type.array?.isScalar == false { array = (axis, index) }
                named[axis] = .index(naming(index, "index \(axis)", &before))
            }
            guard let array else { return before + directAssignment(target, named, source) }
            guard target.current.type.numberElement != nil, array.axis == 0,
                subscripts.dropFirst().allSatisfy(\.isAll), subscripts.count <= target.type.rank
            else { return refused(target, array.index) }
            let value = expression(source.written, expecting: target.type.element)
            guard value.type != .error else { return [] }
            let index = array.index.isMask ? array.index : convert(array.index, toElement: .i64)
            return before + assigned(target, at: index, value)
        }
    }

    private func refused(_ target: AssignedArray, _ index: TypedExpression) -> [TypedStatement] {
        report(.indicesAssignedBeside(target.written.text, at: index.span))
        return []
    }

    /// A name that nobody can write, for a value that is evaluated once.
    private func naming(
        _ value: TypedExpression, _ text: String, _ before: inout [TypedStatement]
    ) -> Expression {
        let name = Name("the \(text)", value.span)
        var meaning = value
        if value.type.components != nil {
            let (statements, named) = dissolved(value, named: name.text)
            before += statements
            meaning = named
        } else if value.type.array?.isScalar == false || !value.isNamed && sizes.knownSize(of: value) == nil {
            let variable = newVariable(name.text, value.type)
            before.append(TypedStatement(kind: .binding(variable, value), span: value.span))
            meaning = variable.read(at: value.span)
        }
        bind(name, Binding(meaning: .alias(meaning), span: value.span))
        return Expression(.name(name.text), value.span)
    }

    private func assigned(
        _ target: AssignedArray, at index: TypedExpression, _ value: TypedExpression
    ) -> [TypedStatement] {
        guard let own = index.type.array, value.type.numberElement != nil, let have = arrayType(of: value) else {
            report(.elementNotScalar(value.type, at: value.span))
            return []
        }
        if index.isMask, have.isScalar { return masked(target, index, own, value) }
        guard own.rank == 1 else { return refused(target, index) }
        guard !index.isMask else { return assigned(target, at: places(of: index, own), value) }
        guard target.op == .assign else { return combined(target, index, value, have) }
        guard let element = target.current.type.complexElement else { return put(target, index, value, have) }
        return putParts(target, index, widened(value, toComplex: .complex(element)))
    }

    /// `z[idx] = w` of complex numbers: part by part.
    private func putParts(_ target: AssignedArray, _ index: TypedExpression, _ value: TypedExpression)
        -> [TypedStatement]
    {
        guard value.type.complexElement != nil else {
            report(.elementNotScalar(value.type, at: value.span))
            return []
        }
        let (places, named) = dissolved(
            .init(.tuple([index, value]), .tuple([index.type, value.type]), value.span), named: "put")
        let parts = components(named)
        return places
            + zip(components(target.current), components(parts[1])).flatMap { own, part -> [TypedStatement] in
                var target = target
                target.current = own
                return part.type.array.map { put(target, parts[0], part, $0) } ?? []
            }
    }

    // MARK: Masks

    private func masked(
        _ target: AssignedArray, _ mask: TypedExpression, _ own: ArrayType, _ value: TypedExpression
    ) -> [TypedStatement] {
        let shape = Array(target.type.shape.prefix(own.rank))
        guard own.rank == 1 || own.rank == target.type.rank,
            let checked = withShape(
                mask, shape, what: "the mask of `\(target.written.text)`", target: firstLeaf(target.current))
        else {
            report(.maskOfOtherShape(target.written.text, target.current.type, mask.type, at: mask.span))
            return []
        }
        var before: [TypedStatement] = []
        let (mask, value) = (naming(checked, "mask", &before), naming(value, "value", &before))
        let indices = target.type.shape.indices.map { Name("i\($0)", mask.span) }
        let read = indices.map { Subscript.index(Expression(.name($0.text), $0.span)) }
        let condition = Expression(.index(mask, Array(read.prefix(own.rank))), mask.span)
        let source = RegionSource(
            written: value, generator: Generator(clauses(indices, over: target, &before), condition, mask.span))
        return before + regionAssignment(target.written, read, target.op, source, target.span)
    }

    /// The whole axes of the array that is assigned, from the first name's on.
    private func clauses(
        _ indices: [Name], over target: AssignedArray, from axis: Int = 0, _ before: inout [TypedStatement]
    ) -> [Generator.Clause] {
        indices.enumerated().map { position, name in
            let extent = extent(firstLeaf(target.current), axis + position, name.span)
            let upper = naming(extent, "extent \(axis + position)", &before)
            let zero = Expression(.integer("0"), name.span)
            return Generator.Clause(name, .range(RangeExpression(zero, upper, nil, name.span), isScattered: false))
        }
    }

    /// The numbers of the elements for which a mask is true, where the mask is.
    private func places(of mask: TypedExpression, _ type: ArrayType) -> TypedExpression {
        guard let compress = Builtins.named("compress") else { return error(mask.span) }
        return bindingOnce(mask) { mask in
            var all = self.domain(of: mask, type, mask.span)
            let row = all.ranges[0].index.read(at: mask.span)
            all.divided = type.placement.dividedAxis.map { ($0, all.ranges[$0].upper) }
            let rows = ArrayType(.i64, type.shape, type.placement)
            let numbers = TypedExpression(.comprehension(all, row), .array(rows), mask.span)
            return self.compress(compress, [numbers, mask], mask.span)
        }
    }

    // MARK: Indices

    /// `y[idx] += v`: whatever stands at one place is added up.
    private func combined(
        _ target: AssignedArray, _ index: TypedExpression, _ value: TypedExpression, _ have: ArrayType
    ) -> [TypedStatement] {
        var before: [TypedStatement] = []
        let span = index.span
        let place = Name("k", span)
        let position = Subscript.index(Expression(.name(place.text), span))
        let count = naming(extent(index, 0, span), "count", &before)
        let keys = naming(index, "indices", &before)
        let inner = target.type.shape.indices.dropFirst().map { Name("i\($0)", span) }
        let read = inner.map { Subscript.index(Expression(.name($0.text), $0.span)) }
        let values = naming(value, "value", &before)
        let zero = Expression(.integer("0"), span)
        let range = Generator.Clause(place, .range(RangeExpression(zero, count, nil, span), isScattered: false))
        let element = have.isScalar ? values : Expression(.index(values, [position] + read), value.span)
        let source = RegionSource(
            written: element,
            generator: Generator([range] + clauses(inner, over: target, from: 1, &before), nil, span))
        let key = Subscript.index(Expression(.index(keys, [position]), span))
        return before + regionAssignment(target.written, [key] + read, target.op, source, target.span)
    }

    /// `y[idx] = v`: a copy with other elements at some places, each of which may be named once, unless one number stands at all.
    private func put(
        _ target: AssignedArray, _ index: TypedExpression, _ value: TypedExpression, _ have: ArrayType
    ) -> [TypedStatement] {
        let (type, name, span) = (target.type, target.written.text, target.span)
        guard let own = index.type.array, case .variable(let variable) = target.current.kind else { return [] }
        guard lieTogether(target, [index, value]) else { return [] }
        let result = bindingOnce(index) { index in
            let wanted = ArrayType(type.element, own.shape + type.shape.dropFirst(), type.placement)
            let what = "the elements of `\(name)[...]`"
            var placed = have.isScalar ? copies(value, wanted, index, target) : value
            if let count = have.shape.first {
                let rows = ArrayType(type.element, [count] + type.shape.dropFirst(), type.placement)
                placed = convert(placed, to: .array(rows), for: what, target: target.current)
            }
            placed = convert(placed, to: .array(wanted), for: what, target: index)
            let indices = convert(
                index, to: .array(ArrayType(.i64, own.shape, type.placement)), for: "the indices of `\(name)`")
            if placed.type == .error || indices.type == .error { return error(span) }
            return TypedExpression(
                .arrayOperation(ArrayOperation(.put, [have.isScalar ? 1 : 0]), [target.current, indices, placed]),
                target.current.type, span)
        }
        return result.type == .error ? [] : [TypedStatement(kind: .assignment(variable, result), span: span)]
    }

    /// Whether every rank knows what it has to send, and all come here; reported where not.
    private func lieTogether(_ target: AssignedArray, _ arrays: [TypedExpression]) -> Bool {
        let (type, name, span) = (target.type, target.written.text, target.span)
        if let axis = type.placement.dividedAxis, axis != 0 {
            report(.placesAcross(name, axis, at: span))
            return false
        }
        for array in arrays {
            guard let placement = array.type.array?.placement, placement != .replicated, placement != type.placement
            else { continue }
            if type.placement == .replicated, placement.isDivided {
                let text = sourceText(array.span)
                report(.sharedFromDivided(name, target.current.type, text, at: span, array.span))
            } else {
                report(.placementMismatch("\(name)[...] =", target.current, array, at: span))
            }
            return false
        }
        if type.placement.isDivided {
            requireUniform("an assignment at an array of indices", span)
        } else if context.isElement {
            report(.communicationInElement("an assignment at an array of indices", at: span, domain: nil))
            return false
        }
        return true
    }

    /// One number for each place, made where the places are known.
    private func copies(
        _ value: TypedExpression, _ wanted: ArrayType, _ index: TypedExpression, _ target: AssignedArray
    ) -> TypedExpression {
        let number = convert(value, to: .scalar(wanted.element), for: "an element of `\(target.written.text)`")
        guard number.type != .error, let own = index.type.array else { return number }
        return bindingOnce(number) { number in
            let places = self.domain(of: index, own, index.span).ranges
            let rest = self.domain(of: target.current, target.type, index.span).ranges.dropFirst()
            var domain = Domain(ranges: places + rest)
            if own.placement.isDivided { domain.divided = (0, places[0].upper) }
            let type = wanted.with(placement: own.placement == .replicated ? .replicated : wanted.placement)
            return TypedExpression(.comprehension(domain, number), .array(type), index.span)
        }
    }
}

extension Subscript {
    /// Whether an array of indices or a mask may stand there.
    var mayBeArray: Bool {
        guard case .index(let written) = self else { return false }
        if case .integer = written.kind { return false }
        return true
    }

    fileprivate var isAll: Bool { if case .all = self { true } else { false } }
}
