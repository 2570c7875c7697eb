import Language
import Source
import Syntax
import TypedTree

// Statements that deal with the outside world: load, save, print, show; and return.

extension Checker {
    // MARK: print, assert and show

    func printing(_ parts: [StringPart], _ span: Span) -> [TypedStatement] {
        requireUniform("print", span)
        let (before, printed) = printParts(parts)
        return before + [TypedStatement(kind: .print(printed), span: span)]
    }

    func assertion(_ condition: Expression, _ message: [StringPart]?, _ span: Span) -> [TypedStatement] {
        let condition = self.condition(condition)
        let plain = [PrintPart.text("assertion failed: \(sourceText(condition.span))")]
        let (before, parts) = message.map { printParts($0) } ?? ([], plain)
        return before + [TypedStatement(kind: .assertion(condition, message: parts), span: span)]
    }

    /// The parts of a text; the statements come before it: they name the values that are printed part by part.
    func printParts(_ parts: [StringPart]) -> (statements: [TypedStatement], parts: [PrintPart]) {
        var statements: [TypedStatement] = []
        let printed = parts.flatMap { part -> [PrintPart] in
            switch part {
            case .text(let text): return [.text(text)]
            case .hole(let written, let format):
                let (before, value) = hole(written)
                statements += before
                return pieces(of: value, printFormat(format, written.span))
            }
        }
        return (statements, printed)
    }

    /// A number or an array; a tuple as `(1.0, 2)`; a record as it is made: `Point(x: 1.0, y: 2.0)`.
    private func pieces(of value: TypedExpression, _ format: PrintFormat) -> [PrintPart] {
        guard value.type.numberElement == nil, value.type != .string, value.type != .error else {
            return [.value(value, format: format)]
        }
        let record = value.type.record
        var parts: [PrintPart] = [.text("\(record?.name ?? "")(")]
        for (index, part) in components(value).enumerated() {
            let label = record.map { "\($0.fields[index].name): " } ?? ""
            parts += [.text((index > 0 ? ", " : "") + label)] + pieces(of: part, format)
        }
        return parts + [.text(")")]
    }

    private func hole(_ written: Expression) -> (before: [TypedStatement], value: TypedExpression) {
        let typed = expression(written)
        guard typed.type != .error, typed.type != .string else { return ([], typed) }
        guard let leaves = typed.type.dataLeaves else {
            return ([], report(.notPrintable(typed.type, at: written.span)))
        }
        if leaves.contains(where: { $0.placement.isPart }) {
            return ([], report(.partUsed(typed.type, "printed", at: written.span)))
        }
        if leaves.contains(where: { $0.placement != .replicated }) {
            return ([], report(.holeNotReplicated(typed.type, at: written.span)))
        }
        return typed.type.components == nil || typed.isNamed ? ([], typed) : dissolved(typed, named: "printed")
    }

    /// `.6`, `.6f`, `.6e`, `8`, `8.3`, `8.3e`, `04`.
    func printFormat(_ text: String?, _ span: Span) -> PrintFormat {
        guard let text, !text.isEmpty else { return PrintFormat() }
        var format = PrintFormat()
        var rest = text[...]
        let width = rest.prefix { $0.isASCII && $0.isNumber }
        format.width = (Int(width) ?? 0) * (width.first == "0" ? -1 : 1)
        rest = rest.dropFirst(width.count)
        if rest.first == "." {
            let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
            format.digits = Int(digits) ?? -1
            format.style = .fixed
            rest = rest.dropFirst(digits.count + 1)
            if rest.first == "e" { format.style = .scientific }
            if rest.first == "e" || rest.first == "f" { rest = rest.dropFirst() }
        }
        if !rest.isEmpty || !(0...40).contains(format.digits) || !(-200...200).contains(format.width) {
            report(.badFormat(text, at: span))
            return PrintFormat()
        }
        return format
    }

    func show(_ value: Expression, _ span: Span) -> [TypedStatement] {
        requireUniform("show", span)
        let typed = expression(value)
        if typed.type == .error { return [] }
        guard typed.type.dataLeaves != nil else {
            report(.notShowable(typed.type, at: value.span))
            return []
        }
        let name = sourceText(value.span)
        guard typed.type.numberElement == nil else {
            return [TypedStatement(kind: .show(name: name, typed), span: span)]
        }
        let (statements, parts) = dissolved(typed, named: "shown")
        return statements + partShows(parts, name, span)
    }

    /// A tuple or record is shown part by part: `t.0`, `body.mass`.
    private func partShows(_ value: TypedExpression, _ name: String, _ span: Span) -> [TypedStatement] {
        guard value.type.numberElement == nil else {
            return [TypedStatement(kind: .show(name: name, value), span: span)]
        }
        return zip(components(value), value.type.componentNames).flatMap { part, component in
            partShows(part, "\(name).\(component)", span)
        }
    }

    // MARK: return, and calls for their effect

    func returnStatement(_ value: Expression?, _ span: Span) -> [TypedStatement] {
        guard let function = context.function else {
            report(.misplacedReturn(at: span))
            return []
        }
        var typed = value.map { returned($0, function) }
        if let declared = function.declaredResult, let value = typed {
            typed = convert(value, to: declared, for: "the result")
        }
        if let divergence = context.divergence.last {
            function.divergentReturn = (span, divergence)
            if let value = typed { typed = choice(of: value, divergence) }
        }
        function.returned.append(typed?.type ?? .void)
        return [TypedStatement(kind: .returnValue(typed), span: span)]
    }

    /// The value of a `return`. A view leaves as its array and what stands around it: the caller puts it together.
    private func returned(_ value: Expression, _ function: FunctionContext) -> TypedExpression {
        guard function.declaredResult == nil else {
            return expression(value, expecting: function.declaredResult?.literalElement)
        }
        let typed = expressionOrView(value)
        var edges: [Edge?]?
        if case .view(_, let view) = typed.kind { edges = view.edges }
        guard typed.type == .error || function.returned.isEmpty || function.returnedEdges == edges else {
            return report(.mixedViews(at: value.span))
        }
        function.returnedEdges = edges
        guard case .view(let array, let view) = typed.kind else { return typed }
        guard let fill = view.fill else { return array }
        return TypedExpression(.tuple([array, fill]), .tuple([array.type, fill.type]), value.span)
    }

    /// A value that some ranks return here: each has its own.
    private func choice(of value: TypedExpression, _ divergence: Divergence) -> TypedExpression {
        guard value.type != .error, value.type != .void else { return value }
        guard let leaves = value.type.dataLeaves,
            leaves.allSatisfy({ $0.placement == .replicated || $0.placement == .local })
        else {
            return report(.divergentChoice(value.type, at: value.span, divergence.origin))
        }
        return placedLocally(value)
    }

    func expressionStatement(_ value: Expression, _ span: Span) -> [TypedStatement] {
        if case .call(let callee, let arguments, false) = value.kind, case .name(let name) = callee.kind,
            case .file(.save)? = meaning(of: name, at: callee.span)?.builtin?.meaning
        {
            return save(arguments, span)
        }
        let typed = expression(value)
        if typed.type != .void, typed.type != .error, case .call = typed.kind {
            // A function may be called for what it prints; its value is not wanted then.
            return [TypedStatement(kind: .expression(typed), span: span)]
        }
        if typed.type != .void, typed.type != .error { report(.unusedValue(typed.type, at: span)) }
        return [TypedStatement(kind: .expression(typed), span: span)]
    }
}
