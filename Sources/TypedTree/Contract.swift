import Source

/// How often what a loop's round, or the program, may send: checked on the distributed IR, as `pdlc explain` counts.
public struct Contract: Sendable {
    /// `allreduce <= 2`
    public struct Limit: Sendable {
        /// What is sent, by the word of `pdlc explain`.
        public var message: String
        public var most: Int
        public var span: Span
        public init(_ message: String, most: Int, at span: Span) {
            self.message = message
            self.most = most
            self.span = span
        }
    }

    /// The loop; nil: the program.
    public var loop: Span?
    public var limits: [Limit]
    public init(loop: Span?, limits: [Limit]) {
        self.loop = loop
        self.limits = limits
    }
}
