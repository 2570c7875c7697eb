import FoundationEssentials

/// What one rank measured: a file that the running program writes into all the time, so that it is there however the program ends
/// (Runtime/core/profile.c; the layout is that of Runtime/core/context.h).
struct ProfileFile {
    struct Line {
        var file: String
        /// 0: before and after the program's own lines.
        var number: Int
        var visits: Int
        /// Seconds outside of MPI.
        var computing: Double
        /// What it did with MPI, in the order of `Message.Kind`.
        var calls: [Calls]
        /// Exchanges of halos, of which `calls` has the messages.
        var exchanges: Int

        var communicating: Double { calls.reduce(0) { $0 + $1.seconds } }
        var seconds: Double { computing + communicating }
    }

    struct Calls {
        var count, bytes: Int
        var seconds: Double
    }

    /// Seconds since the start; a line is an index in `lines`.
    struct Stretch {
        var begin, end, inMPI: Double
        var line: Int
    }

    var rank, ranks: Int
    var hasEnded: Bool
    var seconds: Double
    /// Where the rank is, or was when it ended.
    var line: Int
    var lines: [Line]
    var stretches: [Stretch]

    private enum Layout {
        static let format = Array("pdlprof1".utf8)
        static let head = 64
        static let path = 256
        static let kinds = Message.Kind.allCases.count + 1
        static let line = path + 3 * 8 + 3 * 8 * kinds
        static let mostLines = 8192
        static let event = 40
        static let mostEvents = 4096
        static let size = head + mostLines * line + mostEvents * event
    }

    /// nil: nothing was measured there.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Layout.size, Array(bytes.prefix(8)) == Layout.format else { return nil }
        func integer(_ offset: Int) -> Int {
            bytes.withUnsafeBytes { Int($0.loadUnaligned(fromByteOffset: offset, as: Int64.self)) }
        }
        func number(_ offset: Int) -> Double {
            bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: offset, as: Double.self) }
        }
        func line(_ offset: Int) -> Line {
            let numbers = offset + Layout.path
            let (inside, calls) = (numbers + 24, numbers + 24 + 8 * Layout.kinds)
            let sent = calls + 8 * Layout.kinds
            return Line(
                file: String(decoding: bytes[offset..<numbers].prefix { $0 != 0 }, as: UTF8.self),
                number: integer(numbers), visits: integer(numbers + 8), computing: number(numbers + 16),
                calls: (1..<Layout.kinds).map {
                    Calls(
                        count: integer(calls + 8 * $0), bytes: integer(sent + 8 * $0),
                        seconds: number(inside + 8 * $0))
                },
                exchanges: integer(calls))
        }
        func stretch(_ offset: Int) -> Stretch {
            Stretch(
                begin: number(offset), end: number(offset + 8), inMPI: number(offset + 16), line: integer(offset + 32))
        }
        (rank, ranks) = (integer(8), integer(16))
        let lineCount = min(max(0, integer(24)), Layout.mostLines)
        let events = min(max(0, integer(32)), Layout.mostEvents)
        (self.line, hasEnded, seconds) = (integer(40), integer(48) != 0, number(56))
        lines = (0..<lineCount).map { line(Layout.head + $0 * Layout.line) }
        let first = Layout.head + Layout.mostLines * Layout.line
        stretches = (0..<events).map { stretch(first + $0 * Layout.event) }
        guard lines.indices.contains(self.line) else { return nil }
    }
}

/// A folder that the ranks of a run write their profiles into; it is gone when it is no longer needed.
public struct ProfileFolder: Sendable {
    public let path: String

    public init() throws {
        let folder = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
        path = Files.temporaryName(beside: "\(folder)/pdl-profile")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    public func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// By rank; of ranks on machines that do not have this folder there is nothing.
    func files(ranks: Int) -> [ProfileFile] {
        (0..<ranks).compactMap { Files.read("\(path)/rank.\($0)").flatMap(ProfileFile.init) }
    }
}
