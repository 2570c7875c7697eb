import Source
import Testing

@testable import Syntax

@Suite struct ParserTests {
    @Test(arguments: Inputs.programs.map(\.path))
    func programsParse(path: String) throws {
        let file = try #require(Inputs.programs.first { $0.path == path })
        let (_, diagnostics) = parse(file)
        #expect(diagnostics.map { "\($0.span.line):\($0.span.column) \($0.message)" } == [])
    }

    private func program(_ text: String) throws -> Program {
        let (program, diagnostics) = parse(SourceFile(path: "test.pdl", text))
        try #require(diagnostics.map(\.message) == [])
        return program
    }

    /// What binds what, shown by the parentheses that change nothing but themselves.
    @Test(arguments: [
        ("-x ** 2", "-(x ** 2)"), ("2 ** -1 ** 2", "2 ** (-(1 ** 2))"), ("a ** b ** c", "a ** (b ** c)"),
        ("a - b - c", "(a - b) - c"), ("a / b * c // d % e @ f", "((((a / b) * c) // d) % e) @ f"),
        ("a + b * c", "a + (b * c)"), ("a << b + c", "a << (b + c)"), ("a & b << c", "a & (b << c)"),
        ("a ^ b & c", "a ^ (b & c)"), ("a | b ^ c", "a | (b ^ c)"), ("a < b | c", "a < (b | c)"),
        ("not a < b", "not (a < b)"), ("not a and b", "(not a) and b"), ("a or b and c", "a or (b and c)"),
        ("a |> b or c", "a |> (b or c)"), ("a |> b |> c", "(a |> b) |> c"), ("~a + -b", "(~a) + (-b)"),
        ("x => y => x + y", "x => (y => (x + y))"), ("a * -b", "a * (-b)"), ("f(a)[b].c", "((f(a))[b]).c"),
    ])
    func precedence(plain: String, explicit: String) throws {
        let statement = try program(plain).statements[0]
        let same = try program(explicit).statements[0]
        guard case .expression(let a) = statement.kind, case .expression(let b) = same.kind else {
            Issue.record("not expressions")
            return
        }
        #expect(a == b.withoutParentheses)
    }

    @Test func lineEnds() throws {
        let text = """
            let a = b
                + c *
                d
                - a
            -e
            let f = g(
                h

                , i
            )
                |> j   # goes on

                # and on
                |> k
            if a
            { b() }
            else
            { c() }
            a[i]
                = b
                for i in 0..n   # a clause
                by 2
                if c
            for i in
                0..n { b() }
            fn f() { a[i] = b
                for i in 0..n
            }
            fn g(a)
                -> f64
                = a
            """
        let joined = """
            let a = b + c * d - a
            -e
            let f = g(h, i) |> j |> k
            if a { b() } else { c() }
            a[i] = b for i in 0..n by 2 if c
            for i in 0..n { b() }
            fn f() { a[i] = b for i in 0..n }
            fn g(a) -> f64 = a
            """
        #expect(try program(text) == program(joined))
    }

    @Test func numbersAndTexts() throws {
        let text = "f(1_000, 0xF_f, 1e-6, 2.5E3, 1..n, t.0.1, \"a\\n\\{{b:8.3}{c}\\\"\")"
        // `1..n` is no argument, but three words.
        let (tokens, diagnostics) = tokenize(SourceFile(path: "test.pdl", text))
        #expect(diagnostics.isEmpty)
        let kinds = tokens.map(\.kind)
        #expect(kinds.filter { $0 == .float }.count == 2)
        #expect(kinds.filter { $0 == .integer }.count == 5)
        #expect(kinds.contains(.text("a\n{")))
        #expect(kinds.contains(.format("8.3")))
        #expect(kinds.contains(.text("\"")))
    }

    @Test func documentationBelongsToFunctions() throws {
        let statements = try program("## One.\n##  Two.\nfn f(x) = x\n# plain\nfn g(x) = x").statements
        let documentation = statements.map { statement -> String? in
            if case .function(let function) = statement.kind { function.documentation } else { nil }
        }
        #expect(documentation == ["One.\nTwo.", nil])
    }

    @Test func theValueOfABlockMayBeAnIf() throws {
        let statement = try program("let a = if b { if c { 1 } else { 2 } } else { 3 }").statements[0]
        guard case .binding(_, _, _, let value) = statement.kind, case .conditional(_, let then, _) = value.kind,
            case .expression(let inner) = then.statements[0].kind, case .conditional = inner.kind
        else {
            Issue.record("the inner if is not a value")
            return
        }
    }

    /// Spans cover what they name: the text of a node parses to that node.
    @Test func spansCoverTheirText() throws {
        let statements = try program("let a = f(x, [y for y in 0..n])[2..] + \"t{u}\" ** (v, w).0").statements
        guard case .binding(_, _, _, let value) = statements[0].kind else { return }
        for part in value.parts {
            guard case .expression(let again) = try program(part.span.text).statements[0].kind else { continue }
            #expect(again == part)
        }
        #expect(value.parts.count == 12)
    }

    @Test func dump() throws {
        #expect(
            try program("v[i, ..] += -x ** 2 for i in 0..n if c\nshow \"a{b:.3}\"").dump() == """
                assign elements v += 1:1
                  name i 1:3
                  all 1:6
                  unary - 1:13
                    binary ** 1:14
                      name x 1:14
                      integer 2 1:19
                  generator 1:21
                    in i 1:25
                      range 1:30
                        integer 0 1:30
                        name n 1:33
                    if
                      name c 1:38
                show 2:1
                  text 2:6
                    "a"
                    hole :.3
                      name b 2:9

                """)
    }
}

extension Expression {
    /// The tree without the parentheses of the text.
    fileprivate var withoutParentheses: Expression {
        switch kind {
        case .parenthesized(let inner): inner.withoutParentheses
        case .unary(let prefix, let operand): Expression(.unary(prefix, operand.withoutParentheses), span)
        case .binary(let infix, let left, let right):
            Expression(.binary(infix, left.withoutParentheses, right.withoutParentheses), span)
        case .lambda(let names, let body): Expression(.lambda(names, body.withoutParentheses), span)
        case .index(let base, let subscripts): Expression(.index(base.withoutParentheses, subscripts), span)
        case .member(let base, let name): Expression(.member(base.withoutParentheses, name), span)
        default: self
        }
    }

    /// Itself and the expressions in it, as far as operators, calls, indices, members, tuples go.
    fileprivate var parts: [Expression] {
        switch kind {
        case .binary(_, let left, let right): [self] + left.parts + right.parts
        case .call(let function, let arguments, _): [self] + function.parts + arguments.flatMap(\.value.parts)
        case .index(let base, _), .member(let base, _): [self] + base.parts
        case .tuple(let elements): [self] + elements.flatMap(\.parts)
        default: [self]
        }
    }
}
