import CNumerics
import Foundation
import Language
import Source

/// A file at a path, and the statement that wants it.
struct ArrayFile {
    let path: String
    /// As in `pdl_save`.
    let detail: String
    let span: Span
    let libraries: FileLibraries

    var kind: FileKind? { FileKind(path: path) }

    /// The reason is C's errno.
    func trouble(_ verb: String) -> Failure {
        Failure("cannot \(verb) \(path): \(String(cString: strerror(errno)))", at: span)
    }

    // MARK: Loading

    /// `extents`: -1 where any will do.
    func load(_ element: ElementType, extents: [Int]) throws -> ArrayValue {
        try requireKind(isSaved: false, axes: extents.count)
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
        let length = Int64(facts.st_size)
        switch kind {
        case .pgm: return try loadPicture(file, bytes: length, element, extents: extents)
        case .csv: return try loadTable(file, bytes: length, element, extents: extents)
        case .npz, .hdf5: return try loadMember(file, bytes: length, element, extents: extents)
        default: return try loadElements(file, try header(file), bytes: length, element, extents: extents)
        }
    }

    /// Elements that stand in one piece behind a header.
    func loadElements(
        _ file: Int32, _ header: pdl_npy?, bytes: Int64, _ element: ElementType, extents: [Int]
    ) throws -> ArrayValue {
        try requireFit(header, bytes: bytes, element, extents)
        guard let header else { throw Fault("a file without a header was accepted") }
        let shape = header.shape
        let bytes = try read(file, count: shape.reduce(element.byteSize, *), from: Int(header.offset))
        return ArrayValue(extents: shape + element.pairAxis, elements: (element.part ?? element).words(bytes))
    }

    private func requireKind(isSaved: Bool, axes: Int) throws {
        let hasLibrary = kind.map { libraries.has($0) } ?? false
        let problem = Self.message { message in
            pdl_file_problem(message, path, isSaved ? 1 : 0, hasLibrary ? 1 : 0, Int32(axes), detail) != 0
        }
        if let problem { throw Failure(problem, at: span) }
    }

    /// Throws what keeps the file from being loaded.
    func requireFit(_ header: pdl_npy?, bytes: Int64, _ element: ElementType, _ extents: [Int]) throws {
        let wanted = extents.map(Int64.init)
        let problem = Self.message { message in
            header.withPointer {
                pdl_npy_problem(message, path, $0, bytes, element.code, Int32(wanted.count), wanted) != 0
            }
        }
        if let problem { throw Failure(problem, at: span) }
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
        try requireKind(isSaved: true, axes: array.extents.count - element.pairAxis.count)
        switch kind {
        case .pgm: try save(picture(of: array, element))
        case .csv: try save(table(of: array, element))
        case .png: try savePNG(array, element)
        case .hdf5: try saveDataset(array, element)
        default: try saveNumPy(array, element)
        }
    }

    private func saveNumPy(_ array: ArrayValue, _ element: ElementType) throws {
        var header = [UInt8](repeating: 0, count: Int(PDL_NPY_HEADER))
        let extents = array.extents.dropLast(element.pairAxis.count)
        let length = pdl_npy_header(&header, element.code, Int32(extents.count), extents.map(Int64.init))
        try save(header.prefix(length) + element.savedBytes(array.elements))
    }

    private func save(_ bytes: ArraySlice<UInt8>) throws {
        try replace { file, _, _ in
            guard write(file, bytes, at: 0) else { throw trouble("save") }
        }
    }

    /// Fills a new file beside the old one, synced, then renamed over it. Whatever fails, the old file is whole. `fill` gets the new file,
    /// its name and the old one's.
    func replace(_ fill: (_ file: Int32, _ name: String, _ target: String) throws -> Void) throws {
        let real = realpath(path, nil)
        defer { free(real) }
        // Through a link, to the file that it means.
        let target = real.map { String(cString: $0) } ?? path
        var old = stat()
        if lstat(target, &old) == 0, old.st_mode & S_IFMT != S_IFREG {
            throw Failure("cannot save \(path): it is no regular file", at: span)
        }
        var name = [CChar](repeating: 0, count: target.utf8.count + 64)
        let file = pdl_new_file(target, &name, name.count)
        guard file >= 0 else { throw trouble("save") }
        do {
            defer { close(file) }
            guard fchmod(file, access(of: target)) == 0 else { throw trouble("save") }
            try fill(file, name.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }, target)
            guard fsync(file) == 0, rename(name, target) == 0 else { throw trouble("save") }
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

    func write(_ file: Int32, _ bytes: ArraySlice<UInt8>, at offset: Int64) -> Bool {
        bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return true }
            var done = 0
            while done < bytes.count {
                let wrote = pwrite(file, start + done, bytes.count - done, off_t(offset) + off_t(done))
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
