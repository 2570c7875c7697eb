import Language
import Source

/// Reads the text form that `Printer` writes. Every mistake in the text is a `Diagnostic`; whether the module makes sense is the
/// verifier's business.
public struct IRParser {
    let file: SourceFile
    private let tokens: [(token: IRToken, span: Span)]
    private var position = 0
    private var types: [Int: IRType] = [:]
    private var operators: [OperatorDefinition] = []
    /// Where each value was first named, for a message about one that is defined nowhere.
    private var firstNamed: [Int: Span] = [:]

    public static func parse(_ file: SourceFile) throws(Diagnostic) -> Module {
        var parser = IRParser(file: file, tokens: try IRLexer.tokens(of: file))
        return try parser.module()
    }

    private init(file: SourceFile, tokens: [(token: IRToken, span: Span)]) {
        self.file = file
        self.tokens = tokens
    }

    // MARK: The module

    private mutating func module() throws(Diagnostic) -> Module {
        skipLineEnds()
        let span = self.span
        let word = try self.word("a stage")
        guard let stage = Stage(rawValue: word) else { throw .irUnknownWord(word, kind: "stage", at: span) }
        try expectWord("module")
        var parameters: [ModuleParameter] = []
        skipLineEnds()
        // `parameter 0` without a name is a node.
        while peek == .word("parameter"), case .quoted = tokens[min(position + 1, tokens.count - 1)].token {
            parameters.append(try parameter())
            skipLineEnds()
        }
        while peek == .word("operator") {
            operators.append(try operatorDefinition())
            skipLineEnds()
        }
        let nodes = try self.nodes(until: .end)
        let body = Region(nodes: nodes)
        var module = Module(
            stage: stage, parameters: parameters, types: try definedTypes(), body: body, file: SourceFileReference(file)
        )
        module.operators = operators
        return module
    }

    private mutating func parameter() throws(Diagnostic) -> ModuleParameter {
        try expectWord("parameter")
        var parameter = ModuleParameter(name: try quoted(), element: nil, defaultText: nil, documentation: nil)
        try expect(":")
        parameter.element = try type().element
        if takeWord("default") { parameter.defaultText = try quoted() }
        if takeWord("documentation") { parameter.documentation = try quoted() }
        return parameter
    }

    private mutating func operatorDefinition() throws(Diagnostic) -> OperatorDefinition {
        try expectWord("operator")
        let name = try quoted()
        let identity = try region()
        let arguments = try parenthesised { parser throws(Diagnostic) in try parser.definition() }
        return OperatorDefinition(name: name, identity: identity, combination: try region(arguments))
    }

    /// Types by id; ids that no one defines are texts that no one names.
    private func definedTypes() throws(Diagnostic) -> [IRType] {
        for (id, span) in firstNamed.sorted(by: { $0.key < $1.key }) where types[id] == nil {
            throw .irUndefinedValue(id, at: span)
        }
        return (0..<(types.keys.max() ?? -1) + 1).map { types[$0] ?? .text }
    }

    // MARK: Nodes

    private mutating func nodes(until last: IRToken) throws(Diagnostic) -> [Node] {
        var nodes: [Node] = []
        skipLineEnds()
        while peek != last {
            nodes.append(try node())
            guard peek == last || peek == .lineEnd else {
                throw .irExpected("the end of the line", found: peek, at: span)
            }
            skipLineEnds()
        }
        return nodes
    }

    private mutating func node() throws(Diagnostic) -> Node {
        let start = span
        var results: [Value] = []
        if case .value = peek {
            results = try list { parser throws(Diagnostic) in try parser.definition() }
            try expect("=")
        }
        var node = try body()
        node.results = results
        node.span = start
        return node
    }

    mutating func region(_ arguments: [Value] = []) throws(Diagnostic) -> Region {
        try expect("{")
        let nodes = try self.nodes(until: .mark("}"))
        try expect("}")
        return Region(arguments: arguments, nodes: nodes)
    }

    // MARK: Values and types

    /// `%3: f64[/%1]`
    mutating func definition() throws(Diagnostic) -> Value {
        let span = self.span
        guard case .value(let id) = peek else { throw .irExpected("a value", found: peek, at: span) }
        position += 1
        try expect(":")
        guard types[id] == nil else { throw .irDefinedTwice(id, at: span) }
        types[id] = try type()
        return Value(id: id)
    }

