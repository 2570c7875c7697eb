/// What a contract may count, by the words of `pdlc explain`.
public enum MessageNames {
    /// Whatever is sent.
    public static let any = "messages"
    /// Rows of neighbours.
    public static let halo = "halo"

    public static let all: [String] =
        [any, halo, "load", "save", "show"] + Collective.allCases.map(\.rawValue)
        + ArrayOperation.Kind.allCases.filter { $0 != .gather && $0 != .gatherPlan }.map(\.rawValue)
}
