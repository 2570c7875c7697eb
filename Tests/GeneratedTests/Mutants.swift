import Compiler
import FoundationEssentials
import Glibc
import Source

/// Generated programs with some bytes changed: whatever they say, the compiler answers.
struct Mutants {
    private var random: SeededGenerator
    private let seed: UInt64
    /// Where the program at hand is kept, for whoever finds this process dead.
    private let file: String

    init(seed: UInt64, folder: String) {
        self.seed = seed
        random = SeededGenerator(seed: seed ^ 0x5bd1_e995)
        file = "\(folder)/mutant.pdl"
    }

    /// What is wrong with the compiler, one program after the other; and how many were accepted.
    mutating func problems(count: Int) throws -> (lines: [String], accepted: Int) {
        var (lines, accepted) = ([String](), 0)
        for number in 0..<count {
            let text = mutated(Section(seed: seed + UInt64(number / 10)))
            try Files.write(text, to: file)
            // A compiler that never answers dies here.
            alarm(30)
            let started = clock()
            let compilation = Compilation(SourceFile(path: "mutant.pdl", text: text))
            var problem = Self.spanProblem(compilation)
            let checking = Double(clock() - started) / Double(CLOCKS_PER_SEC)
            if checking > 1 { problem = "checking took \(checking) s" }
            if !compilation.diagnostics.contains(where: { $0.severity == .error }) {
                accepted += 1
                do { _ = try Self.compiled(text) } catch { problem = "\(error)" }
            }
            if let problem { lines += ["mutant \(number): \(problem)", String(decoding: text, as: UTF8.self)] }
        }
        alarm(0)
        return (lines, accepted)
    }

    private static func compiled(_ text: [UInt8]) throws -> Int {
        var options = Compilation.Options()
        options.optimisation = 1
        return try Compilation(SourceFile(path: "mutant.pdl", text: text), options: options).code().object().count
    }

    private static func spanProblem(_ compilation: Compilation) -> String? {
        let outside = compilation.diagnostics.first { $0.span.start < 0 || $0.span.end > $0.span.file.text.count }
        return outside.map { "\($0.id) stands outside of the file" }
    }

    /// Bytes are replaced, left out, doubled; words change places.
    private mutating func mutated(_ section: Section) -> [UInt8] {
        var bytes = Array(Section.text([section]).utf8)
        for _ in 0...random.below(3) {
            let at = random.below(bytes.count)
            switch random.below(6) {
            case 0: bytes[at] = UInt8(random.below(256))
            case 1: bytes[at] = random.pick(Array("0123456789+-*/<>=()[]{},.:|@".utf8))
            case 2: bytes.remove(at: at)
            case 3: bytes.insert(bytes[at], at: at)
            default: exchangeWords(&bytes)
            }
        }
        return bytes
    }

    private mutating func exchangeWords(_ bytes: inout [UInt8]) {
        let words = bytes.split { byte in
            let character = Character(UnicodeScalar(byte))
            return !(character == "_" || character.isLetter || character.isNumber)
        }
        guard words.count > 1 else { return }
        let (a, b) = (random.pick(words), random.pick(words))
        bytes.replaceSubrange(a.startIndex..<a.endIndex, with: Array(b))
    }
}
