import Language

extension TypedProgram {
    /// The typed program as text for people: `pdlc emit --stage typed`.
    public func dump() -> String {
        var printer = TypedPrinter()
        for parameter in parameters {
            let value = parameter.defaultValue.map { " = \(printer.text($0))" } ?? ""
            printer.line("param \(printer.name(parameter.variable)): \(parameter.variable.type)\(value)")
        }
        for (index, function) in functions.enumerated() {
            let parameters = function.parameters.map { "\(printer.name($0)): \($0.type)" }.joined(separator: ", ")
            printer.line("fn #\(index) \(function.name)(\(parameters)) -> \(function.result) {")
            printer.nested(function.body)
            printer.line("}")
        }
        for statement in body { printer.statement(statement) }
        return printer.output
    }
}

private struct TypedPrinter {
    var output = ""
    private var depth = 0

    mutating func line(_ text: String) {
        output += String(repeating: "    ", count: depth) + text + "\n"
    }

    mutating func nested(_ statements: [TypedStatement]) {
        depth += 1
        for statement in statements { self.statement(statement) }
        depth -= 1
    }

    /// A variable with its number, which tells shadowing ones apart.
    func name(_ variable: Variable) -> String { "\(variable.name).\(variable.id)" }

    mutating func statement(_ statement: TypedStatement) {
        switch statement.kind {
        case .binding(let variable, let value): line("let \(name(variable)): \(variable.type) = \(text(value))")
        case .tupleBinding(let variables, let value):
            line("let (\(variables.map(name).joined(separator: ", "))) = \(text(value))")
        case .assignment(let variable, let value): line("\(name(variable)) = \(text(value))")
        case .update(let variable, let indices, let value, let condition, let domain):
            let target = "\(name(variable))[\(indices.map(text).joined(separator: ", "))]"
            line("\(target) = \(text(value)) \(text(domain))\(condition.map { " if \(text($0))" } ?? "")")
        case .forLoop(let index, let lower, let upper, let step, let body):
            line("for \(name(index)) in \(text(lower))..\(text(upper)) by \(text(step)) {")
            nested(body)
            line("}")
        case .whileLoop(let condition, let body):
            line("while \(text(condition)) {")
            nested(body)
            line("}")
        case .conditional(let condition, let then, let otherwise):
            line("if \(text(condition)) {")
            nested(then)
            line("} else {")
            nested(otherwise)
            line("}")
        case .breakLoop: line("break")
        case .continueLoop: line("continue")
        case .returnValue(let value): line("return" + (value.map { " \(text($0))" } ?? ""))
        case .print(let parts): line("print \(text(parts))")
        case .show(let shown, let value): line("show \(shown) \(text(value))")
        case .assertion(let condition, let message): line("assert \(text(condition)), \(text(message))")
        case .save(let value, let file): line("save \(text(value)), \(text(file))")
        case .load(let variable, let file, let extents):
            let sizes = extents.map(text).joined(separator: ", ")
            line("load \(name(variable)): \(variable.type) from \(text(file)) (\(sizes))")
        case .expression(let value): line(text(value))
        }
    }

    private func text(_ extent: LoadExtent) -> String {
        switch extent {
        case .binds(let size): "binds \(name(size))"
        case .equals(let size): "equals \(text(size))"
        }
    }

