import FoundationEssentials
import Glibc

/// `$XDG_CACHE_HOME/pdlc`, else `~/.cache/pdlc`: files that can be made again, named by what they were made from. Safe to delete and to
/// share between processes: every file appears whole, by a rename.
///
/// What stands in it is executed, so it must be nobody else's: a folder that belongs to another user, that others may write to, or
/// that is a link is passed over.
public struct Cache: Sendable {
    public let folder: String

    init(folder: String) { self.folder = folder }

    public init() throws {
        try self.init(environment: ProcessInfo.processInfo.environment)
    }

    init(environment: [String: String]) throws {
        // Relative and empty paths are to be ignored, says the XDG specification.
        func folder(_ variable: String, _ rest: String) -> String? {
            environment[variable].flatMap { $0.hasPrefix("/") ? $0 + rest : nil }
        }
        // A home may be read-only, as it sometimes is in batch jobs.
        let temporary = folder("TMPDIR", "") ?? "/tmp"
        let candidates = [
            folder("XDG_CACHE_HOME", "/pdlc"), folder("HOME", "/.cache/pdlc"), "\(temporary)/pdlc-cache-\(geteuid())",
        ]
        guard let trusted = candidates.lazy.compactMap(\.self).first(where: Self.isOurs) else {
            self.folder = try Self.newFolder(in: temporary)
            return
        }
        self.folder = trusted
    }

    /// Whether the folder is there, or could be made, and only this user can have put files into it.
    private static func isOurs(_ folder: String) -> Bool {
        try? FileManager.default.createDirectory(
            atPath: Files.folder(of: folder), withIntermediateDirectories: true)
        mkdir(folder, 0o700)
        var status = stat()
        guard lstat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid() else {
            return false
        }
        return status.st_mode & (S_IWGRP | S_IWOTH) == 0 && access(folder, W_OK) == 0
    }

    /// A folder for this process alone.
    private static func newFolder(in parent: String) throws -> String {
        var template = Array("\(parent)/pdlc-cache-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw UsageError("cannot make a folder in \(parent): \(Files.lastProblem)")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The file for a key, whether it exists or not.
    func path(_ kind: String, _ key: Fingerprint, _ suffix: String = "") -> String {
        "\(folder)/\(kind)-\(key)\(suffix)"
    }

    /// Keeps the `limit` files of a kind that were used last.
    func prune(_ kind: String, limit: Int) {
        let manager = FileManager.default
        let names = ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).filter { $0.hasPrefix(kind + "-") }
        guard names.count > limit else { return }
        let dated = names.map { name -> (String, Date) in
            let attributes = try? manager.attributesOfItem(atPath: "\(folder)/\(name)")
            return (name, attributes?[.modificationDate] as? Date ?? .distantPast)
        }
        for (name, _) in dated.sorted(by: { $0.1 > $1.1 }).dropFirst(limit) {
            try? manager.removeItem(atPath: "\(folder)/\(name)")
        }
    }
}

/// A 128-bit FNV-1a hash: names cached files by what they were made from.
struct Fingerprint: CustomStringConvertible, Sendable {
    private var high: UInt64 = 0x6c62_272e_07bb_0142
    private var low: UInt64 = 0x62b8_2175_6295_c58d

    init(_ parts: String...) {
        for part in parts { add(Array(part.utf8)) }
    }

    /// Adds a part and its length, so that "ab", "c" and "a", "bc" differ.
    mutating func add(_ bytes: [UInt8]) {
        for byte in bytes { mix(byte) }
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { for byte in $0 { mix(byte) } }
    }

    private mutating func mix(_ byte: UInt8) {
        // The prime is 2^88 + 0x13b.
        low ^= UInt64(byte)
        let product = low.multipliedFullWidth(by: 0x13b)
        high = high &* 0x13b &+ product.high &+ (low << 24)
        low = product.low
    }

    var description: String { hex(high) + hex(low) }

    private func hex(_ word: UInt64) -> String {
        let digits = String(word, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension Cache {
    /// A text of pdlc's own as a file that an editor can open.
    public func readable(_ text: [UInt8], as name: String) throws -> String {
        let path = path("source", Fingerprint(String(decoding: text, as: UTF8.self)), "-\(name)")
        if Files.read(path) != text { try Files.write(text, to: path) }
        return path
    }
}
