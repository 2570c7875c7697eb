import Compiler
import Playing

/// A `#!` line of a case, with the `#>` lines that follow it.
struct Directive: Sendable {
    enum Kind: Sendable {
        /// The program is run.
        case run(Run)
        /// pdlc does something else with it: the arguments are a command's name and options, the file comes between them.
        case command(Run)
        /// A line for the shell, in the case's folder, `pdlc` on its PATH.
        case shell(String, Run)
        case numpy(String)
        case count(Count)
        case program(String)
        /// The file is checked as a library.
        case library
    }
    var kind: Kind
    /// The lines of the case that it covers.
    var lines: Range<Int>

    /// What is played, and what it must do.
    var run: Run? {
        get {
            switch kind {
            case .run(let run), .command(let run), .shell(_, let run): run
            default: nil
            }
        }
        set {
            guard let newValue else { return }
            switch kind {
            case .command: kind = .command(newValue)
            case .shell(let line, _): kind = .shell(line, newValue)
            default: kind = .run(newValue)
            }
        }
    }

    static func all(in lines: [String], of name: String) throws -> [Directive] {
        var directives: [Directive] = []
        for (number, line) in lines.enumerated() {
            guard let last = directives.indices.last, var run = directives[last].run else {
                if line.hasPrefix("#!") { directives.append(try one(line, number, name)) }
                continue
            }
            if let text = line.after("#2>") {
                run.errors.append(text)
            } else if let text = line.after("#>") {
                run.output.append(text)
            } else if let code = line.after("#! exit"), let code = Int(code) {
                run.exitCode = code
            } else {
                if line.hasPrefix("#!") { directives.append(try one(line, number, name)) }
                continue
            }
            directives[last].run = run
            directives[last].lines = directives[last].lines.lowerBound..<number + 1
        }
        return directives
    }

    private static func one(_ line: String, _ number: Int, _ name: String) throws -> Directive {
        let kind: Kind
        if let rest = line.after("#! run") {
            kind = .run(try run(rest))
        } else if let words = line.after("#! pdlc") {
            kind = .command(Run(arguments: words.split(separator: " ").map(String.init)))
        } else if let command = line.after("#! sh") {
            kind = .shell(command, Run())
        } else if let script = line.after("#! numpy") {
            kind = .numpy(script)
        } else if line == "#! library" {
            kind = .library
        } else if let path = line.after("#! program") {
            kind = .program(path)
        } else if let rest = line.after("#! count after="), let count = count(rest) {
            kind = .count(count)
        } else {
            throw UsageError("\(name):\(number + 1): unknown directive: \(line)")
        }
        return Directive(kind: kind, lines: number..<number + 1)
    }

    private static func run(_ text: String) throws -> Run {
        var run = Run()
        let halves = text.split(separator: "args:", maxSplits: 1, omittingEmptySubsequences: false)
        if let ranks = halves[0].firstRange(of: "ranks=") {
            run.ranks = halves[0][ranks.upperBound...].split { !$0.isNumber }.compactMap { Int($0) }
        }
        if halves.count == 2 { run.arguments = halves[1].split(separator: " ").map(String.init) }
        return run
    }

    /// `PASS: allreduce = 1`
    private static func count(_ text: String) -> Count? {
        let words = text.split { " :=".contains($0) }.map(String.init)
        guard words.count == 3, let number = Int(words[2]) else { return nil }
        return Count(pass: words[0], operation: words[1], number: number)
    }
}

extension String {
    /// What follows a prefix and one space; nil without the prefix.
    func after(_ prefix: String) -> String? {
        guard hasPrefix(prefix) else { return nil }
        let rest = dropFirst(prefix.count)
        return String(rest.hasPrefix(" ") ? rest.dropFirst() : rest)
    }
}
