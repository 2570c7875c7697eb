import Language
import Source
import Syntax
import TypedTree

// load and save.

extension Checker {
    // MARK: load and save

    /// The arguments of `load(path)`, nil for every other expression.
    func loadArguments(_ value: Expression) -> [Argument]? {
        guard case .call(let callee, let arguments, false) = value.kind, case .name(let name) = callee.kind,
            case .file(.load)? = meaning(of: name, at: callee.span)?.builtin?.meaning, !arguments.isEmpty
        else { return nil }
        return arguments
    }

    func load(
        _ pattern: Pattern, _ annotation: TypeExpression?, _ arguments: [Argument], _ isVariable: Bool, _ span: Span
    ) -> [TypedStatement] {
        requireUniform("load", span)
        let isOfRecords = annotation.map(isOfRecords) ?? false
        let found = isOfRecords ? recordFile(.load, arguments[...], span) : file(.load, arguments[...], span)
        guard let (kind, file) = found else { return unbound(pattern, annotation) }
        guard case .name(let name) = pattern, let annotation else {
            report(.loadNeedsType(at: span))
            return unbound(pattern, annotation)
        }
        var extents: [LoadExtent] = []
        var bound: Set<Variable> = []
        var repeated: [TypedStatement] = []
        guard
            let type = self.type(
                annotation,
                unknownSize: { sizeName, _ in
                    let variable = self.bindVariable(sizeName, .i64)
                    bound.insert(variable)
                    extents.append(.binds(variable))
                    return self.sizes.variables[variable] ?? Size(self.sizes.newAtom(sizeName.text))
                },
                knownSize: { size in
                    guard !size.variables.isDisjoint(with: bound) else { return extents.append(.equals(size)) }
                    // A name that an axis before this one binds: known, and compared, when the file has been read.
                    let found = self.newVariable(size.span.text, .i64)
                    extents.append(.binds(found))
                    repeated.append(self.sameExtent(size, found))
                })
        else { return unbound(pattern, annotation) }
        guard isLoadable(type, kind, file, at: annotation.span) else { return unbound(pattern, annotation) }
        if isOfRecords { return loadRecords(name, type, file, extents, isVariable: isVariable) + repeated }
        let (variable, parts) = loaded(name, type, isVariable: isVariable, span)
        return [TypedStatement(kind: .load(variable, from: file, extents: extents), span: span)] + repeated + parts
    }

    /// What a file is read into; of complex numbers the parts are variables of their own.
    private func loaded(
        _ name: Name, _ type: ValueType, isVariable: Bool, _ span: Span
    ) -> (Variable, parts: [TypedStatement]) {
        guard type.complexElement != nil else { return (bindVariable(name, type, isAssignable: isVariable), []) }
        let variable = newVariable(name.text, type)
        return (variable, compoundBinding(name, variable.read(at: span), isVariable, name.span))
    }

    private func isLoadable(_ type: ValueType, _ kind: FileKind?, _ file: TypedFile, at span: Span) -> Bool {
        guard let array = type.array ?? type.dataLeaves?.first, !array.isScalar else {
            report(.loadNeedsArray(type, at: span))
            return false
        }
        if array.placement != .replicated, array.placement.dividedAxis == nil {
            report(.loadPlacement(type, at: span))
            return false
        }
        if let kind { requireFit(array, type.complexElement, kind, file, at: span) }
        return true
    }

    /// The check that an axis of a loaded array is as long as its size says.
    private func sameExtent(_ size: TypedExpression, _ found: Variable) -> TypedStatement {
        let extent = TypedExpression(.variable(found), .i64, size.span)
        let agree = test(.equal, size, extent, size.span)
        let message: [PrintPart] = [
            .text("`\(sourceText(size.span))` is "), .value(size, format: PrintFormat()),
            .text(", but this axis of the file has the extent "), .value(extent, format: PrintFormat()),
        ]
        return TypedStatement(kind: .assertion(agree, message: message), span: size.span)
    }

    func save(_ arguments: [Argument], _ span: Span) -> [TypedStatement] {
        requireUniform("save", span)
        guard arguments.count >= 2, arguments[0].label == nil, arguments[0].generator == nil else {
            report(.wrongArgumentCount("save", expected: "2", got: arguments.count, at: span))
            return []
        }
        let value = expression(arguments[0].value)
        if value.type.record?.isArray == true, value.type.complexElement == nil, let placement = value.type.placement,
            !placement.isPart, placement != .local
        {
            return saveRecords(value, arguments[1...], span)
        }
        guard let (kind, file) = file(.save, arguments[1...], span), value.type != .error else { return [] }
        guard value.type.numberElement != nil, let type = arrayType(of: value), !type.placement.isPart,
            type.placement != .local
        else {
            report(.notSavable(value.type, at: value.span))
            return []
        }
        if let kind { requireFit(type, value.type.complexElement, kind, file, at: value.span) }
        return [TypedStatement(kind: .save(value, to: file), span: span)]
    }

