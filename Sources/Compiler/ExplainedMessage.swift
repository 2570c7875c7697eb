import Source

/// What one operation of a program sends, in words: for editors.
public struct ExplainedMessage: Sendable {
    /// The expression whose value is sent, where `pdlc explain` shows it, and the operator that sends it.
    public let span, operation: Span
    /// The language's word for it, `allreduce`, and the MPI call.
    public let operatorName, call: String
    /// Bytes and messages of a rank, as numbers where the parameters' defaults make them so, else as formulas.
    public let bytes, messages: String
    /// The loops and conditions around it, outermost first.
    public let circumstances: [String]
    public let remarks: [String]

    /// What stands beside the line: `allreduce, 208 B`.
    public var label: String {
        let unit = bytes.hasPrefix("(") ? "" : " B"
        return "\(operatorName), \(bytes)\(unit)\(circumstances.isEmpty ? "" : ", in a loop or condition")"
    }
}

extension Explanation {
    /// What is sent, in the order of the source. `values`: sizes that are known, and P, the number of ranks.
    public func sentMessages(values: [String: Int] = [:]) -> [ExplainedMessage] {
        let known = defaults.merging(values) { $1 }
        func number(_ formula: Formula) -> String {
            formula.count(known) ?? "\(formula)"
        }
        return entries.sorted { $0.span.start < $1.span.start }.map { entry in
            ExplainedMessage(
                span: entry.span, operation: entry.operation, operatorName: entry.cost.operatorName,
                call: entry.cost.call,
                bytes: number(entry.cost.bytes), messages: number(entry.cost.messages), circumstances: entry.loops,
                remarks: entry.cost.remarks)
        }
    }
}
