import Foundation
import Testing

/// How programs fail, and how they are called.
struct FailureTests {
    @Test func indicesOutOfRange() throws {
        let run = try play("param k: i64 = 5\nlet a = [1, 2, 3]\nprint \"{a[k]}\"")
        #expect(run.status == 1 && run.output.isEmpty)
        #expect(run.errors == "test.pdl:3:9: error: index 5 is out of range: axis 0 has the indices 0 to 2\n")
    }

    @Test func slicesFailAtTheFirstElementOutside() throws {
        let run = try play("param k: i64 = 20\nlet a = arange(10)\nshow a[2..k by 3]")
        #expect(run.errors == "test.pdl:3:6: error: index 11 is out of range: axis 0 has the indices 0 to 9\n")
    }

    @Test func rangesBeyondADividedAxis() throws {
        let text = "param k: i64 = 12\nlet a = scatter(arange(10))\nprint \"{sum(a[i] for i in 0..k)}\""
        let message = "test.pdl:3:13: error: index 10 is out of range: axis 0 has the indices 0 to 9\n"
        for ranks in [1, 3] { #expect(try play(text, ranks: ranks).errors == message) }
    }

    @Test func integerDivisionByZero() throws {
        let run = try play("param k: i64 = 0\nprint \"before\"\nprint \"{7 // k}\"")
        #expect(run == Run(status: 1, output: "before\n", errors: "test.pdl:3:9: error: integer division by zero\n"))
    }

    @Test func assertions() throws {
        let run = try play("param k: i64 = 0\nassert k > 0, \"k is {k}\"")
        #expect(run == Run(status: 1, output: "", errors: "test.pdl:2:1: error: k is 0\n"))
    }

    private let program = """
        param count: i64 = 16  # how many
        param tolerance: f64 = 1e-6
        param name: string
        param fast: bool = false
        print "{count} {tolerance} {name} {fast}"
        """

    @Test func parametersAreRead() throws {
        #expect(
            try output(program, ["--name=x", "--count", "7", "--tolerance", "0.5", "--fast", "true"])
                == "7 0.5 x true\n")
        #expect(try output(program, ["--name", "y"]) == "16 1e-06 y false\n")
    }

    @Test func helpListsParameters() throws {
        let expected = """
            Usage: test [--PARAMETER VALUE]...

              --count i64      how many (default 16)
              --tolerance f64  (default 1e-6)
              --name text      (required)
              --fast bool      (default false)
              --status FILE    Write how far it has come to the file, as JSON.
              --help           Show this.

            """
        #expect(try output(program, ["--help"]) == expected)
    }

    @Test(arguments: [
        (["--name", "x", "--cuont", "3"], "there is no parameter --cuont; did you mean --count?"),
        (["--name", "x", "--zzzzzzzz", "3"], "there is no parameter --zzzzzzzz"),
        (["--count", "3"], "--name (text) must be given"),
        (["--name", "x", "--count", "1.5"], "--count wants an i64, got '1.5'"),
        (["--name", "x", "--fast", "1"], "--fast wants a bool (true or false), got '1'"),
        (["--name", "x", "--count"], "--count wants a value"),
        (["--name", "x", "--name", "y"], "--name is given twice"),
        (["x"], "'x' is no parameter: write --name VALUE"),
    ])
    func wrongUsage(arguments: [String], message: String) throws {
        let run = try play(program, arguments)
        #expect(run == Run(status: 2, output: "", errors: "test: \(message) (--help lists the parameters)\n"))
    }

    // MARK: Files

    private func inFolder(_ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder.path)
    }

    @Test func filesComeBackAsTheyWere() throws {
        try inFolder { folder in
            let text = """
                let a = scatter([f32(i) + 0.5 for i in 0..7, j in 0..2])
                save(a, "\(folder)/a.npy")
                let b: f32[/n, m] = load("\(folder)/a.npy")
                let c: f32[7, 2] = load("\(folder)/a.npy")
                print "{n} {m} {all(a == b)} {c[6, 1]}"
                """
            for ranks in [1, 3] { #expect(try output(text, ranks: ranks) == "7 2 true 6.5\n") }
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(files == ["a.npy"])
        }
    }

    @Test func filesThatDoNotFit() throws {
        let missing = try play("let a: f64[/n] = load(\"/nowhere/a.npy\")")
        #expect(missing.status == 1)
        #expect(missing.errors == "test.pdl:1:1: error: cannot read /nowhere/a.npy: No such file or directory\n")
        try inFolder { folder in
            _ = try output("save([1, 2, 3], \"\(folder)/a.npy\")")
            let run = try play("let a: f64[n] = load(\"\(folder)/a.npy\")")
            #expect(run.status == 1 && run.errors.contains("holds i64 (int64), the program wants f64"))
        }
    }
}
