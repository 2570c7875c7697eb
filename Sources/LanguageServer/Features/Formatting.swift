import Source

import func Syntax.format

extension Analysis {
    /// What brings the text into the one style: one edit of the lines that differ. nil when the text cannot be read.
    var formatted: [TextEdit]? {
        guard let text = format(file).text else { return nil }
        let (old, new) = (file.text, Array(text.utf8))
        if old == new { return [] }
        let newline = UInt8(ascii: "\n")
        var start = 0
        for (offset, pair) in zip(old, new).enumerated() {
            guard pair.0 == pair.1 else { break }
            if pair.0 == newline { start = offset + 1 }
        }
        var tail = 0
        let most = min(old.count, new.count) - start
        for (count, pair) in zip(old.reversed(), new.reversed()).enumerated() {
            guard pair.0 == pair.1, count < most else { break }
            if pair.0 == newline { tail = count }
        }
        let replacement = String(decoding: new[start..<new.count - tail], as: UTF8.self)
        return [TextEdit(range: lines.range(start, old.count - tail), newText: replacement)]
    }
}
