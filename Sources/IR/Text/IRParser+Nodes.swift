import Language
import Source

/// What stands after `results =`; the mirror image of `Printer.head`.
extension IRParser {
    /// A node without its results.
    mutating func body() throws(Diagnostic) -> Node {
        let span = self.span
        let word = try self.word("an operation")
        if let operation = try Operation.read(word, &self) { return make(operation, try values()) }
        switch word {
        case "element":
            let operands = try indexed()
            return make(.element(try bounds()), operands)
        case "neighbour":
            try expect("(")
            let rows = try reach()
            var read = Neighbour(rows, columns: takeWord("columns") ? try reach() : nil, bounds: .proved)
            try expect(")")
            let operands = try indexed()
            read.bounds = try bounds()
            return make(.neighbour(read), operands)
        case "read": return make(.read, try indexed())
        case "write":
            let operands = try indexed()
            try expect("=")
            return make(.write, operands + [try value()])
        default: return try control(word, at: span)
        }
    }

    private func make(_ operation: Operation, _ operands: [Value], _ regions: [Region] = []) -> Node {
        Node(operation, operands, regions: regions, results: [], span)
    }

    /// `true`, `-3`, `0.25`, `inf`, `nan(…)`; after its type.
    mutating func constant() throws(Diagnostic) -> Constant {
        let span = self.span
        let element = try self.element()
        let text: String
        switch peek {
        case .number(let number): text = number
        case .word(let word): text = word
        default: throw .irExpected("a number", found: peek, at: self.span)
        }
        advance()
        var bits: UInt64?
        if take("(") {
            guard case .number(let pattern) = peek, let value = UInt64(pattern) else {
                throw .irExpected("the bits of a NaN", found: peek, at: self.span)
            }
            bits = value
            advance()
            try expect(")")
        }
        guard let constant = NumberText.constant(text, bits: bits, element) else {
            throw .irUnreadable("'\(text)' as \(element.rawValue)", at: span)
        }
        return constant
    }

    /// `-1 to 2 wraps`
    private mutating func reach() throws(Diagnostic) -> Neighbour.Reach {
        let span = self.span
        let low = try integer()
        let high = takeWord("to") ? try integer() : low
        guard low <= high else { throw .irUnreadable("'\(low) to \(high)' as offsets", at: span) }
        return Neighbour.Reach(offsets: low...high, wraps: takeWord("wraps"))
    }

    /// `(1 0, 0 2 wraps)`, `(1 1 columns 1 1)`
    mutating func halos() throws(Diagnostic) -> [Halo] {
        try parenthesised { parser throws(Diagnostic) in
            let rows = try parser.side()
            let columns = parser.takeWord("columns") ? try parser.side() : nil
            return Halo(low: rows.low, high: rows.high, wraps: rows.wraps, columns: columns)
        }
    }

    private mutating func side() throws(Diagnostic) -> Halo.Side {
        Halo.Side(low: try integer(), high: try integer(), wraps: takeWord("wraps"))
    }

    /// `transpose(1, 0)`
    mutating func arrayOperation() throws(Diagnostic) -> ArrayOperation {
        let span = self.span
        let word = try self.word("an array operation")
        guard let kind = ArrayOperation.Kind(rawValue: word) else {
            throw .irUnknownWord(word, kind: "array operation", at: span)
        }
        return ArrayOperation(kind, try parenthesised { parser throws(Diagnostic) in try parser.integer() })
    }

    /// `%1[%2, %3]`
    private mutating func indexed() throws(Diagnostic) -> [Value] {
        let array = try value()
        try expect("[")
        let indices = try values()
        try expect("]")
        return [array] + indices
    }

    private mutating func bounds() throws(Diagnostic) -> Bounds {
        takeWord("checked") ? .checked(try storageOrder()) : .proved
    }

    mutating func storageOrder() throws(Diagnostic) -> StorageOrder {
        StorageOrder(first: takeWord("axis") ? try integer() : 0)
    }

    mutating func pieces() throws(Diagnostic) -> [PrintPiece] {
        try parenthesised { parser throws(Diagnostic) in
            if case .quoted(let text) = parser.peek {
                parser.advance()
                return .text(text)
            }
            let span = parser.span
            let word = try parser.word("a text or a hole's style")
            guard let style = PrintPiece.HoleStyle(rawValue: word) else {
                throw .irUnknownWord(word, kind: "style of a hole", at: span)
            }
            return .hole(style: style, digits: try parser.integer(), width: try parser.integer())
        }
    }

    // MARK: What has bodies or ranges

