import Glibc

/// Takes messages of the Language Server Protocol out of a stream of bytes: a header with `Content-Length`, an empty line, JSON.
struct MessageReader {
    struct Broken: Error {}

    private static let largestMessage = 1 << 30
    private var buffer: [UInt8] = []
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// The JSON of the next message; nil at the end of the stream.
    ///
    /// - Throws: `Broken` when what comes is no message: nobody knows where the next one would begin.
    mutating func next() throws -> [UInt8]? {
        while true {
            if let end = endOfHeader {
                let header = String(decoding: buffer[..<end], as: UTF8.self)
                guard let length = Self.contentLength(header) else { throw Broken() }
                while buffer.count < end + length { guard fill() else { return nil } }
                defer { buffer.removeFirst(end + length) }
                return Array(buffer[end..<end + length])
            }
            guard buffer.count < 1 << 16 else { throw Broken() }
            guard fill() else { return nil }
        }
    }

    /// Where the JSON begins, when the header is there.
    private var endOfHeader: Int? {
        let mark = Array("\r\n\r\n".utf8)
        guard buffer.count >= mark.count else { return nil }
        return (0...buffer.count - mark.count).first { buffer[$0..<$0 + mark.count].elementsEqual(mark) }
            .map { $0 + mark.count }
    }

    private static func contentLength(_ header: String) -> Int? {
        for line in header.split(whereSeparator: \.isNewline) {
            let halves = line.split(separator: ":", maxSplits: 1)
            guard halves.count == 2, halves[0].lowercased() == "content-length" else { continue }
            guard let length = Int(halves[1].filter { $0 != " " }) else { return nil }
            return (0...largestMessage).contains(length) ? length : nil
        }
        return nil
    }

    /// Reads what there is; false at the end of the stream.
    private mutating func fill() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            buffer += chunk[..<count]
            return true
        }
    }
}

/// Writes messages, each whole.
struct MessageWriter: Sendable {
    private let descriptor: Int32

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// There is nobody to tell when that fails: the end of the other stream tells the server to leave.
    func write(_ json: some Sequence<UInt8>) {
        let body = Array(json)
        let message = Array("Content-Length: \(body.count)\r\n\r\n".utf8) + body
        var done = 0
        while done < message.count {
            let count = message.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, $0.count - done) }
            if count > 0 { done += count } else if errno != EINTR { return }
        }
    }
}
