/// What a launcher says about the ranks that it ran, told from what they say themselves: its pages of text are left out, and the rank
/// that a signal ended is read from them.
struct LauncherReport {
    /// The signal that ended a rank.
    private(set) var signal: Int?
    /// Its number, where the launcher names it, and its process, where it names that.
    private(set) var rank: Int?
    private(set) var process: Int?
    private(set) var host: String?

    /// Where the page that a stream is in ends.
    private var pageEnd: ((Substring) -> Bool)?

    /// Empty lines: the launcher's when something of it follows or came before.
    private var emptyLines = 0
    private var hasSpoken = false

    /// What to show of a line, now that it has come. Lines of one stream, in order.
    mutating func shown(_ line: ArraySlice<UInt8>) -> [UInt8] {
        if line.isEmpty, pageEnd == nil {
            emptyLines += 1
            return []
        }
        guard isOfProgram(String(decoding: line, as: UTF8.self)) else {
            (emptyLines, hasSpoken) = (0, true)
            return []
        }
        return heldLines() + line + [UInt8(ascii: "\n")]
    }

    /// The program's empty lines that were not shown yet.
    mutating func heldLines() -> [UInt8] {
        defer { emptyLines = 0 }
        return hasSpoken ? [] : Array(repeating: UInt8(ascii: "\n"), count: emptyLines)
    }

    /// Whether a line is the program's own.
    private mutating func isOfProgram(_ text: String) -> Bool {
        let line = text[...]
        if let ends = pageEnd {
            read(line)
            if ends(line) { pageEnd = nil }
            return false
        }
        if line.count > 60, line.allSatisfy({ $0 == "-" }) {
            pageEnd = { $0.count > 60 && $0.allSatisfy { $0 == "-" } }
            return false
        }
        if line.count > 60, line.allSatisfy({ $0 == "=" }) {
            pageEnd = { $0.hasPrefix("Please see the FAQ page") }
            return false
        }
        return !line.hasPrefix("[mpiexec@")
    }

    /// Whether what begins like this may become a line of the launcher.
    static func mayBegin(_ text: some Collection<UInt8>) -> Bool {
        guard let first = text.first, [UInt8(ascii: "-"), UInt8(ascii: "=")].contains(first) else { return false }
        return text.allSatisfy { $0 == first }
    }

    private mutating func read(_ line: Substring) {
        if let match = line.firstMatch(of: /noticed that process rank (\d+) .* on node (\S+) exited on signal (\d+)/) {
            (rank, host, signal) = (Int(match.1), String(match.2), Int(match.3))
        }
        if let match = line.firstMatch(of: /PID (\d+) RUNNING AT (\S+)/) {
            (process, host) = (Int(match.1), String(match.2))
        }
        if let match = line.firstMatch(of: /EXIT STRING: .*\(signal (\d+)\)/) { signal = Int(match.1) }
    }
}
