import Language
import Source
import Syntax
import TypedTree

// What the types of a function's parameters say: sizes that a call binds, and the element, rank and placement that it must have.

extension Checker {
    /// Size names in parameters' types are bound by the call: the first time to the argument's extent; then both must agree. `read` gives
    /// what is passed for a parameter.
    func bindSizes(_ declaration: FunctionDeclaration, _ read: (Name) -> TypedExpression?) -> [TypedStatement] {
        var statements: [TypedStatement] = []
        var checks: [(Expression, TypedExpression, Size)] = []
        let arrays = declaration.parameters.compactMap { parameter -> (TypeExpression, TypedExpression, ArrayType)? in
            guard let written = parameter.type, let value = read(parameter.name), let type = arrayType(of: value)
            else { return nil }
            return (written, firstLeaf(value), type)
        }
        // What all ranks know comes before what each knows for itself.
        for (written, read, type) in arrays.filter({ $0.2.placement != .local })
            + arrays.filter({ $0.2.placement == .local })
        {
            for (axis, dimension) in written.dimensions.enumerated() where axis < type.rank {
                let extent = TypedExpression(.extent(read, axis: axis), extentType(type), dimension.span)
                if case .name(let text) = dimension.size.kind, scopes[1].bindings[text] == nil {
                    let name = Name(text, dimension.size.span)
                    let size = bindVariable(name, extent.type, size: type.shape[axis])
                    statements.append(TypedStatement(kind: .binding(size, extent), span: dimension.span))
                } else {
                    checks.append((dimension.size, extent, type.shape[axis]))
                }
            }
        }
        for (written, extent, have) in checks {
            let wanted = index(written)
            guard wanted.type != .error else { continue }
            statements += sizeCheck(wanted, extent, have, written)
        }
        return statements
    }

    /// The check that an argument's extent is what the parameter's type says, unless that is proved.
    private func sizeCheck(
        _ wanted: TypedExpression, _ extent: TypedExpression, _ have: Size, _ written: Expression
    ) -> [TypedStatement] {
        let want = sizes.size(of: wanted)
        if want == have { return [] }
        if Size.difference(want, have) != nil {
            report(.sizeMismatch(sourceText(written.span), want, have, at: written.span))
            return []
        }
        let agree = test(.equal, wanted, extent, written.span)
        let message: [PrintPart] = [
            .text("`\(sourceText(written.span))` is "), .value(wanted, format: PrintFormat()),
            .text(" but this argument's extent is "), .value(extent, format: PrintFormat()),
        ]
        return [
            TypedStatement(
                kind: .assertion(agree, message: message), span: context.callChain.last?.span ?? written.span)
        ]
    }
}

extension TypeExpression {
    /// The dimensions written, through `part`, `local` and `root`.
    var dimensions: [Dimension] {
        switch kind {
        case .named(_, let dimensions): dimensions
        case .part(_, let inner), .local(let inner), .root(let inner): inner.dimensions
        case .tuple: []
        }
    }

    /// The type that a literal takes where this one is written.
    var literalElement: ElementType? { pattern.map { $0.element.part ?? $0.element } }

    /// Element type, rank and placement as written, sizes aside.
    var pattern: (element: ElementType, rank: Int, placement: Placement)? {
        switch kind {
        case .named(let name, let dimensions):
            guard let element = ElementType(rawValue: name.text) else { return nil }
            return (element, dimensions.count, dimensions.placement)
        case .part(let op, let inner):
            guard let pattern = inner.pattern, let op = ReductionOperator(symbol: op.text) else { return nil }
            return (pattern.element, pattern.rank, .part(op))
        case .local(let inner): return inner.pattern.map { ($0.element, $0.rank, .local) }
        case .root(let inner): return inner.pattern.map { ($0.element, $0.rank, .root) }
        case .tuple: return nil
        }
    }
}

extension [Dimension] {
    /// Where an array is whose dimensions are written so.
    var placement: Placement {
        let distribution = Distribution(map { $0.distribution == .none ? .whole : .block })
        return distribution.isDivided ? .scattered(distribution) : .replicated
    }
}
