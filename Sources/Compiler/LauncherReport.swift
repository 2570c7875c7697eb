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
    /// A line that may begin a page: the next one tells.
    private var ruler: ArraySlice<UInt8>?

    /// Empty lines: the launcher's when something of it follows or came before.
    private var emptyLines = 0
    private var hasSpoken = false

    /// What to show of a line, now that it has come. Lines of one stream, in order.
    mutating func shown(_ line: ArraySlice<UInt8>) -> [UInt8] {
        let text = String(decoding: line, as: UTF8.self)
        if let ends = pageEnd {
            read(text[...])
            if ends(text[...]) { pageEnd = nil }
            return []
        }
        if let ruler, let end = Self.page(after: ruler, text) {
            (pageEnd, self.ruler, emptyLines, hasSpoken) = (end, nil, 0, true)
            read(text[...])
            return []
        }
        var shown = heldRuler()
        if line.isEmpty {
            emptyLines += 1
        } else if Self.isRuler(line) {
            ruler = line
        } else if text.hasPrefix("[mpiexec@") {
            (emptyLines, hasSpoken) = (0, true)
        } else {
            shown += heldEmptyLines() + line + [Self.newline]
        }
        return shown
    }

    /// What is the program's after all, at the end of the stream.
    mutating func heldLines() -> [UInt8] { heldRuler() + heldEmptyLines() }

    private mutating func heldRuler() -> [UInt8] {
        guard let ruler else { return [] }
        self.ruler = nil
        return heldEmptyLines() + ruler + [Self.newline]
    }

    private mutating func heldEmptyLines() -> [UInt8] {
        defer { emptyLines = 0 }
        return hasSpoken ? [] : Array(repeating: Self.newline, count: emptyLines)
    }

    private static let newline = UInt8(ascii: "\n")

    private static func isRuler(_ line: ArraySlice<UInt8>) -> Bool { line.count > 60 && mayBegin(line) }

    /// Where the page ends that begins with these two lines; nil: they are the program's.
    private static func page(after ruler: ArraySlice<UInt8>, _ line: String) -> ((Substring) -> Bool)? {
        if ruler.first == UInt8(ascii: "=") {
            return line.hasPrefix("=   ") ? { $0.hasPrefix("Please see the FAQ page") } : nil
        }
        // The launchers say their own names, `mpiexec.openmpi`.
        let isOfLauncher = ["Primary job ", "MPI_ABORT was invoked", "mpiexec", "mpirun", "prterun", "orterun"]
            .contains(where: line.hasPrefix)
        return isOfLauncher ? { $0.count > 60 && $0.allSatisfy { $0 == "-" } } : nil
    }

    /// Whether a line that is not whole yet has to wait: it may become a line of the launcher, or the one before it does.
    func holds(_ text: some Collection<UInt8>) -> Bool { ruler != nil || Self.mayBegin(text) }

    /// Whether what begins like this may become a line of the launcher.
    private static func mayBegin(_ text: some Collection<UInt8>) -> Bool {
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
