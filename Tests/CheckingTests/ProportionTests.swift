import Source
import Syntax
import Testing

@testable import Checking

/// The work of checking is in proportion to the program's length: counted in statements and expressions checked, not in seconds.
@Suite struct ProportionTests {
    /// Something that stands inside itself so many times.
    struct Construct: Sendable, CustomTestStringConvertible {
        var before: String
        var middle: String
        var after: String
        var testDescription: String { "\(before) … \(after)" }
        init(_ before: String, _ after: String, around middle: String = "y") {
            (self.before, self.middle, self.after) = (before, middle, after)
        }
        func text(_ depth: Int) -> String {
            String(repeating: before, count: depth) + middle + String(repeating: after, count: depth)
        }
    }

    static let constructs = [
        Construct("sin(", ")"), Construct("f32(", ")"), Construct("atan2(1.0, ", ")"), Construct("min(", ", 1.0)"),
        Construct("where(y > 0.0, ", ", 1.0)"), Construct("[", "][0]"), Construct("sum([", "])"),
        Construct("norm([", "])"), Construct("reduce((a, b) => a + b, 0.0, [", "])"),
        Construct("reduce(+, 0.0, [", "])"), Construct("sum(", " for i in 0..2)"),
        Construct("", " |> abs"), Construct("(1.0 + ", ")"), Construct("2 * (", ")"), Construct("-(", ")"),
        Construct("scan(+, [", "])[0]"), Construct("if y > 0.0 { ", " } else { 0.0 }"),
        Construct("sum(1 for i in 0..2, j in i..", ")", around: "2"), Construct("v[", "]", around: "0"),
        Construct("p[", "].x", around: "0"), Construct("w[", " > 0][0]", around: "w"),
        Construct("arange(", ")[0]", around: "1"),
    ]

    private func checker(_ text: String) -> Checker {
        let file = SourceFile(path: "test.pdl", text)
        let checker = Checker(file, { _, _ in nil })
        let program = parse(file).0
        checker.declareFunctions(in: program.statements)
        _ = checker.statements(program.statements)
        return checker
    }

    private static let names = """
        record P { x: i64, y: i64 }
        let y = 1.0
        let v = [0, 1]
        let w = arange(3)
        let p = [P(x: i, y: i) for i in 0..3]

        """

    @Test(arguments: constructs) func typesWhatIsNestedOnce(construct: Construct) throws {
        let work = [10, 20, 40].map { depth in
            checker("\(Self.names)let z = \(construct.text(depth))\n").limits.count
        }
        // Twice the depth, twice the work.
        #expect(work[2] - work[1] == 2 * (work[1] - work[0]))
    }

    @Test func typesTextsInTextsOnce() {
        let work = [5, 10, 20].map { depth in
            var text = "a"
            for _ in 0..<depth { text = "x{\"\(text)\"}" }
            return checker("save([1.0], \"\(text)\")\n").limits.count
        }
        #expect(work[2] - work[1] == 2 * (work[1] - work[0]))
    }

    @Test func reportsWhatIsUnknownOnce() {
        let program = """
            fn f(x) = sin(y) + x
            fn g(x) {
                if x > 0 { return 1 }
                return f(x)
            }
            print "{f(1.0)} {f(1)} {f([1.0])} {g(1)} {g(2.0)} {min(q, 2, q2)} {[r, 1, 2]} {where(s, s, 1)}"
            """
        let found = checker(program + "\n").diagnostics.map(\.span.text).sorted()
        #expect(found == ["q", "q2", "r", "s", "s", "y"])
    }

    @Test func sizesThatGrowBecomeUnknowns() {
        var text = "param q: i64 = 1\nlet s0 = q + 1\n"
        for i in 1...30 { text += "let s\(i) = s\(i - 1) * s\(i - 1) + q\n" }
        let terms = checker(text).sizes.variables.values.map(\.terms.count)
        #expect((terms.max() ?? 0) <= 64)
    }

    @Test func functionsPassedToOneAnotherEndInADiagnostic() {
        var body = "t29 + 1.0"
        for i in (0..<30).reversed() { body = "tw(t\(i) => \(body), \(i == 0 ? "1.0" : "t\(i - 1)"))" }
        #expect(checker("fn tw(f, x) = f(f(x))\nlet z = \(body)\n").diagnostics.map(\.id) == ["expandsTooFar"])
    }
}
