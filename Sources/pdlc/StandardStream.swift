import Compiler
import Glibc

/// A standard stream, written to as a whole: what is shown must arrive, so a full disk or a closed pipe is noticed.
final class StandardStream {
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private(set) var hasFailed = false

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// Text that may wait until `flush`.
    func write(_ text: String) {
        buffer.append(contentsOf: text.utf8)
        if buffer.count >= 1 << 16 { flush() }
    }

    func flush() {
        var done = 0
        while done < buffer.count, !hasFailed {
            let count = buffer.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done) }
            if count > 0 { done += count } else if errno != EINTR { hasFailed = true }
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Writes it at once to standard error; there is nobody to tell when that fails.
    static func error(_ text: String) {
        let stream = StandardStream(STDERR_FILENO)
        stream.write(text)
        stream.flush()
    }

    /// Writes it at once to standard output.
    static func output(_ text: String) throws {
        let stream = StandardStream(STDOUT_FILENO)
        stream.write(text)
        stream.flush()
        if stream.hasFailed { throw UsageError("cannot write to standard output") }
    }
}
