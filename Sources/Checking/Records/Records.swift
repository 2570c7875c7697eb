import Language
import Source
import Syntax
import TypedTree

// Records: declared types of named numbers and records. What a record is made of is known here alone; see Compounds.swift.

/// A record as it was declared.
struct RecordDeclaration {
    var name: Name
    var fields: [Parameter]
    /// Its type once that was asked for.
    var type: ValueType?
    /// Whether its type is being found: who asks for it then has a record in itself.
    var isOpen = false
}

extension Checker {
    func declareRecord(_ name: Name, _ fields: [Parameter]) {
        let path = name.span.file.path
        if let earlier = modules[path]?.declaration(of: name.text) {
            report(.redefinedName(name.text, at: name.span, earlier: earlier))
            return
        }
        if ElementType(rawValue: name.text) != nil || name.text == "string" {
            report(.redefinedType(name.text, at: name.span))
        }
        modules[path, default: Module()].records[name.text] = RecordDeclaration(name: name, fields: fields)
    }

    /// The type of one record of that name; nil when there is none, an error when it was not well declared.
    func recordType(_ name: Name) -> ValueType? {
        guard let declaration = record(name) else { return nil }
        if let type = declaration.type { return type }
        if declaration.isOpen { return .error }
        let path = declaration.name.span.file.path
        modules[path]?.records[name.text]?.isOpen = true
        let type = declaredType(declaration)
        modules[path]?.records[name.text]?.isOpen = false
        modules[path]?.records[name.text]?.type = type
        return type
    }

    private func declaredType(_ declaration: RecordDeclaration) -> ValueType {
        var fields: [RecordType.Field] = []
        for field in declaration.fields {
            guard let written = field.type else { continue }
            if let earlier = declaration.fields.first(where: { $0.name.text == field.name.text }),
                earlier.name.span.start != field.name.span.start
            {
                report(.redefinedField(field.name.text, at: field.name.span, earlier: earlier.name.span))
                return .error
            }
            if case .named(let name, _) = written.kind, record(name)?.isOpen == true {
                report(.recordInItself(declaration.name.text, at: written.span))
                return .error
            }
            guard let type = type(written), type != .error else { return .error }
            guard let leaves = type.dataLeaves, leaves.allSatisfy({ $0.isScalar && $0.placement == .replicated }) else {
                report(.badField(field.name.text, type, at: written.span))
                return .error
            }
            fields.append(.init(field.name.text, type))
            guard isOfFewParts(fields.map(\.type), declaration.name.span) else { return .error }
        }
        if fields.isEmpty {
            report(.emptyRecord(declaration.name.text, at: declaration.name.span))
            return .error
        }
        return .record(RecordType(declaration.name.text, fields))
    }

    // MARK: Construction

    /// `Body(mass: 1.0, x: 0.0)`, or without labels in the order of the declaration. Arrays of one shape make an array of records.
    func construct(_ name: Name, _ arguments: [Argument], _ span: Span) -> TypedExpression {
        guard let type = recordType(name)?.record else { return error(span) }
        guard let values = fieldValues(type, arguments, span) else { return error(span) }
        if values.contains(where: { $0.type == .error }) { return error(span) }
        let leaves = values.flatMap { $0.type.dataLeaves ?? [] }
        guard let first = values.firstIndex(where: { $0.type.dataLeaves?.first?.isScalar == false }) else {
            return converted(values, type, span) { type in
                leaves.contains { $0.placement == .local } ? type.over([], .local) : type
            }
        }
        return bindingOnce(values[first]) { model in
            guard let array = self.arrayType(of: model) else { return self.error(span) }
            let all = values.enumerated().map { position, value in
                if position == first { return model }
                let isNumber = value.type.dataLeaves?.allSatisfy(\.isScalar) == true
                return isNumber
                    ? self.leafwise(value) { self.filled(like: self.firstLeaf(model), $0, value.span) } : value
            }
            return self.converted(all, type, span) { $0.over(array.shape, array.placement) }
        }
    }

