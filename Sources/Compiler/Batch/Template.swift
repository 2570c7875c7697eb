import Embedded
import FoundationEssentials

/// A text with `{{names}}` in it: a line is written once for each value of the name that it has, so not at all when there is none.
struct Template {
    /// The file that it was read from.
    let path: String
    let text: String

    /// The site's own in `$XDG_CONFIG_HOME/pdlc`, else `~/.config/pdlc`; else the one that pdlc carries.
    init(_ name: String) throws {
        let environment = ProcessInfo.processInfo.environment
        let folder = environment["XDG_CONFIG_HOME"] ?? (environment["HOME"] ?? "") + "/.config"
        let own = "\(folder)/pdlc/\(name)"
        if let bytes = Files.read(own) {
            (path, text) = (own, String(decoding: bytes, as: UTF8.self))
        } else if let file = TemplateSources.files.first(where: { $0.name == name }) {
            (path, text) = (name, String(decoding: file.text, as: UTF8.self))
        } else {
            throw UsageError("there is no template \(name)")
        }
    }

    init(path: String, text: String) { (self.path, self.text) = (path, text) }

    func filled(_ values: [String: [String]]) throws -> String {
        try text.split(separator: "\n", omittingEmptySubsequences: false)
            .flatMap { try lines($0, values) }.joined(separator: "\n")
    }

    /// What becomes of a line.
    private func lines(_ line: Substring, _ values: [String: [String]]) throws -> [String] {
        guard let open = line.firstRange(of: "{{"), let close = line[open.upperBound...].firstRange(of: "}}") else {
            return [String(line)]
        }
        let name = String(line[open.upperBound..<close.lowerBound])
        // Other doubled braces are the shell's, as ipyparallel wants them.
        guard !name.isEmpty, name.allSatisfy({ $0.isLetter }) else {
            return try lines(line[open.upperBound...], values).map { line[..<open.upperBound] + $0 }
        }
        guard let choices = values[name] else {
            throw UsageError(
                "\(path) names {{\(name)}}; the names are \(values.keys.sorted().joined(separator: ", "))")
        }
        let rests = try lines(line[close.upperBound...], values)
        return choices.flatMap { choice in rests.map { line[..<open.lowerBound] + choice + $0 } }
    }

    /// A word for a shell.
    static func quoted(_ word: String) -> String {
        let plain =
            !word.isEmpty
            && word.allSatisfy { ($0.isASCII && ($0.isLetter || $0.isNumber)) || "/._-=:+,@%".contains($0) }
        return plain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
