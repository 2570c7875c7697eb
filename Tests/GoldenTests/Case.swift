import Compiler
import Playing
import Source

/// A golden case: a program with its expectations in comments.
///
/// ```
/// let x = y + 1
/// #       ^ error(unknownName): ...      an error under its place (`#^`: the place begins in the first column)
/// #~ note 3:5: ...                       its notes and fixes, in order
/// #~ fix 1:9: "y" → "z": ...
///
/// #! numpy np.save("x.npy", np.arange(4.0))   Python lines, run before everything else in the case's folder;
/// #!                                          `expect([numbers], within=1e-12)` and `output("out.npy", array)` (or "out.pgm", "out.csv") say what must come out
/// #! run ranks=1,2 args: --n 5           played at each number of ranks, on both MPIs and by the interpreter
/// #> standard output
/// #2> standard error
/// #! exit 1
/// #! pdlc explain -n 4                   `pdlc explain FILE -n 4` prints the lines that follow
/// #! sh pdlc check nowhere.pdl            a line for the shell; $PYTHON has NumPy and h5py
/// #! count after=PASS: allreduce = 1     how often an operation stands in the IR after that pass
/// #!                                     where a file `case.c`, `.cpp`, `.f90` or `.py` beside `case.pdl` is at hand too
/// #! library                              the file is checked as a library
/// #! program samples/psum.pdl            the program is that file; this one only says what to expect
/// ```
struct Case: Sendable {
    var path: String
    /// The name in reports: its path inside `Cases`.
    var name: String
    var lines: [String]
    /// The program's text: what stands in the file, without expectations; or another file's.
    var program: SourceFile
    /// The folder that it came from, where what it imports is.
    var home: String
    var kind: Kind
    var directives: [Directive]
    /// Files of the same name in other languages, which `sh` lines compile or run.
    var companions: [(name: String, text: [UInt8])] = []

    enum Kind {
        /// What the compiler reports stands between the program's lines.
        case annotated
        /// The program must have no errors.
        case program
        /// A sample: inside its loops only indices that the data says may be checked.
        case sample
        /// A page's block: it must have no errors, and run if it needs no files.
        case block
        /// A page's block that must have errors.
        case faultyBlock
    }

    init(reading path: String, name: String) throws {
        self.path = path
        self.name = name
        lines = try SourceFile(reading: path).lines
        directives = try Directive.all(in: lines, of: name)
        for ending in ["c", "cpp", "f90", "py"] {
            let companion = path.replacing(".pdl", with: ".\(ending)")
            guard companion != path, let text = Files.read(companion) else { continue }
            companions.append((Files.name(of: companion), text))
        }
        var programFile: SourceFile?
        for case .program(let path) in directives.map(\.kind) { programFile = try SourceFile(reading: path) }
        let own = lines.filter { !Self.isErrorExpectation($0) }.joined(separator: "\n")
        kind = programFile == nil ? .annotated : .program
        home = Files.folder(of: programFile?.path ?? path)
        program = SourceFile(
            path: Files.name(of: programFile?.path ?? path), text: programFile?.text ?? Array((own + "\n").utf8))
    }

    /// Whether the line says what the compiler reports about a line above it.
    static func isErrorExpectation(_ line: String) -> Bool {
        let text = line.drop { $0 == " " }
        guard text.hasPrefix("#") else { return false }
        if text.hasPrefix("#~") { return true }
        let rest = text.dropFirst().drop { $0 == " " }
        return rest.hasPrefix("^")
    }

    var isRun: Bool { directives.contains { if case .run = $0.kind { true } else { false } } }
    var isLibrary: Bool { directives.contains { if case .library = $0.kind { true } else { false } } }
    var script: [String] { directives.compactMap { if case .numpy(let line) = $0.kind { line } else { nil } } }
    var counts: [Count] { directives.compactMap { if case .count(let count) = $0.kind { count } else { nil } } }
}

/// How often an operation must stand in the IR.
struct Count: Sendable, Hashable {
    var pass: String
    var operation: String
    var number: Int
}

extension SourceFile {
    var lines: [String] {
        var lines = (1...lineStarts.count).map { line($0) }
        if lines.last == "" { lines.removeLast() }
        return lines
    }
}