    // MARK: What stands between the brackets

    /// A path, and what a label says of the file. `kind`: nil where only a run knows the path's ending.
    private func file(
        _ direction: FileKind.Direction, _ arguments: ArraySlice<Argument>, _ span: Span
    ) -> (kind: FileKind?, file: TypedFile)? {
        let name = direction == .load ? "load" : "save"
        guard let first = arguments.first, first.label == nil, arguments.allSatisfy({ $0.generator == nil }),
            arguments.count <= 2, arguments.dropFirst().allSatisfy({ $0.label != nil })
        else {
            report(
                .wrongArgumentCount(
                    name, expected: direction == .load ? "1" : "2",
                    got: arguments.count + (direction == .load ? 0 : 1), at: span))
            return nil
        }
        let path = self.path(first.value)
        guard let ending = knownEnding(of: path) else {
            if let label = arguments.dropFirst().first?.label {
                report(.labelNeedsEnding(label.text, at: label.span))
                return nil
            }
            return (nil, TypedFile(path: path, detail: TypedExpression(.string(""), .string, path.span)))
        }
        guard let kind = knownKind(direction, ending, path) else { return nil }
        fileKinds.insert(kind)
        guard let detail = detail(direction, kind, arguments.dropFirst().first, path) else { return nil }
        return (kind, TypedFile(path: path, detail: detail))
    }

    /// A text that the path ends in, where the program says it.
    func knownEnding(of path: TypedExpression) -> String? {
        switch path.kind {
        case .string(let path): path
        case .text(let parts): parts.last?.literal
        default: nil
        }
    }

    func knownKind(_ direction: FileKind.Direction, _ ending: String, _ path: TypedExpression) -> FileKind? {
        let written = String(path.span.text.trimmingPrefix("\"").prefix { $0 != "\"" })
        guard let kind = FileKind(path: ending) else {
            report(.unknownFileKind(written, at: path.span))
            return nil
        }
        guard kind.goes(direction) else {
            report(.oneWayFile(written, isSaved: direction == .save, at: path.span))
            return nil
        }
        return kind
    }

    /// The text behind the label that the kind of file has; empty where it is left out.
    private func detail(
        _ direction: FileKind.Direction, _ kind: FileKind, _ argument: Argument?, _ path: TypedExpression
    ) -> TypedExpression? {
        guard let argument, let label = argument.label else {
            guard !kind.needsLabel else {
                report(.fileNeedsLabel(kind, at: path.span))
                return nil
            }
            return TypedExpression(.string(""), .string, path.span)
        }
        guard label.text == kind.label(direction) else {
            report(.notALabelOfFiles(label.text, kind, kind.label(direction), at: label.span))
            return nil
        }
        return self.path(argument.value)
    }

    /// What a kind of file asks of an array.
    private func requireFit(
        _ type: ArrayType, _ complex: ElementType?, _ kind: FileKind, _ file: TypedFile, at span: Span
    ) {
        let written = String(file.path.span.text.trimmingPrefix("\"").prefix { $0 != "\"" })
        if let complex, !kind.holdsComplex {
            report(.complexInFile(complex, written, at: span))
            return
        }
        if kind.isPicture, !type.element.isInteger || type.shape.count != 2 {
            report(.notAPicture(.array(type), written, at: span))
        } else if kind == .csv, !(1...2).contains(type.shape.count) {
            report(.notATable(.array(type), written, at: span))
        }
    }

    /// A text: a literal, one with holes, or a `param` of type string.
    func path(_ written: Expression) -> TypedExpression {
        if case .string(let parts) = written.kind {
            let pieces = parts.map(pathPart)
            if pieces.values.contains(where: { $0.type == .error }) { return error(written.span) }
            guard pieces.values.isEmpty else { return TypedExpression(.text(pieces), .string, written.span) }
            return TypedExpression(.string(pieces.map(\.literal).joined()), .string, written.span)
        }
        let typed = expression(written)
        if typed.type == .string || typed.type == .error { return typed }
        return report(.notAPath(typed.type, at: written.span))
    }

    /// A part of a path: a text, or a number that all ranks share.
    private func pathPart(_ part: StringPart) -> PrintPart {
        switch part {
        case .text(let text): return .text(text)
        case .hole(let written, let format):
            var value = expression(written)
            if [.local, .root].contains(value.type.placement) {
                value = report(.pathNotShared(value.type, at: written.span))
            } else if value.type != .error, value.type != .string, value.type.array?.isScalar != true {
                value = report(.notInPath(value.type, at: written.span))
            } else if value.type.isPart {
                value = report(.partUsed(value.type, "printed", at: written.span))
            }
            return .value(value, format: printFormat(format, written.span))
        }
    }
}
