import Language

/// How each operation reads, up to its first body.
extension Printer {
    func head(_ node: Node) -> String {
        let operands = node.operands
        if let word = OperationWords.word(node.operation) { return phrase(word, operands) }
        switch node.operation {
        case .constant(let constant): return "constant \(constant.element.rawValue) \(NumberText.text(constant))"
        case .convert(let element): return phrase("convert \(element.rawValue)", operands)
        case .parameter(let index): return "parameter \(index)"
        case .parameterGiven(let index): return "parameterGiven \(index)"
        case .text(let text): return "text \(QuotedText.quote(text))"
        case .compose(let pieces): return phrase("compose \(self.pieces(pieces))", operands)
        case .print(let pieces): return phrase("print \(self.pieces(pieces))", operands)
        case .assertion(let pieces): return phrase("assert \(self.pieces(pieces))", operands)
        case .show(let name, let order): return phrase("show \(QuotedText.quote(name))\(text(order))", operands)
        case .loadFile(let order): return phrase("load\(text(order))", operands)
        case .saveFile(let order): return phrase("save\(text(order))", operands)
        case .argument(let index, let order): return phrase("argument \(index)\(text(order))", operands)
        case .result(let index, let order): return phrase("result \(index)\(text(order))", operands)
        case .checkExtent(let what): return phrase("checkExtent \(QuotedText.quote(what))", operands)
        case .checkIndex(let axis): return phrase("checkIndex \(axis)", operands)
        case .leafRows(let divided): return phrase(divided ? "leafRows divided" : "leafRows", operands)
        case .accumulate(let op): return phrase("accumulate(\(text(op)))", operands)
        case .element(let bounds): return indexed("element", operands, bounds)
        case .neighbour(let read):
            let wraps = read.wraps ? " wraps" : ""
            let ends = Set([read.offsets.lowerBound, read.offsets.upperBound]).sorted().map(String.init)
            return indexed("neighbour(\(ends.joined(separator: " to "))\(wraps))", operands, read.bounds)
        case .exchange(let halos): return phrase("exchange(\(widths(halos)))", operands)
        case .startExchange(let halos): return phrase("startExchange(\(widths(halos)))", operands)
        case .read: return indexed("read", operands, .proved)
        case .array(let operation):
            let attributes = operation.attributes.map(String.init).joined(separator: ", ")
            return phrase("array \(operation.kind.rawValue)(\(attributes))", operands)
        case .write where operands.count == 3:
            return "write \(name(operands[0]))[\(name(operands[1]))] = \(name(operands[2]))"
        default: return control(node) ?? phrase("malformed \(node.operation)", operands)
        }
    }

    /// `1 0, 0 2 wraps`
    private func widths(_ halos: [Halo]) -> String {
        halos.map { "\($0.low) \($0.high)\($0.wraps ? " wraps" : "")" }.joined(separator: ", ")
    }

    /// `word %1, %2`
    private func phrase(_ word: String, _ operands: [Value]) -> String {
        operands.isEmpty ? word : "\(word) \(names(operands))"
    }

    /// `element %1[%2, %3] checked`
    private func indexed(_ word: String, _ operands: [Value], _ bounds: Bounds) -> String {
        guard let array = operands.first else { return "malformed \(word)" }
        return "\(word) \(name(array))[\(names(operands.dropFirst()))]\(suffix(bounds))"
    }

    private func suffix(_ bounds: Bounds) -> String {
        switch bounds {
        case .proved: ""
        case .checked(let order): " checked\(text(order))"
        }
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
    private func control(_ node: Node) -> String? {
        let operands = node.operands
        switch node.operation {
        case .conditional where operands.count == 1: return "if \(name(operands[0]))"
        case .checkAhead where operands.count == 1: return "checkAhead \(name(operands[0]))"
        case .forLoop where operands.count >= 3 && node.regions.first?.arguments.count == operands.count - 2:
            let arguments = node.regions[0].arguments
            let range = IterationSpace.Range(operands[0], operands[1], by: operands[2])
            return "for (\(index(arguments[0], range))) with (\(carried(arguments.dropFirst(), operands.dropFirst(3))))"
        case .whileLoop where node.regions.first?.arguments.count == operands.count:
            return "while (\(carried(node.regions[0].arguments[...], operands[...])))"
        case .loop(let loop): return loopHead(loop, node)
        case .update(_, _, let bounds):
            guard let space = space(node), let base = operands.first else { return nil }
            return "update \(name(base)) over \(space)\(suffix(bounds))"
        default: return nil
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
        let divided = space.divided.map { " divided \($0.axis) of \(name($0.extent))" } ?? ""
        return "(\(indices.joined(separator: ", ")))\(divided)"
    }

    private func index(_ argument: Value, _ range: IterationSpace.Range) -> String {
        "\(definition(argument)) in \(self.range(range))"
    }

    private func range(_ range: IterationSpace.Range) -> String {
        "\(name(range.lower))..\(name(range.upper)) by \(name(range.step))"
    }

    /// `%1: f64 = %0, …`
    private func carried(_ arguments: ArraySlice<Value>, _ initial: ArraySlice<Value>) -> String {
        zip(arguments, initial).map { "\(definition($0)) = \(name($1))" }.joined(separator: ", ")
    }
}
