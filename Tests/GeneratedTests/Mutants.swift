import Compiler
import FoundationEssentials
import Glibc
import Source

/// Programs with words left out, doubled, exchanged and joined with others: whatever they say, the compiler answers soon, each thing
/// once, and about places inside them.
struct Mutants {
    private var random: SeededGenerator
    /// Where the program at hand is kept, for whoever finds this process dead.
    private let file: String
    private let originals: [Original]

    private struct Original {
        var folder: String
        var words: [ArraySlice<UInt8>]
    }

    /// Of the samples, the golden cases and a few generated programs.
    init(seed: UInt64, folder: String) throws {
        random = SeededGenerator(seed: seed ^ 0x5bd1_e995)
        file = "\(folder)/mutant.pdl"
        var originals = (0..<20).map {
            Original(folder: "", words: Self.words(Array(Section.text([Section(seed: seed + $0)]).utf8)))
        }
        for folder in ["samples", "Tests/GoldenTests/Cases"] where FileManager.default.fileExists(atPath: folder) {
            for name in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted()
            where name.hasSuffix(".pdl") {
                let path = "\(folder)/\(name)"
                let beside = path.split(separator: "/").dropLast().joined(separator: "/")
                originals.append(Original(folder: beside, words: Self.words(try SourceFile(reading: path).text)))
            }
        }
        self.originals = originals
    }

    /// What is wrong with the compiler, one program after the other; and how many were accepted.
    mutating func problems(count: Int) throws -> (lines: [String], accepted: Int) {
        var (lines, accepted) = ([String](), 0)
        for number in 0..<count {
            let original = random.pick(originals)
            let text = mutated(original.words)
            try Files.write(text, to: file)
            // A compiler that never answers dies here.
            alarm(30)
            let started = clock()
            let compilation = Compilation(SourceFile(path: "\(original.folder)/mutant.pdl", text: text))
            let checking = Double(clock() - started) / Double(CLOCKS_PER_SEC)
            var problem = Self.problem(in: compilation)
            if checking > Self.seconds(for: text) { problem = "checking took \(checking) s" }
            if !compilation.diagnostics.contains(where: { $0.severity == .error }) {
                accepted += 1
                do { try build(compilation, wholly: random.once(in: 20)) } catch { problem = "\(error)" }
            }
            if let problem {
                lines.append("mutant \(number): \(problem)\n\(String(decoding: text, as: UTF8.self))")
            }
        }
        alarm(0)
        return (lines, accepted)
    }

    /// Every pass, and sometimes the code.
    private func build(_ compilation: Compilation, wholly: Bool) throws {
        if !wholly {
            _ = try compilation.steps()
            return
        }
        var options = Compilation.Options()
        options.optimisation = 1
        _ = try Compilation(compilation.file, options: options).code().objects()
    }

    /// What checking may take on a slow machine: in proportion to the text, with what the longest expansion of functions takes.
    private static func seconds(for text: [UInt8]) -> Double { 0.5 + 50e-6 * Double(text.count) }

    /// What the answer itself has wrong: said twice, places outside of a file, or nothing to show.
    static func problem(in compilation: Compilation) -> String? {
        var said: Set<String> = []
        for diagnostic in compilation.diagnostics {
            let span = diagnostic.span
            let text = "\(diagnostic.id) at \(span.file.path):\(span.start)..\(span.end): \(diagnostic.message)"
            if !said.insert(text).inserted { return "\(text) is said twice" }
        }
        for diagnostic in compilation.diagnostics {
            let spans = [diagnostic.span] + diagnostic.notes.compactMap(\.span) + diagnostic.fixIts.map(\.span)
            for span in spans
            where !(0...span.file.text.count).contains(span.start)
                || !(span.start...span.file.text.count).contains(span.end)
            {
                return "\(diagnostic.id) stands outside of the file"
            }
            if DiagnosticRenderer(colour: false).render(diagnostic).isEmpty { return "\(diagnostic.id) says nothing" }
        }
        return nil
    }

    // MARK: Mutations

    /// Names and numbers, blanks, and single other characters.
    private static func words(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
        func kind(_ byte: UInt8) -> Int {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
                1
            case UInt8(ascii: " "): 2
            default: 3
            }
        }
        var (words, start) = ([ArraySlice<UInt8>](), 0)
        for end in text.indices.dropFirst() where kind(text[end]) == 3 || kind(text[end]) != kind(text[end - 1]) {
            words.append(text[start..<end])
            start = end
        }
        return words + [text[start...]]
    }

    private mutating func mutated(_ original: [ArraySlice<UInt8>]) -> [UInt8] {
        var words = original
        for _ in 0...random.below(3) where !words.isEmpty { mutate(&words) }
        return Array(words.joined())
    }

    private mutating func mutate(_ words: inout [ArraySlice<UInt8>]) {
        let at = random.below(words.count)
        let few = at..<min(words.count, at + 1 + random.below(6))
        switch random.below(10) {
        case 0: words.remove(at: at)
        case 1: words.insert(words[at], at: at)
        case 2: words.swapAt(at, random.below(words.count))
        case 3: words[at] = random.pick(words)
        case 4: words.removeSubrange(few)
        case 5: words.insert(contentsOf: words[few], at: random.below(words.count))
        case 6: words[at] = [UInt8(random.below(256))]
        case 7:
            // The beginning of one program, the end of another.
            let other = random.pick(originals).words
            words = Array(words[..<at] + other[random.below(other.count)...])
        case 8:
            let other = random.pick(originals).words
            let from = random.below(other.count)
            words.insert(contentsOf: other[from..<min(other.count, from + 1 + random.below(20))], at: at)
        default: words[at] = random.pick(random.pick(originals).words)
        }
    }
}
