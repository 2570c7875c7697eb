import Language

/// How a node reads, up to its first body: the word and the attributes of its row, and its operands.
extension Printer {
    func head(_ node: Node) -> String {
        let row = node.operation.row
        let word = row.word + row.attributes.map(text).joined()
        return switch row.form {
        case .plain: node.operands.isEmpty ? word : "\(word) \(names(node.operands))"
        case .indexed: indexed(word, node.operands[...], row) ?? malformed(node)
        case .assigned:
            indexed(word, node.operands.dropLast(), row).map { "\($0) = \(names(node.operands.suffix(1)))" }
                ?? malformed(node)
        case .structured: structured(node, word, row) ?? malformed(node)
        }
    }

    private func malformed(_ node: Node) -> String { "malformed \(node.operation.row.word) \(names(node.operands))" }

    /// `element %1[%2, %3] checked`; nil when there is no array.
    private func indexed(_ word: String, _ operands: ArraySlice<Value>, _ row: OperationRow) -> String? {
        operands.first.map { "\(word) \(name($0))[\(names(operands.dropFirst()))]\(suffix(row))" }
    }

    // MARK: Attributes

    private func text(_ attribute: Attribute) -> String {
        switch attribute {
        case .element(let element): " \(element.rawValue)"
        case .constant(let constant): " \(constant.element.rawValue) \(NumberText.text(constant))"
        case .integer(let number): " \(number)"
        case .quoted(let text): " \(QuotedText.quote(text))"
        case .word(let word): " \(word)"
        case .pieces(let pieces): " \(self.pieces(pieces))"
        case .order(let order): text(order)
        case .halos(let halos): "(\(widths(halos)))"
        case .offsets(let read): "(\(offsets(read)))"
        case .reduction(let op): "(\(text(op)))"
        case .array(let operation):
            " \(operation.kind.rawValue)(\(operation.attributes.map(String.init).joined(separator: ", ")))"
        case .bounds: ""
        }
    }

    /// The attributes that stand behind the operands.
    private func suffix(_ row: OperationRow) -> String {
        row.attributes.map { attribute in
            if case .bounds(.checked(let order)) = attribute { " checked\(text(order))" } else { "" }
        }.joined()
    }

    /// `-1 to 2 wraps`, `-1 columns 0 to 1`
    private func offsets(_ read: Neighbour) -> String {
        read.reaches.map { reach in
            let ends = Set([reach.offsets.lowerBound, reach.offsets.upperBound]).sorted().map(String.init)
            return ends.joined(separator: " to ") + (reach.wraps ? " wraps" : "")
        }.joined(separator: " columns ")
    }

    /// `1 0, 0 2 wraps`, `1 1 columns 1 1`
    private func widths(_ halos: [Halo]) -> String {
        halos.map { halo in
            halo.sides.map { "\($0.low) \($0.high)\($0.wraps ? " wraps" : "")" }.joined(separator: " columns ")
        }.joined(separator: ", ")
    }

    /// ` axis 1`: the first axis of what is stored is written second.
    private func text(_ order: StorageOrder) -> String { order == .plain ? "" : " axis \(order.first)" }

    private func pieces(_ pieces: [PrintPiece]) -> String {
        let texts = pieces.map { piece in
            switch piece {
            case .text(let text): QuotedText.quote(text)
            case .hole(let style, let digits, let width): "\(style.rawValue) \(digits) \(width)"
            }
        }
        return "(\(texts.joined(separator: ", ")))"
    }

    // MARK: What has bodies or ranges

    /// nil when the node's operands or bodies do not fit.
    private func structured(_ node: Node, _ word: String, _ row: OperationRow) -> String? {
        let operands = node.operands
        guard operands.count >= row.operands.least else { return nil }
        switch row.bodies {
        case .none: return nil
        case .ways, .fallback: return "\(row.word) \(names(operands))"
        case .counted:
            guard let arguments = node.regions.first?.arguments, arguments.count == 1 + node.carried.count else {
                return nil
            }
            return "for (\(index(arguments[0], node.range))) with (\(carried(arguments.dropFirst(), node.carried)))"
        case .tested:
            guard let arguments = node.regions.first?.arguments, arguments.count == operands.count else { return nil }
            return "while (\(carried(arguments[...], operands)))"
        case .points:
            guard case .loop(let loop) = node.operation else { return nil }
            return loopHead(loop, node)
        case .swept:
            let arguments = node.regions.first?.arguments.map(definition) ?? []
            return "\(word) \(names(operands)) with (\(arguments.joined(separator: ", ")))"
        case .writes: return space(node).map { "\(row.word) \(name(node.base)) over \($0)\(suffix(row))" }
        }
    }

    private func loopHead(_ loop: Loop, _ node: Node) -> String? {
        guard var text = space(node), let body = node.regions.first else { return nil }
        if let leaves = node.leaves { text += " leaves \(name(leaves.origin)), \(name(leaves.rows))" }
        if let inside = node.inside { text += " inside \(name(inside.lower))..\(name(inside.upper))" }
        let accumulators = body.arguments.dropFirst(loop.axes)
        if !accumulators.isEmpty { text += " with (\(accumulators.map(definition).joined(separator: ", ")))" }
        let yields = loop.yields.map { yield in
            switch yield {
            case .element: "element"
            case .reduction(let op): "reduction(\(self.text(op)))"
            }
        }
        return "loop \(text) yields \(yields.isEmpty ? "nothing" : yields.joined(separator: ", "))"
    }

    /// `(%4: i64 in %0..%1 by %2) divided 0 of %1`
    private func space(_ node: Node) -> String? {
        guard let space = IterationSpace(of: node), let body = node.regions.first,
            body.arguments.count >= space.ranges.count
        else { return nil }
        let indices = zip(body.arguments, space.ranges).map { index($0, $1) }
        let cuts = space.cuts.map { " divided \($0.axis) of \(name($0.extent))" }
        return "(\(indices.joined(separator: ", ")))\(cuts.joined())"
    }

    private func index(_ argument: Value, _ range: IterationSpace.Range) -> String {
        "\(definition(argument)) in \(self.range(range))"
    }

    private func range(_ range: IterationSpace.Range) -> String {
        "\(name(range.lower))..\(name(range.upper)) by \(name(range.step))"
    }

    /// `%1: f64 = %0, …`
    private func carried(_ arguments: ArraySlice<Value>, _ initial: [Value]) -> String {
        zip(arguments, initial).map { "\(definition($0)) = \(name($1))" }.joined(separator: ", ")
    }
}
