/// One way of running a program, and what it must do.
public struct Run: Sendable, Hashable {
    public var ranks: [Int]
    public var arguments: [String]
    public var output: [String] = []
    public var errors: [String] = []
    public var exitCode = 0

    public init(ranks: [Int] = [1, 2, 3, 4], arguments: [String] = []) {
        (self.ranks, self.arguments) = (ranks, arguments)
    }
}

extension Run {
    /// A directive's own lines as they would stand in the case.
    public func lines(directive: String) -> [String] {
        [directive] + output.map { line("#>", $0) } + errors.map { line("#2>", $0) }
            + (exitCode == 0 ? [] : ["#! exit \(exitCode)"])
    }

    private func line(_ prefix: String, _ text: String) -> String { text.isEmpty ? prefix : "\(prefix) \(text)" }
}
