import ArgumentParser
import CodeGen
import Compiler
import Glibc
import Source

/// How diagnostics are shown.
struct DiagnosticOptions: ParsableArguments {
    enum Style: String, ExpressibleByArgument, CaseIterable { case text, json }
    enum Color: String, ExpressibleByArgument, CaseIterable { case auto, always, never }

    @Option(help: "Show errors as text for people or, one object a line, as JSON.")
    var diagnostics: Style = .text

    @Option(help: "Colour errors: on a terminal, always or never.")
    var color: Color = .auto

    /// Writes them to standard error.
    func show(_ all: [Diagnostic]) {
        let colored = color == .always || (color == .auto && isatty(STDERR_FILENO) == 1 && getenv("NO_COLOR") == nil)
        let renderer = DiagnosticRenderer(colour: colored)
        for diagnostic in all {
            switch diagnostics {
            case .text: StandardStream.error(renderer.render(diagnostic))
            case .json: StandardStream.error(renderer.json(diagnostic) + "\n")
            }
        }
    }

    /// Runs `body`; a program's errors are shown and become exit code 1.
    func reporting<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let errors as ProgramErrors {
            show(errors.diagnostics)
            throw ReportedErrors()
        } catch let error as Diagnostic {
            show([error])
            throw ReportedErrors()
        }
    }

    /// A checked program; its warnings have been shown.
    func compilation(
        of path: String, _ options: Compilation.Options = .init(), watch: Stopwatch? = nil
    ) async throws -> Compilation {
        try await reporting {
            let compilation = Compilation(try SourceFile(reading: path), options: options, watch: watch)
            _ = try compilation.typed()
            show(compilation.diagnostics)
            return compilation
        }
    }
}

extension Target: ExpressibleByArgument {
    public init?(argument: String) {
        guard let target = Target.processor(argument) else { return nil }
        self = target
    }
    public var defaultValueDescription: String { name }
    public static var allValueStrings: [String] { processors }
}

/// Where what is made goes.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Write over the file that -o names even if pdlc did not make it.")
    var force = false
}

/// What is given to a program's parameters: `--n 1000`, `--n=1000`.
struct GivenParameters {
    /// By name; nil for what is no integer, and so no part of a formula.
    private(set) var integers: [String: Int?] = [:]

    init(_ words: [String]) throws {
        var words = words[...]
        while let name = words.popFirst() {
            guard name.hasPrefix("--"), name.count > 2 else { throw ValidationError("unexpected argument '\(name)'") }
            let halves = name.dropFirst(2).split(separator: "=", maxSplits: 1)
            guard let text = halves.count == 2 ? String(halves[1]) : words.popFirst() else {
                throw ValidationError("\(name) needs a value")
            }
            if let key = halves.first { integers.updateValue(Int(text), forKey: String(key)) }
        }
    }
}

/// What passes do, for comparison.
struct PassOptions: ParsableArguments {
    @Flag(
        help:
            "Do the sweeps of a stencil one by one, not several in one visit to memory; the results are the same bits.")
    var noTimeTiling = false
}

/// How code is made.
struct BuildOptions: ParsableArguments {
    @Option(
        name: .customShort("O", allowingJoined: true),
        help: "How much LLVM optimises, 0 to 3; the results are the same bits.")
    var level = 3

    @Flag(name: .customShort("g"), help: "For a debugger: lines, and at -O 0 variables.")
    var debugInfo = false

    @Flag(help: "Do not check indices at run time: one that is out of range then does anything.")
    var unchecked = false

    @Option(
        help: ArgumentHelp(
            "The processor that the program will run on; the results are the same bits.",
            discussion: "One of \(Target.processors.joined(separator: ", ")).", valueName: "name"))
    var cpu = Target.native

    @OptionGroup var passes: PassOptions

    @Option(help: "The MPI compiler wrapper; else $PDL_MPICC, else mpicc on PATH.")
    var mpicc: String?

    var options: Compilation.Options {
        var options = Compilation.Options()
        options.optimisation = level
        options.debugInfo = debugInfo
        options.unchecked = unchecked
        options.timeTiling = !passes.noTimeTiling
        options.target = cpu
        return options
    }

    mutating func validate() throws {
        guard (0...3).contains(level) else { throw ValidationError("-O takes a level from 0 to 3") }
    }
}
