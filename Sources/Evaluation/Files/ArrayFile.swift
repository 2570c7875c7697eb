import CNumerics
import Foundation
import Language
import Source

/// A file at a path, and the statement that wants it: a picture when its name says so, else NumPy's.
struct ArrayFile {
    let path: String
    let span: Span

    /// The reason is C's errno.
    private func trouble(_ verb: String) -> Failure {
        Failure("cannot \(verb) \(path): \(String(cString: strerror(errno)))", at: span)
    }

    // MARK: Loading

    /// `extents`: -1 where any will do.
    func load(_ element: ElementType, extents: [Int]) throws -> ArrayValue {
        // A FIFO that nobody writes to would be waited for.
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { throw trouble("read") }
        defer { close(file) }
        var facts = stat()
        guard fstat(file, &facts) == 0 else { throw trouble("read") }
        if facts.st_mode & S_IFMT == S_IFDIR {
            errno = EISDIR
            throw trouble("read")
        }
        guard facts.st_mode & S_IFMT == S_IFREG else {
            throw Failure("cannot read \(path): it is no regular file", at: span)
        }
        if pdl_is_picture(path) != 0 {
            return try loadPicture(file, bytes: Int64(facts.st_size), element, extents: extents)
        }
        let header = try self.header(file)
        if let problem = problem(header, bytes: Int64(facts.st_size), element, extents) {
            throw Failure(problem, at: span)
        }
        guard let header else { throw Fault("a file without a header was accepted") }
        let shape = header.shape
        let bytes = try read(file, count: shape.reduce(element.byteSize, *), from: Int(header.offset))
        return ArrayValue(extents: shape, elements: element.words(bytes))
    }

    /// What keeps the file from being loaded, nil when nothing does.
    private func problem(_ header: pdl_npy?, bytes: Int64, _ element: ElementType, _ extents: [Int]) -> String? {
        let wanted = extents.map(Int64.init)
        return Self.message { message in
            header.withPointer {
                pdl_npy_problem(message, path, $0, bytes, element.code, Int32(wanted.count), wanted) != 0
            }
        }
    }

    /// The message that `write` leaves, nil when it says that there is none.
    static func message(_ write: (UnsafeMutablePointer<CChar>) -> Bool) -> String? {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PDL_NPY_MESSAGE)) { room in
            guard let message = room.baseAddress, write(message) else { return nil }
            return String(cString: message)
        }
    }

    /// nil when the file has none that can be read.
    private func header(_ file: Int32) throws -> pdl_npy? {
        var start = [UInt8](repeating: 0, count: Int(PDL_NPY_START))
        let got = pread(file, &start, start.count, 0)
        let length: Int64 = got < 0 ? 0 : pdl_npy_offset(start, got)
        guard length > 0, length <= Int64(PDL_NPY_LIMIT + PDL_NPY_START) else { return nil }
        var whole = [UInt8](repeating: 0, count: Int(length))
        var header = pdl_npy()
        guard pread(file, &whole, whole.count, 0) == whole.count, pdl_npy_parse(whole, whole.count, &header) != 0 else {
            return nil
        }
        return header
    }

    func read(_ file: Int32, count: Int, from offset: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { bytes in
                bytes.baseAddress.map { pread(file, $0 + done, count - done, off_t(offset + done)) } ?? 0
            }
            if got < 0 && errno == EINTR { continue }
            if got < 0 { throw trouble("read") }
            if got == 0 { throw Failure("\(path) became shorter while it was read", at: span) }
            done += got
        }
        return bytes
    }

    // MARK: Saving

    func save(_ array: ArrayValue, _ element: ElementType) throws {
        if pdl_is_picture(path) != 0 { return try save(picture(of: array, element)) }
        var header = [UInt8](repeating: 0, count: Int(PDL_NPY_HEADER))
        let length = pdl_npy_header(
            &header, element.code, Int32(array.extents.count), array.extents.map(Int64.init))
        try save(header.prefix(length) + element.bytes(array.elements))
    }

    /// Into a new file beside the old one, synced, then renamed over it. Whatever fails, the old file is whole.
    private func save(_ bytes: ArraySlice<UInt8>) throws {
        let real = realpath(path, nil)
        defer { free(real) }
        // Through a link, to the file that it means.
        let target = real.map { String(cString: $0) } ?? path
        var old = stat()
        if lstat(target, &old) == 0, old.st_mode & S_IFMT != S_IFREG {
            throw Failure("cannot save \(path): it is no regular file", at: span)
        }
        var name = Array("\(target).pdl-XXXXXX".utf8CString)
        let file = mkstemp(&name)
        guard file >= 0 else { throw trouble("save") }
        do {
            defer { close(file) }
            guard fchmod(file, access(of: target)) == 0,
                write(file, bytes), fsync(file) == 0,
                rename(name, target) == 0
            else { throw trouble("save") }
        } catch {
            unlink(name)
            throw error
        }
    }

    /// The access that the old file had, or that any new one gets.
    private func access(of path: String) -> mode_t {
        var old = stat()
        if stat(path, &old) == 0 { return old.st_mode & 0o777 }
        let mask = umask(0)
        umask(mask)
        return 0o666 & ~mask
    }

    private func write(_ file: Int32, _ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return true }
            var done = 0
            while done < bytes.count {
                let wrote = Foundation.write(file, start + done, bytes.count - done)
                if wrote < 0 && errno == EINTR { continue }
                if wrote <= 0 { return false }
                done += wrote
            }
            return true
        }
    }
}

extension pdl_npy {
    /// The extents along its axes.
    var shape: [Int] {
        withUnsafeBytes(of: extents) { Array($0.bindMemory(to: Int64.self)) }.prefix(Int(axes)).map { Int($0) }
    }
}

extension pdl_npy? {
    /// C's view of a header that may be missing.
    func withPointer<Result>(_ body: (UnsafePointer<pdl_npy>?) -> Result) -> Result {
        map { header in withUnsafePointer(to: header) { body($0) } } ?? body(nil)
    }
}