    private mutating func control(_ word: String, at span: Span) throws(Diagnostic) -> Node {
        switch word {
        case "if":
            let condition = try value()
            let then = try region()
            try expectWord("else")
            return make(.conditional, [condition], [then, try region()])
        case "checkAhead":
            let test = try value()
            return make(.checkAhead, [test], [try region()])
        case "for": return try forLoop()
        case "while":
            let carried = try self.carried()
            let condition = try region(carried.map(\.argument))
            try expectWord("do")
            let arguments = try parenthesised { parser throws(Diagnostic) in try parser.definition() }
            return make(.whileLoop, carried.map(\.initial), [condition, try region(arguments)])
        case "update":
            let base = try value()
            try expectWord("over")
            let (indices, space) = try self.space()
            let operation = Operation.update(axes: space.ranges.count, space.distribution, try bounds())
            return make(operation, [base] + space.operands, [try region(indices)])
        case "loop": return try loop()
        case "sweeps":
            let halos = try self.halos()
            guard halos.count == 1 else { throw .irUnreadable("\(halos.count) halos of sweeps", at: span) }
            let sweeps = Sweeps(
                halo: halos[0], most: try integer(), readsBefore: takeWord("before"), reducesEach: takeWord("each"))
            let operands = try values()
            try expectWord("with")
            let arguments = try parenthesised { parser throws(Diagnostic) in try parser.definition() }
            return make(.sweeps(sweeps), operands, [try region(arguments)])
        default: throw .irUnknownWord(word, kind: "operation", at: span)
        }
    }

    private mutating func forLoop() throws(Diagnostic) -> Node {
        try expect("(")
        let index = try definition()
        try expectWord("in")
        let range = try self.range()
        try expect(")")
        try expectWord("with")
        let carried = try self.carried()
        let body = try region([index] + carried.map(\.argument))
        return make(.forLoop, [range.lower, range.upper, range.step] + carried.map(\.initial), [body])
    }

    private mutating func loop() throws(Diagnostic) -> Node {
        var (arguments, space) = try self.space()
        var operands = space.operands
        if takeWord("leaves") {
            operands.append(try value())
            try expect(",")
            operands.append(try value())
        }
        let isOverlapped = takeWord("inside")
        if isOverlapped {
            operands.append(try value())
            try expect("..")
            operands.append(try value())
        }
        if takeWord("with") {
            arguments += try parenthesised { parser throws(Diagnostic) in try parser.definition() }
        }
        try expectWord("yields")
        var yields: [Loop.Yield] = []
        if !takeWord("nothing") {
            yields = try list { parser throws(Diagnostic) in
                if parser.takeWord("element") { return .element }
                try parser.expectWord("reduction")
                return .reduction(try parser.reductionOperator())
            }
        }
        let loop = Loop(axes: space.ranges.count, space.distribution, yields: yields)
        var regions = [try region(arguments)]
        if isOverlapped {
            try expectWord("then")
            regions.append(try region())
        }
        return make(.loop(loop), operands, regions)
    }

    /// `(%4: i64 in %0..%1 by %2) divided 0 of %1`
    private mutating func space() throws(Diagnostic) -> (indices: [Value], space: IterationSpace) {
        var indices: [Value] = []
        let ranges = try parenthesised { parser throws(Diagnostic) in
            indices.append(try parser.definition())
            try parser.expectWord("in")
            return try parser.range()
        }
        var cuts = ranges.map { _ in Distribution.Cut.whole }
        var extents: [Value] = []
        while takeWord("divided") {
            let axis = try integer()
            guard cuts.indices.contains(axis) else { throw .irUnreadable("'\(axis)' as an axis", at: span) }
            cuts[axis] = .block
            try expectWord("of")
            extents.append(try value())
        }
        return (indices, IterationSpace(ranges, Distribution(cuts), of: extents))
    }

    /// Behind `owned`: nothing where all ranks are meant.
    mutating func direction() -> Direction { Direction.allCases.first { takeWord($0.rawValue) } ?? .all }

    private mutating func range() throws(Diagnostic) -> IterationSpace.Range {
        let lower = try value()
        try expect("..")
        let upper = try value()
        try expectWord("by")
        return IterationSpace.Range(lower, upper, by: try value())
    }

    /// `(%1: f64 = %0, …)`
    private mutating func carried() throws(Diagnostic) -> [(argument: Value, initial: Value)] {
        try parenthesised { parser throws(Diagnostic) in
            let argument = try parser.definition()
            try parser.expect("=")
            return (argument, try parser.value())
        }
    }
}