    func text(_ expression: TypedExpression) -> String {
        switch expression.kind {
        case .constant(let constant): text(constant)
        case .text(let parts): "text(\(list(parts.values)))"
        case .string(let string): "\"\(string)\""
        case .sameText(let a, let b): "sameText(\(text(a)), \(text(b)))"
        case .variable(let variable): name(variable)
        case .apply(let op, let operands): "\(op.rawValue)(\(list(operands)))"
        case .power(let base, let exponent): "power(\(text(base)), \(exponent))"
        case .convert(let value): "\(expression.type)(\(text(value)))"
        case .place(let value): "place<\(expression.type)>(\(text(value)))"
        case .element(let array, let indices, let bounds):
            "\(text(array))[\(list(indices))\(bounds == .checked ? " checked" : "")]"
        case .view(let array, let view):
            "\(view.edges.map { $0?.rawValue ?? "offset" }.joined(separator: " "))(\(list([array] + (view.fill.map { [$0] } ?? []))))"
        case .slice(let array, let subscripts): "\(text(array))[\(subscripts.map(text).joined(separator: ", "))]"
        case .comprehension(let domain, let body): "[\(text(body)) \(text(domain))]"
        case .reduction(let reduction): text(reduction)
        case .arrayLiteral(let elements): "[\(list(elements))]"
        case .tuple(let elements): "(\(list(elements)))"
        case .tupleElement(let tuple, let position): "\(text(tuple)).\(position)"
        case .call(let function, let arguments): "#\(function)(\(list(arguments)))"
        case .collective(let collective, let operands): "\(collective.rawValue)!(\(list(operands)))"
        case .arrayOperation(let operation, let operands):
            "\(operation.kind.rawValue)!(\(list(operands))\(operation.attributes.isEmpty ? "" : "; \(operation.attributes)"))"
        case .conditional(let condition, let then, let otherwise):
            "if \(text(condition)) \(text(then)) else \(text(otherwise))"
        case .block(let block): text(block)
        case .local(let block): "local \(text(block))"
        case .ownBlock(let array): "ownBlock(\(text(array)))"
        case .extent(let array, let axis): "extent(\(text(array)), \(axis))"
        case .rank: "rank()"
        case .ranks: "ranks()"
        case .clock: "clock()"
        case .checkShape(let value, let expected, _):
            "checkShape(\(text(value)), [\(expected.map { $0.map(text) ?? "_" }.joined(separator: ", "))])"
        }
    }

    private func list(_ expressions: [TypedExpression]) -> String {
        expressions.map(text).joined(separator: ", ")
    }

    /// The path, and behind it what its kind is told.
    private func text(_ file: TypedFile) -> String {
        if case .string("") = file.detail.kind { return text(file.path) }
        return "\(text(file.path)), \(text(file.detail))"
    }

    private func text(_ constant: Constant) -> String {
        switch constant {
        case .bool(let value): "\(value)"
        case .integer(let value, let element): element == .i64 ? "\(value)" : "\(value):\(element.rawValue)"
        case .float(let value, let element): element == .f64 ? "\(value)" : "\(value):\(element.rawValue)"
        }
    }

    private func text(_ reduction: TypedReduction) -> String {
        let kept = reduction.kept.isEmpty ? "" : " keeping \(text(Domain(ranges: reduction.kept)))"
        let condition = reduction.condition.map { " if \(text($0))" } ?? ""
        let place =
            (reduction.staysLocal ? "local " : "")
            + reduction.keys.map { "[\(text($0.index)) of \(text($0.count))] " }.joined()
        return
            "\(place)reduce(\(reduction.op.symbol), \(list(reduction.contributions)) \(text(reduction.domain))\(condition)\(kept))"
    }

    func text(_ domain: Domain) -> String {
        let ranges = domain.ranges.map { range in
            let isUnit = if case .constant(.integer(1, _)) = range.step.kind { true } else { false }
            return
                "\(name(range.index)) in \(text(range.lower))..\(text(range.upper))\(isUnit ? "" : " by \(text(range.step))")"
        }
        let cuts = domain.cuts.map { " divided \($0.range) of \(text($0.extent))" }
        return "for \(ranges.joined(separator: ", "))\(cuts.joined())"
    }

    func text(_ subscripted: Subscripted) -> String {
        switch subscripted {
        case .index(let index, let bounds): text(index) + (bounds == .checked ? " checked" : "")
        case .range(let lower, let upper, let step): "\(text(lower))..\(text(upper)) by \(text(step))"
        }
    }

    private func text(_ block: TypedBlock) -> String {
        var inner = TypedPrinter()
        for statement in block.statements { inner.statement(statement) }
        let statements = inner.output.split(separator: "\n").map { "\($0); " }.joined()
        return "{ \(statements)\(text(block.value)) }"
    }

    private func text(_ parts: [PrintPart]) -> String {
        parts.map { part in
            switch part {
            case .text(let piece): "\"\(piece)\""
            case .value(let value, _): "{\(text(value))}"
            }
        }.joined(separator: " ")
    }
}
