/// One source text and where its lines begin.
///
/// A `final class` so that a span can name its file without copying the text.
public final class SourceFile: Sendable {
    /// The path as the user wrote it; diagnostics print it.
    public let path: String
    public let text: [UInt8]
    /// The offset of the first byte of every line.
    public let lineStarts: [Int]

    /// Whether it is part of the language, as builtins that are written in PDL and the library are. What happens in it happens, for
    /// the user of a program, where the program calls it.
    public let isOfLanguage: Bool

    public init(path: String, text: [UInt8], isOfLanguage: Bool = false) {
        self.path = path
        self.text = text
        self.isOfLanguage = isOfLanguage
        var starts = [0]
        for (offset, byte) in text.enumerated() where byte == UInt8(ascii: "\n") {
            starts.append(offset + 1)
        }
        lineStarts = starts
    }

    public convenience init(path: String, _ text: String, isOfLanguage: Bool = false) {
        self.init(path: path, text: Array(text.utf8), isOfLanguage: isOfLanguage)
    }

    /// The 1-based line and column of a byte offset; the column counts Unicode scalars.
    public func position(of offset: Int) -> (line: Int, column: Int) {
        let offset = max(0, min(offset, text.count))
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        let prefix = text[lineStarts[low]..<offset]
        let column = prefix.reduce(into: 1) { count, byte in if byte & 0xC0 != 0x80 { count += 1 } }
        return (low + 1, column)
    }

    /// The text of a 1-based line, without its line end.
    public func line(_ number: Int) -> String {
        guard number >= 1, number <= lineStarts.count else { return "" }
        let start = lineStarts[number - 1]
        var end = number < lineStarts.count ? lineStarts[number] - 1 : text.count
        if end > start, text[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return String(decoding: text[start..<end], as: UTF8.self)
    }
}

extension SourceFile {
    /// Whether it is the text of a builtin that is written in PDL.
    public var isPrelude: Bool { path == SourceFile.preludePath }
    public static let preludePath = "<prelude>"
}
