/// What a job asks of a scheduler; nil: what the site gives.
public struct BatchRequest: Sendable {
    public var ranks: Int
    public var nodes: Int?
    public var walltime: Walltime?
    public var queue: String?
    public var account: String?
    public var modules: [String] = []

    public init(ranks: Int) { self.ranks = ranks }

    /// The values that templates may name; `ranks` are written as the number or what stands for it.
    func values(ranks written: String? = nil) -> [String: [String]] {
        let divided = written.map { template in "{(n + \((nodes ?? 1) - 1)) // \(nodes ?? 1)}" }
        let each = nodes.map { divided ?? String((ranks + $0 - 1) / $0) }
        let count = written ?? String(ranks)
        return [
            "ranks": [count],
            "nodes": nodes.map { [String($0)] } ?? [],
            "chunks": [nodes.map(String.init) ?? count],
            "perChunk": [each ?? "1"],
            "walltime": walltime.map { [$0.description] } ?? [],
            "grace": [String(walltime?.grace ?? Walltime.longestGrace)],
            "queue": queue.map { [$0] } ?? [],
            "account": account.map { [$0] } ?? [],
            "module": modules,
        ]
    }
}

/// How long a job may run: HH:MM:SS.
public struct Walltime: Sendable, CustomStringConvertible {
    static let longestGrace = 60
    let seconds: Int

    /// Nil unless it is written HH:MM:SS and not nothing.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
        guard parts.count == 3, parts.allSatisfy({ $0 >= 0 }), parts[1] < 60, parts[2] < 60, parts != [0, 0, 0],
            parts[0] < 100_000
        else { return nil }
        seconds = parts[0] * 3600 + parts[1] * 60 + parts[2]
    }

    /// How many seconds before the end a program is told.
    var grace: Int { max(1, min(Self.longestGrace, seconds / 10)) }

    public var description: String {
        [seconds / 3600, seconds / 60 % 60, seconds % 60]
            .map { $0 < 10 ? "0\($0)" : String($0) }.joined(separator: ":")
    }
}
