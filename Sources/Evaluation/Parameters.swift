import CNumerics
import Foundation
import Language
import TypedTree

/// The command line of a program: `--name VALUE` or `--name=VALUE` for each parameter, and `--help`. Reads and says what the
/// runtime does (`parameters.c`).
struct Parameters {
    let program: String
    let parameters: [ProgramParameter]
    let ranks: Int

    enum Outcome {
        case help(String)
        /// What the user gave, by the parameter's place, and how the ranks stand.
        case given([Int: Value], RankGrid)
    }

    func read(_ words: [String]) throws -> Outcome {
        if words.contains("--help") || words.contains("-h") { return .help(help) }
        var given: [Int: Value] = [:]
        var grid = RankGrid(ranks: ranks, columns: Int(pdl_grid_columns(Int64(ranks))))
        var place = 0
        while place < words.count {
            let word = words[place]
            guard word.hasPrefix("--"), word != "--" else {
                throw usage("'\(word)' is no parameter: write --name VALUE")
            }
            if let length = try ownOption(words[place...], &grid) {
                place += length
                continue
            }
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let index = try named(String(parts[0]))
            let name = parameters[index].variable.name
            guard parts.count == 2 || place + 1 < words.count else {
                throw usage("--\(name) wants a value")
            }
            if given[index] != nil { throw usage("--\(name) is given twice") }
            let text = parts.count == 2 ? String(parts[1]) : words[place + 1]
            guard let value = value(text, index) else {
                let hint = element(index) == .bool ? " (true or false)" : ""
                let type = typeName(index)
                let article = "if".contains(type.prefix(1)) ? "an" : "a"
                throw usage("--\(name) wants \(article) \(type)\(hint), got '\(text)'")
            }
            given[index] = value
            place += parts.count == 2 ? 1 : 2
        }
        for (index, parameter) in parameters.enumerated() where parameter.defaultValue == nil && given[index] == nil {
            throw usage("--\(parameter.variable.name) (\(typeName(index))) must be given")
        }
        return .given(given, grid)
    }

    /// An option that every program has, and how many words it is. Nobody waits for the interpreter, so it tells no status.
    private func ownOption(_ words: ArraySlice<String>, _ grid: inout RankGrid) throws -> Int? {
        if let (_, length) = try option("status", wants: "a file", words) { return length }
        guard let (written, length) = try option("grid", wants: "rows and columns of ranks, as in 2x3", words) else {
            return nil
        }
        grid = try self.grid(written)
        return length
    }

    /// What is written behind `--NAME`, and how many words that is; nil: it is something else, or a parameter of the program.
    private func option(
        _ name: String, wants wanted: String, _ words: ArraySlice<String>
    ) throws -> (written: String, length: Int)? {
        guard let word = words.first, !hasParameter(name) else { return nil }
        if word.hasPrefix("--\(name)=") { return (String(word.dropFirst(name.count + 3)), 1) }
        guard word == "--\(name)" else { return nil }
        guard words.count > 1 else { throw usage("--\(name) wants \(wanted)") }
        return (words[words.startIndex + 1], 2)
    }

    private func hasParameter(_ name: String) -> Bool { parameters.contains { $0.variable.name == name } }

    private func grid(_ written: String) throws -> RankGrid {
        let sides = written.split(separator: "x", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard sides.count == 2, sides.allSatisfy({ $0 > 0 }), written == "\(sides[0])x\(sides[1])" else {
            throw usage("--grid wants rows and columns of ranks, as in 2x3, got '\(written)'")
        }
        guard sides[0] * sides[1] == ranks else {
            throw usage("--grid \(written) is for \(sides[0] * sides[1]) ranks, and there are \(ranks)")
        }
        return RankGrid(ranks: ranks, columns: sides[1])
    }

    private func usage(_ message: String) -> Failure { Failure(usage: message, of: program) }

    private func element(_ index: Int) -> ElementType? { parameters[index].variable.type.array?.element }

    private func typeName(_ index: Int) -> String { element(index)?.rawValue ?? "text" }

    private var help: String {
        var text = "Usage: \(program) [--PARAMETER VALUE]...\n\n"
        let heads = parameters.indices.map { "--\(parameters[$0].variable.name) \(typeName($0))" }
        var ofAll = [(head: "--help", meaning: "Show this.")]
        if !hasParameter("status") {
            ofAll.insert(("--status FILE", "Write how far it has come to the file, as JSON."), at: 0)
        }
        let width = (heads + ofAll.map(\.head)).map(\.utf8.count).max() ?? 0
        func padded(_ head: String) -> String {
            "  \(head)\(String(repeating: " ", count: width - head.utf8.count))  "
        }
        for (parameter, head) in zip(parameters, heads) {
            text += padded(head)
            if let documentation = parameter.documentation { text += "\(documentation) " }
            text += parameter.defaultValue.map { "(default \($0.span.text))\n" } ?? "(required)\n"
        }
        for (head, meaning) in ofAll { text += padded(head) + meaning + "\n" }
        return text
    }

    // MARK: Values

    private func value(_ text: String, _ index: Int) -> Value? {
        guard let element = element(index) else { return .text(text) }
        let word: Word? =
            switch element {
            case .bool: text == "true" ? 1 : text == "false" ? 0 : nil
            case .i32: integer(text, Int32.self)
            case .i64: integer(text, Int64.self)
            case .u32: integer(text, UInt32.self)
            case .u64: integer(text, UInt64.self)
            case .f32: float(text) { strtof($0, $1).word }
            case .f64: float(text) { strtod($0, $1).word }
            case .c64, .c128: nil
            }
        return word.map { .number($0) }
    }

    /// The digits of a whole number, all of them, within the type.
    private func integer<T: Scalar & FixedWidthInteger>(_ text: String, _: T.Type) -> Word? {
        guard T.isSigned || !text.hasPrefix("-") else { return nil }
        return T(text, radix: 10)?.word
    }

    private typealias Reader = (UnsafePointer<CChar>, UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?) -> Word

    private func float(_ text: String, _ read: Reader) -> Word? {
        guard let first = text.utf8.first, !" \t\n".utf8.contains(first) else { return nil }
        return text.withCString { start in
            var end: UnsafeMutablePointer<CChar>?
            let word = read(start, &end)
            return end.map { $0.pointee == 0 } ?? false ? word : nil
        }
    }

    // MARK: Names

    private func named(_ name: String) throws -> Int {
        if let index = parameters.firstIndex(where: { $0.variable.name == name }) { return index }
        var nearest: String?
        var fewest = name.utf8.count / 3 + 2
        for parameter in parameters {
            let edits = distance(Array(parameter.variable.name.utf8), Array(name.utf8))
            if edits < fewest { (fewest, nearest) = (edits, parameter.variable.name) }
        }
        throw usage("there is no parameter --\(name)" + (nearest.map { "; did you mean --\($0)?" } ?? ""))
    }

    /// Edits between two names; a name that is very long is far from all others.
    private func distance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        let longest = 63
        if b.count > longest { return longest }
        var row = Array(0...b.count)
        for (i, byte) in a.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for j in b.indices {
                let changed = diagonal + (byte == b[j] ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(changed, 1 + min(row[j], row[j + 1]))
            }
        }
        return row[b.count]
    }
}
