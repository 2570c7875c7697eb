import FoundationEssentials
import Glibc

/// `$XDG_CACHE_HOME/pdlc`, else `~/.cache/pdlc`: files that can be made again, named by what they were made from. Safe to delete and to
/// share between processes: every file appears whole, by a rename.
public struct Cache: Sendable {
    public let folder: String

    init(folder: String) { self.folder = folder }

    public init() throws {
        let environment = ProcessInfo.processInfo.environment
        let base = environment["XDG_CACHE_HOME"] ?? (environment["HOME"] ?? "/tmp") + "/.cache"
        let wanted = base + "/pdlc"
        let manager = FileManager.default
        do {
            try manager.createDirectory(atPath: wanted, withIntermediateDirectories: true)
            folder = wanted
        } catch {
            // A home that cannot be written to, as batch jobs sometimes have.
            folder = (environment["TMPDIR"] ?? "/tmp") + "/pdlc-cache-\(getuid())"
            try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        }
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