    private func converted(
        _ values: [TypedExpression], _ type: RecordType, _ span: Span, _ place: (ValueType) -> ValueType
    ) -> TypedExpression {
        let wanted = place(.record(type))
        let parts = zip(values, zip(type.fields, wanted.components ?? [])).map { value, field in
            convert(value, to: field.1, for: "the field `\(field.0.name)` of `\(type.name)`")
        }
        if parts.contains(where: { $0.type == .error }) { return error(span) }
        return TypedExpression(.tuple(parts), wanted, span)
    }

    /// The arguments in the order of the fields.
    private func fieldValues(_ type: RecordType, _ arguments: [Argument], _ span: Span) -> [TypedExpression]? {
        var found: [Int: TypedExpression] = [:]
        for (place, argument) in arguments.enumerated() {
            if let generator = argument.generator {
                report(.misplacedGenerator(type.name, at: generator.span))
                return nil
            }
            var position = place
            if let label = argument.label {
                let names = type.fields.map(\.name)
                guard let named = names.firstIndex(of: label.text) else {
                    let near = nearest(to: label.text, among: names)
                    report(.unknownMember(label.text, .record(type), names, nearest: near, at: label.span))
                    return nil
                }
                position = named
            }
            guard type.fields.indices.contains(position), found[position] == nil else {
                report(.tooManyFields(type, at: argument.value.span))
                return nil
            }
            found[position] = expression(argument.value, expecting: type.fields[position].type.array?.element)
        }
        let missing = type.fields.indices.filter { found[$0] == nil }.map { type.fields[$0].name }
        if !missing.isEmpty {
            report(.missingFields(missing, type, at: span))
            return nil
        }
        return type.fields.indices.compactMap { found[$0] }
    }

    // MARK: Parameters of functions

    /// A tuple or record as the argument of a parameter of that type; nil when the parameter's type is neither.
    func fitCompound(_ value: TypedExpression, to written: TypeExpression, _ name: String) -> TypedExpression? {
        func mismatch() -> TypedExpression { report(.argumentMismatch(name, value.type, written, at: value.span)) }
        if case .tuple(let types) = written.kind {
            guard value.type.components?.count == types.count, value.type.record == nil else { return mismatch() }
            return bindingOnce(value) { value in
                let parts = zip(self.components(value), types).map { self.fit($0, to: $1, name) }
                if parts.contains(where: { $0.type == .error }) { return self.error(value.span) }
                return self.compound(of: parts, like: value.type, value.span)
            }
        }
        guard let (record, rank, wanted) = recordPattern(written) else { return nil }
        let value = widened(value, toComplex: ElementType(rawValue: record).map(ValueType.complex) ?? .error)
        guard let have = arrayType(of: value), value.type.record?.name == record, have.rank == rank else {
            return value.type == .error ? value : mismatch()
        }
        switch (have.placement, wanted) {
        case (let a, let b) where a == b: return value
        case (.replicated, .scattered), (.replicated, .local), (.replicated, .root):
            return leafwise(value) { leaf in
                guard let type = leaf.type.array else { return leaf }
                return TypedExpression(.place(leaf), .array(type.with(placement: wanted)), leaf.span)
            }
        case (.local, .replicated) where have.isScalar && context.ranksDiffer: return value
        default: return mismatch()
        }
    }

    private func recordPattern(_ written: TypeExpression) -> (name: String, rank: Int, placement: Placement)? {
        switch written.kind {
        case .named(let name, let dimensions)
        where record(name) != nil || ElementType(rawValue: name.text)?.isComplex == true:
            return (name.text, dimensions.count, dimensions.placement)
        case .local(let inner): return recordPattern(inner).map { ($0.name, $0.rank, .local) }
        case .root(let inner): return recordPattern(inner).map { ($0.name, $0.rank, .root) }
        default: return nil
        }
    }
}
