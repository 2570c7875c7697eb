import Source
import Testing

@testable import Syntax

@Suite struct FormatterTests {
    private func formatted(_ text: String) throws -> String {
        let (result, diagnostics) = format(SourceFile(path: "test.pdl", text))
        return try #require(result, "\(diagnostics.map(\.message))")
    }

    @Test(arguments: Inputs.programs.map(\.path))
    func formattingTwiceIsFormattingOnce(path: String) throws {
        let file = try #require(Inputs.programs.first { $0.path == path })
        let once = try formatted(String(decoding: file.text, as: UTF8.self))
        #expect(try formatted(once) == once)
        #expect(parse(SourceFile(path: path, once)).program == parse(file).program)
        #expect(comments(SourceFile(path: path, once)) == comments(file))
    }

    private func comments(_ file: SourceFile) -> [String] {
        tokenize(file).tokens.filter { $0.kind == .comment }.map { Span(file, $0.start, $0.end).text }
    }

    @Test func blanks() throws {
        let text = """
            let   a=f ( 1,2 ) [ 3 ]+ b*-c - - d
            v [i-1 , j]+=a **2 for i in 0 .. n by 2,j in 1..m-1 if not(a==b)
            fn f ( x:f64[ / n : cyclic(4),m ],y )->part( + )f64{ return x=>x }
            h[ k ]min= scan( + ,a, axis :0)
            while true{}
            print   "a  {b +c:.3}  d"
            x=t . 0 . 1
            """
        #expect(
            try formatted(text) == """
                let a = f(1, 2)[3] + b*-c - -d
                v[i-1, j] += a ** 2 for i in 0..n by 2, j in 1..m-1 if not (a == b)
                fn f(x: f64[/n:cyclic(4),m], y) -> part(+) f64 { return x => x }
                h[k] min= scan(+, a, axis: 0)
                while true {}
                print "a  {b +c:.3}  d"
                x = t.0.1

                """)
    }

    @Test func lines() throws {
        let text = """


            # first
            if a
            {


              b()   # one
                # two
              long_name()      # three

            }

            else
            {
            c(1,
            [
            2
            ],
            - 3
            - 4
            )
            }
            let x = y
            |> z(local {
            1
            })
            - 1
            -1
            a[i] = b
            for i in 0..n
            if c


            record P {
            x: f64,
            y: f64
            }

            """
        #expect(
            try formatted(text) == """
                # first
                if a {
                    b()          # one
                    # two
                    long_name()  # three
                } else {
                    c(1,
                        [
                            2
                        ],
                        -3
                        - 4
                    )
                }
                let x = y
                    |> z(local {
                        1
                    })
                    - 1
                -1
                a[i] = b
                    for i in 0..n
                    if c

                record P {
                    x: f64,
                    y: f64
                }

                """)
    }

    @Test func headersOfSeveralLines() throws {
        let text = """
            fn f(a: f64,
            b: f64[n,m]) -> f64 {
            return a
            }
            """
        #expect(try formatted(text) == "fn f(a: f64,\n    b: f64[n,m]) -> f64 {\n    return a\n}\n")
    }

    @Test func commentColumns() throws {
        // The author's column stays where it leaves room; otherwise there are two blanks.
        #expect(try formatted("a()      # one\nbcd()    # two\n") == "a()      # one\nbcd()    # two\n")
        #expect(try formatted("a() # one\nbcd() # two\n") == "a()    # one\nbcd()  # two\n")
        #expect(try formatted("a( ) # one\n\nbcd()      # two\n") == "a()  # one\n\nbcd()      # two\n")
    }

    /// The programs of the language's own page are in the style.
    @Test(arguments: ["cg", "histogram", "jacobi", "kmeans", "psum", "stats"])
    func pagesAreCanonical(name: String) throws {
        let file = try #require(Inputs.programs.first { $0.path == "Tests/SyntaxTests/Inputs/\(name).pdl" })
        let text = String(decoding: file.text, as: UTF8.self)
        #expect(try formatted(text) == text)
    }

    @Test func aCommentThatKeepsElseOnItsLine() throws {
        let text = "if a {\nb()\n} # then\nelse {\nc()\n}\n"
        #expect(try formatted(text) == "if a {\n    b()\n}  # then\nelse {\n    c()\n}\n")
    }

    @Test func nothingButBlanks() throws {
        #expect(try formatted("") == "")
        #expect(try formatted("\n\n  \n") == "")
        #expect(try formatted("# only this") == "# only this\n")
    }

    @Test func whatDoesNotParseIsNotFormatted() {
        let (text, diagnostics) = format(SourceFile(path: "test.pdl", "let = 3"))
        #expect(text == nil)
        #expect(!diagnostics.isEmpty)
    }
}
