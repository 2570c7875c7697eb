import IR
import Language
import TypedTree

/// An array that has not been made: its extents, and what computes an element in a loop over it.
///
/// A tree of array operators becomes one loop: its leaves are evaluated before the loop, the tree inside it.
struct Elements {
    var extents: [Value]
    var at: ([Value]) throws -> Value
}

extension Lowering {
    /// The loop that makes an array.
    func materialise(_ type: ArrayType, _ elements: Elements) throws -> Value {
        let space = try space(over: elements.extents, type.placement)
        let body = try points(of: space) { [try elements.at(type.storageOrder.written($0))] }
        let results = try builder.loop(space, [.element], body)
        learn(type.shape, elements.extents)
        guard let array = results.first else { throw fault("a loop without a result") }
        return array
    }

    /// All points of an array, in the order in which its elements are stored.
    func space(over extents: [Value], _ placement: Placement) throws -> IterationSpace {
        IterationSpace(
            over: placement.storageOrder.stored(extents), placement.stored.distribution, zero: try i64(0),
            one: try i64(1))
    }

    /// An array-typed expression as elements, its leaves evaluated now.
    func elements(_ expression: TypedExpression) throws -> Elements {
        let outer = builder.span
        builder.span = expression.span
        defer { builder.span = outer }
        if let elements = try elementwise(expression) { return elements }
        guard let type = expression.type.array else { throw fault("elements of a \(expression.type)") }
        let array = try value(self.expression(expression))
        let extents = try extents(of: type) { self.extents(of: array, type.storageOrder) }
        return Elements(extents: extents) {
            try self.builder.element(array, type.storageOrder.stored($0), .proved)
        }
    }

    /// The same where the expression is computed element by element; nil where it is a whole array already or made otherwise.
    func elementwise(_ expression: TypedExpression) throws -> Elements? {
        guard let type = expression.type.array, !type.isScalar, !type.placement.isPart else { return nil }
        switch expression.kind {
        case .apply(let op, let operands):
            let operands = try operands.map { try operand($0) }
            let extents = try extents(of: type) { operands.first { !$0.extents.isEmpty }?.extents ?? [] }
            return inside(expression, extents) { indices in
                try self.builder.scalar(op, operands: try operands.map { try $0.at(indices) })
            }
        case .convert(let value):
            let inner = try elements(value)
            return inside(expression, inner.extents) { indices in
                try self.builder.convert(try inner.at(indices), to: type.element)
            }
        case .place(let value):
            // A scattered array of replicated elements is made where it lies; elsewhere a replicated array serves as it is.
            return type.placement.isDivided ? try elements(value) : nil
        case .collective(.scatter, let operands):
            guard let whole = operands.first, whole.type.array?.placement == .replicated else { return nil }
            return try elements(whole)
        case .comprehension(let domain, let body): return try comprehension(type, domain, body, expression)
        case .slice(let array, let subscripts): return try slice(type, array, subscripts, expression)
        default: return nil
        }
    }

    /// An operand of an operator that lifts: an array's elements, or one number for all of them.
    private func operand(_ expression: TypedExpression) throws -> Elements {
        if expression.type.array?.isScalar == false { return try elements(expression) }
        let value = try number(expression)
        return Elements(extents: []) { _ in value }
    }

    /// Elements whose code sees what is known here, and comes from this expression.
    private func inside(
        _ expression: TypedExpression, _ extents: [Value], _ body: @escaping ([Value]) throws -> Value
    ) -> Elements {
        let known = scope
        return Elements(extents: extents) { indices in
            let outer = (self.scope, self.builder.span)
            defer { (self.scope, self.builder.span) = outer }
            self.scope = known
            self.builder.span = expression.span
            return try body(indices)
        }
    }

    private func comprehension(
        _ type: ArrayType, _ domain: Domain, _ body: TypedExpression, _ expression: TypedExpression
    ) throws -> Elements {
        let ranges = try domain.ranges.map { try range($0) }
        let extents = try extents(of: type, over: ranges.map(\.bounds))
        return inside(expression, extents) { indices in
            for (range, index) in zip(ranges, indices) {
                self.scope.variables[range.variable] = .value(try self.index(range, at: index))
            }
            return try self.number(body)
        }
    }

