import Language
import Source
import TypedTree

// Tuples and records dissolve in the checker: under a name each of their numbers and arrays is a variable of its own, so that nothing
// that comes later is slower for them. An array of records is a record of arrays.

extension ValueType {
    /// The type of an array of such values: each number becomes an array of that shape.
    func over(_ shape: [Size], _ placement: Placement) -> ValueType {
        let lifted = mappingLeaves { ArrayType($0.element, shape, placement) }
        return shape.isEmpty ? lifted : lifted.markingRecords(asArrays: true)
    }

    /// The type of an element of such an array.
    func element(_ placement: Placement) -> ValueType {
        mappingLeaves { ArrayType($0.element, [], placement) }.markingRecords(asArrays: false)
    }

    private func markingRecords(asArrays isArray: Bool) -> ValueType {
        switch self {
        case .tuple(let types): return .tuple(types.map { $0.markingRecords(asArrays: isArray) })
        case .record(var type):
            type.isArray = isArray
            for index in type.fields.indices {
                type.fields[index].type = type.fields[index].type.markingRecords(asArrays: isArray)
            }
            return .record(type)
        default: return self
        }
    }
}

extension Checker {
    // MARK: Parts

    /// An element of a tuple or a field of a record.
    func component(_ value: TypedExpression, _ position: Int) -> TypedExpression {
        if case .tuple(let elements) = value.kind { return elements[position] }
        if case .view(let array, var view) = value.kind {
            let part = component(array, position)
            view.fill = view.fill.map { component($0, position) }
            return TypedExpression(.view(part, view), part.type, value.span)
        }
        return TypedExpression(.tupleElement(value, position), value.type.components?[position] ?? .error, value.span)
    }

    func components(_ value: TypedExpression) -> [TypedExpression] {
        (value.type.components ?? []).indices.map { component(value, $0) }
    }

    /// Does something to every number and array in a value, which is evaluated once.
    func leafwise(
        _ value: TypedExpression, _ map: (TypedExpression) -> TypedExpression
    ) -> TypedExpression {
        if value.type.components == nil { return map(value) }
        return bindingOnce(value) { value in self.mapped(value, map) }
    }

    func mapped(_ value: TypedExpression, _ map: (TypedExpression) -> TypedExpression) -> TypedExpression {
        guard value.type.components != nil else { return map(value) }
        var parts: [TypedExpression] = []
        for component in components(value) {
            let part = mapped(component, map)
            // What is wrong with one part is told once.
            if part.type == .error { return part }
            parts.append(part)
        }
        return compound(of: parts, like: value.type, value.span)
    }

    /// A tuple, or a record with the same names, of other parts; whether it is an array of records follows from them.
    func compound(of parts: [TypedExpression], like type: ValueType, _ span: Span) -> TypedExpression {
        guard case .record(var record) = type else {
            return TypedExpression(.tuple(parts), .tuple(parts.map(\.type)), span)
        }
        for (index, part) in parts.enumerated() { record.fields[index].type = part.type }
        record.isArray = ValueType.record(record).dataLeaves?.first?.isScalar == false
        return TypedExpression(.tuple(parts), .record(record), span)
    }

    // MARK: Arrays

    /// The shape and placement of an array, of an array of records, or of a tuple of arrays of one shape.
    func arrayType(of value: TypedExpression) -> ArrayType? {
        guard let leaves = value.type.dataLeaves, let first = leaves.first else { return nil }
        return leaves.allSatisfy { $0.shape == first.shape && $0.placement == first.placement } ? first : nil
    }

    /// One of the arrays of which an array of records is made.
    func firstLeaf(_ value: TypedExpression) -> TypedExpression {
        value.type.components == nil ? value : firstLeaf(component(value, 0))
    }

    /// The element of an array at the indices of a domain over it.
    func ownElement(_ array: TypedExpression, _ indices: [TypedExpression], _ span: Span) -> TypedExpression {
        if let type = array.type.array {
            let placement: Placement = type.placement == .local ? .local : .replicated
            return TypedExpression(.element(array, indices, .proved), .scalar(type.element, placement), span)
        }
        let parts = components(array).map { ownElement($0, indices, span) }
        let placement: Placement = array.type.isLocal ? .local : .replicated
        return TypedExpression(.tuple(parts), array.type.element(placement), span)
    }

