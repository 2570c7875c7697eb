import Language
import Source
import Syntax
import TypedTree

// What a library's function is given: every number and array in its parameters is an argument of its own.

/// The arguments so far, and the names of sizes that they have bound.
struct LibraryArguments {
    var all: [LibraryFunction.Argument] = []
    var named: [String: Variable] = [:]
}

/// An axis of an argument: its size, and what is asked of the caller's extent.
private typealias Axis = (size: Size, extent: LoadExtent)

extension Checker {
    /// The value of a parameter, made of arguments that are added; nil, which is reported, where callers cannot give it.
    func argument(_ parameter: Parameter, _ arguments: inout LibraryArguments) -> TypedExpression? {
        guard let written = parameter.type else { return nil }
        if let value = argument(written, parameter.name, nil, &arguments) { return value }
        // Of a type that does not exist that is said first.
        if type(written, unknownSize: { name, _ in Size(self.sizes.newAtom(name.text)) }) != nil {
            report(.notAnArgument(parameter.name.text, written.span.text, at: written.span))
        }
        return nil
    }

    /// `placement`: what stands around the type, as in `local f64`.
    private func argument(
        _ written: TypeExpression, _ name: Name, _ placement: Placement?, _ arguments: inout LibraryArguments
    ) -> TypedExpression? {
        switch written.kind {
        case .tuple(let types):
            var parts: [TypedExpression] = []
            for (position, type) in types.enumerated() {
                let part = Name("\(name.text)_\(position)", name.span)
                guard let part = argument(type, part, placement, &arguments) else { return nil }
                parts.append(part)
            }
            return TypedExpression(.tuple(parts), .tuple(parts.map(\.type)), name.span)
        case .local(let inner): return argument(inner, name, .local, &arguments)
        case .root(let inner): return argument(inner, name, .root, &arguments)
        case .part(let op, let inner):
            guard let op = ReductionOperator(symbol: op.text) else { return nil }
            return argument(inner, name, .part(op), &arguments)
        case .named(let type, let dimensions):
            let placement = placement ?? dimensions.placement
            guard !placement.distribution.isGrid else { return nil }
            if let element = ElementType(rawValue: type.text) {
                let axes = dimensions.map { axis($0, placement, &arguments) }
                return leaf(ArrayType(element, axes.map(\.size), placement), axes, name, &arguments)
            }
            return records(type, dimensions, placement, name, &arguments)
        }
    }

    /// A record, or an array of records as an array for each field; their extents are those of the first.
    private func records(
        _ type: Name, _ dimensions: [Dimension], _ placement: Placement, _ name: Name,
        _ arguments: inout LibraryArguments
    ) -> TypedExpression? {
        guard let record = recordType(type), record != .error, placement != .local || dimensions.isEmpty else {
            return nil
        }
        var axes = dimensions.map { axis($0, placement, &arguments) }
        var names = record.leafNames(name.text).map(\.name)[...]
        let model = TypedExpression(.constant(.bool(false)), record, name.span)
        let value = mapped(model) { field in
            guard let element = field.type.array?.element, let text = names.popFirst() else { return field }
            let type = ArrayType(element, axes.map(\.size), placement)
            guard let leaf = leaf(type, axes, Name(text, name.span), &arguments) else { return error(name.span) }
            axes = axes.map { axis in
                guard case .binds(let size) = axis.extent else { return axis }
                return (axis.size, .equals(size.read(at: name.span)))
            }
            return leaf
        }
        return value.type == .error ? nil : value
    }

    private func leaf(
        _ type: ArrayType, _ axes: [Axis], _ name: Name, _ arguments: inout LibraryArguments
    ) -> TypedExpression? {
        if type.element.isComplex { return nil }
        if case .part(let op) = type.placement { return part(op, type, axes, name, &arguments) }
        // A number comes as the same on every rank; its placement says that it need not be.
        let variable = newVariable(name.text, type.isScalar ? .scalar(type.element) : .array(type))
        if variable.type.canBeSize { giveSize(nil, to: variable, name.span) }
        arguments.all.append(.init(variable: variable, type: type, extents: axes.map(\.extent)))
        let value = variable.read(at: name.span)
        return type.isScalar && type.placement != .replicated
            ? TypedExpression(.place(value), .array(type), name.span) : value
    }

    /// What each rank contributes is a row of an array that has a row for each rank; the part is the local reduction of the rows.
    private func part(
        _ op: ReductionOperator, _ type: ArrayType, _ axes: [Axis], _ name: Name, _ arguments: inout LibraryArguments
    ) -> TypedExpression? {
        guard op.arity == 1, type.rank < 4 else { return nil }
        let ranks = size("ranks", name.span)
        let rows = ArrayType(type.element, [ranks.size] + type.shape, .scattered(axis: 0))
        let variable = newVariable(name.text, .array(rows))
        arguments.all.append(.init(variable: variable, type: type, extents: [ranks.extent] + axes.map(\.extent)))
        let request = ReductionRequest(
            name: op.symbol, combiner: .builtin(Builtin.Reduction(op)), isLocal: true, span: name.span)
        let value = inDomainOf(variable.read(at: name.span), name.span) { array in
            let all = elements(of: array, rows, name.span)
            return type.isScalar ? whole(request, all) : alongAxis(request, 0, all)
        }
        return value.type.array?.element == type.element ? value : nil
    }

    /// A name stands for one size wherever it stands. What else is written there the function checks itself. Of arrays that each rank has
    /// for itself nobody relies on the sizes.
    private func axis(_ dimension: Dimension, _ placement: Placement, _ arguments: inout LibraryArguments) -> Axis {
        var name = "_"
        if case .name(let text) = dimension.size.kind { name = text }
        if placement == .local {
            let variable = newVariable(name, .scalar(.i64, .local))
            return (Size(sizes.newAtom(name)), .binds(variable))
        }
        if let known = arguments.named[name], let size = sizes.variables[known] {
            return (size, .equals(known.read(at: dimension.span)))
        }
        let axis = size(name, dimension.span)
        if name != "_", case .binds(let variable) = axis.extent { arguments.named[name] = variable }
        return axis
    }

    private func size(_ name: String, _ span: Span) -> Axis {
        let variable = newVariable(name, .i64)
        giveSize(nil, to: variable, span)
        return (sizes.variables[variable] ?? Size(sizes.newAtom(name)), .binds(variable))
    }
}