    /// A comprehension of tuples or records: one loop that makes an array for each of their numbers.
    func comprehension(_ domain: Domain, _ body: TypedExpression, _ type: ValueType) throws -> Lowered {
        let ranges = try domain.ranges.map { try range($0) }
        guard let shape = type.dataLeaves?.first else { throw fault("a comprehension of no numbers") }
        let extents = try extents(of: shape, over: ranges.map(\.bounds))
        let space = try space(over: extents, shape.placement)
        let region = try points(of: space) { indices in
            for (range, index) in zip(ranges, shape.storageOrder.written(indices)) {
                self.scope.variables[range.variable] = .value(try self.index(range, at: index))
            }
            guard let numbers = try self.expression(body).values else { throw self.fault("parts for elements") }
            return numbers
        }
        let results = try builder.loop(space, region.yielded.map { _ in .element }, region)
        return try rebuilt(results, as: type)
    }

    /// `a[2..10, j, ..]`
    private func slice(
        _ type: ArrayType, _ array: TypedExpression, _ subscripts: [Subscripted], _ expression: TypedExpression
    ) throws -> Elements {
        let base = try value(self.expression(array))
        let order = array.storageOrder
        var kept: [(lower: Value, upper: Value, step: Value)] = []
        let source = try subscripts.map { subscripted -> ([Value]) throws -> Value in
            switch subscripted {
            case .index(let index, _):
                let value = try number(index)
                return { _ in value }
            case .range(let lower, let upper, let step):
                let range = (lower: try number(lower), upper: try number(upper), step: try number(step))
                let axis = kept.count
                kept.append(range)
                return { try self.affine($0[axis], range.lower, range.step) }
            }
        }
        let extents = try extents(of: type, over: kept)
        return inside(expression, extents) { indices in
            try self.builder.element(base, order.stored(try source.map { try $0(indices) }), .checked(order))
        }
    }

    // MARK: Ranges

    /// The points of a domain; `ranges` are its ranges in the order in which an array over it is stored.
    func space(over ranges: [Range], _ domain: Domain) throws -> IterationSpace {
        IterationSpace(
            ranges.map { .init($0.lower, $0.upper, by: $0.step) }, domain.distribution.stored,
            of: try domain.cuts.map { try number($0.extent) })
    }

    struct Range {
        var variable: Variable
        var lower, upper, step: Value
        var bounds: (lower: Value, upper: Value, step: Value) { (lower, upper, step) }
    }

    func range(_ range: Domain.Range) throws -> Range {
        Range(
            variable: range.index, lower: try number(range.lower), upper: try number(range.upper),
            step: try number(range.step))
    }

    /// The index at a position of a range, counted from 0.
    func index(_ range: Range, at position: Value) throws -> Value { try affine(position, range.lower, range.step) }

    /// position · step + lower
    private func affine(_ position: Value, _ lower: Value, _ step: Value) throws -> Value {
        let scaled = try step == i64(1) ? position : builder.scalar(.multiply, position, step)
        return try lower == i64(0) ? scaled : builder.scalar(.add, scaled, lower)
    }

    // MARK: Single elements

    /// `a[i, j]`; of an array that is computed element by element, that element alone is.
    func element(_ array: TypedExpression, _ indices: [TypedExpression], _ bounds: TypedTree.Bounds) throws -> Value {
        if case .view(let base, let view) = array.kind { return try element(of: base, view, indices, bounds) }
        if bounds == .proved, let elements = try elementwise(array) {
            return try elements.at(try indices.map { try number($0) })
        }
        let span = builder.span
        let base = try value(expression(array))
        let places = try indices.map { try number($0) }
        builder.span = span
        let order = array.storageOrder
        return try builder.element(base, order.stored(places), bounds == .checked ? .checked(order) : .proved)
    }
}