    /// The numbers that a value is made of where it may be an element of something; nil where it may not.
    func elementLeaves(_ value: TypedExpression) -> [ArrayType]? {
        guard let leaves = value.type.dataLeaves, !leaves.isEmpty,
            leaves.allSatisfy({ $0.isScalar && !$0.placement.isPart && $0.placement != .root })
        else { return nil }
        return leaves
    }

    // MARK: Names

    /// Gives each number and array in a tuple or record a variable of its own: the statements that do it, and the value as a tuple of
    /// those variables.
    func dissolved(
        _ value: TypedExpression, named name: String, isAssignable: Bool = false
    ) -> (statements: [TypedStatement], value: TypedExpression) {
        guard let types = value.type.components else {
            let variable = leafVariable(name, value, isAssignable)
            let binding = TypedStatement(kind: .binding(variable, value), span: value.span)
            return ([binding], TypedExpression(.variable(variable), value.type, value.span))
        }
        let names = value.type.componentNames.map { "\(name).\($0)" }
        var statements: [TypedStatement] = []
        var parts: [TypedExpression] = []
        if case .tuple(let elements) = value.kind {
            for (element, name) in zip(elements, names) {
                let (inner, part) = dissolved(element, named: name, isAssignable: isAssignable)
                statements += inner
                parts.append(part)
            }
        } else {
            let variables = zip(names, types).map { name, type in
                leafVariable(name, TypedExpression(.constant(.bool(false)), type, value.span), isAssignable)
            }
            statements.append(TypedStatement(kind: .tupleBinding(variables, value), span: value.span))
            for (variable, name) in zip(variables, names) {
                let read = TypedExpression(.variable(variable), variable.type, value.span)
                guard variable.type.components != nil else {
                    parts.append(read)
                    continue
                }
                let (inner, part) = dissolved(read, named: name, isAssignable: isAssignable)
                statements += inner
                parts.append(part)
            }
        }
        return (statements, TypedExpression(.tuple(parts), value.type, value.span))
    }

    private func leafVariable(_ name: String, _ value: TypedExpression, _ isAssignable: Bool) -> Variable {
        let variable = newVariable(name, value.type)
        if !isAssignable, value.type.canBeSize { giveSize(sizes.knownSize(of: value), to: variable, value.span) }
        context.domains.last?.bodyVariables.insert(variable)
        return variable
    }

    /// A tuple or record read by its name.
    func readCompound(_ value: TypedExpression, _ span: Span) -> TypedExpression {
        guard case .tuple(let parts) = value.kind else {
            let read = TypedExpression(value.kind, value.type, span)
            return context.localBlock == nil ? read : ownBlock(read)
        }
        return compound(of: parts.map { readCompound($0, span) }, like: value.type, span)
    }

    /// The new values of a tuple's or record's variables, all computed before the first is assigned.
    func compoundAssignment(
        _ target: TypedExpression, _ value: TypedExpression, _ span: Span
    ) -> [TypedStatement] {
        let (statements, computed) = dissolved(value, named: "new")
        return statements
            + zip(target.leafReads, computed.leafReads).compactMap { target, value in
                guard case .variable(let variable) = target.kind else { return nil }
                return TypedStatement(kind: .assignment(variable, value), span: span)
            }
    }
}

extension ValueType {
    /// How the parts of a tuple or record are called.
    var componentNames: [String] {
        switch self {
        case .tuple(let types): types.indices.map(String.init)
        case .record(let type): type.fields.map(\.name)
        default: []
        }
    }
}

extension TypedExpression {
    /// The numbers and arrays of a tuple of variables.
    var leafReads: [TypedExpression] {
        if case .tuple(let parts) = kind { parts.flatMap(\.leafReads) } else { [self] }
    }
}