    mutating func value() throws(Diagnostic) -> Value {
        guard case .value(let id) = peek else { throw .irExpected("a value", found: peek, at: span) }
        if firstNamed[id] == nil { firstNamed[id] = span }
        position += 1
        return Value(id: id)
    }

    /// Values until the line ends, none or some.
    mutating func values() throws(Diagnostic) -> [Value] {
        guard case .value = peek else { return [] }
        return try list { parser throws(Diagnostic) in try parser.value() }
    }

    mutating func element() throws(Diagnostic) -> ElementType {
        let span = self.span
        let word = try self.word("an element type")
        guard let element = ElementType(rawValue: word) else {
            throw .irUnknownWord(word, kind: "element type", at: span)
        }
        return element
    }

    mutating func reductionOperator() throws(Diagnostic) -> ReductionOperator {
        try expect("(")
        let span = self.span
        if takeWord("operator") {
            let id = try integer()
            guard operators.indices.contains(id) else {
                throw .irUnknownWord("operator \(id)", kind: "reduction operator", at: span)
            }
            try expect(")")
            let arity = operators[id].identity.yielded.count
            return .user(UserOperator(id: id, name: operators[id].name, arity: arity))
        }
        guard case .mark(let name) = peek.asMark, let op = ReductionOperator(word: name) else {
            throw .irExpected("a reduction's operator", found: peek, at: span)
        }
        position += 1
        try expect(")")
        return op
    }

    private mutating func type() throws(Diagnostic) -> IRType {
        if takeWord("text") { return .text }
        var placement = Placement.replicated
        if takeWord("part") {
            placement = .part(try reductionOperator())
        } else if takeWord("local") {
            placement = .local
        } else if takeWord("root") {
            placement = .root
        }
        let element = try self.element()
        var (dimensions, cuts): ([Value], [Distribution.Cut]) = ([], [])
        guard take("[") else { return .array(element, dimensions: [], placement) }
        repeat {
            cuts.append(take("/") ? .block : .whole)
            dimensions.append(try value())
        } while take(",")
        try expect("]")
        let distribution = Distribution(cuts)
        if distribution.isDivided { placement = .scattered(distribution) }
        return .array(element, dimensions: dimensions, placement)
    }

    // MARK: Tokens

    var peek: IRToken { tokens[position].token }
    var span: Span { tokens[position].span }

    /// Steps over the token; the end of the file stays.
    mutating func advance() { position = min(position + 1, tokens.count - 1) }

    private mutating func skipLineEnds() {
        while peek == .lineEnd { advance() }
    }

    mutating func take(_ mark: String) -> Bool {
        guard peek == .mark(mark) else { return false }
        advance()
        return true
    }

    mutating func takeWord(_ word: String) -> Bool {
        guard peek == .word(word) else { return false }
        advance()
        return true
    }

    mutating func expect(_ mark: String) throws(Diagnostic) {
        guard take(mark) else { throw .irExpected("'\(mark)'", found: peek, at: span) }
    }

    mutating func expectWord(_ word: String) throws(Diagnostic) {
        guard takeWord(word) else { throw .irExpected("'\(word)'", found: peek, at: span) }
    }

    mutating func word(_ what: String) throws(Diagnostic) -> String {
        guard case .word(let word) = peek else { throw .irExpected(what, found: peek, at: span) }
        advance()
        return word
    }

    mutating func quoted() throws(Diagnostic) -> String {
        guard case .quoted(let text) = peek else { throw .irExpected("a text", found: peek, at: span) }
        advance()
        return text
    }

    mutating func integer() throws(Diagnostic) -> Int {
        guard case .number(let text) = peek, let value = Int(text) else {
            throw .irExpected("a whole number", found: peek, at: span)
        }
        advance()
        return value
    }

    /// One or more, with commas between.
    mutating func list<Item>(
        _ item: (inout IRParser) throws(Diagnostic) -> Item
    ) throws(Diagnostic) -> [Item] {
        var items = [try item(&self)]
        while take(",") { items.append(try item(&self)) }
        return items
    }

    /// None or more, in parentheses.
    mutating func parenthesised<Item>(
        _ item: (inout IRParser) throws(Diagnostic) -> Item
    ) throws(Diagnostic) -> [Item] {
        try expect("(")
        if take(")") { return [] }
        let items = try list(item)
        try expect(")")
        return items
    }
}

extension IRToken {
    /// A word read as a mark, so that `+` and `minloc` are looked up alike.
    fileprivate var asMark: IRToken { if case .word(let text) = self { .mark(text) } else { self } }
}
