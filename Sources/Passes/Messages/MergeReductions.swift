import IR

/// Sends several reductions in one message.
///
///     %a: f64 = allreduce %p               %a: f64, %b: f64 = allreduce %p, %q
///     %b: f64 = allreduce %q          →
/// See `MessageMerging`.
enum MergeReductions: Transformation {
    static let summary = "Send independent allreduces as one message."

    static func run(_ module: inout Module) {
        MessageMerging.run(&module) { $0.operation == .collective(.allreduce) }
        sendEachOnce(&module)
    }

    /// A part that two of the merged reductions combine travels once, and has one result.
    private static func sendEachOnce(_ module: inout Module) {
        var substitution = Substitution()
        module.body.rewriteNodes { node in
            guard node.operation == .collective(.allreduce) else { return }
            var sent: [Value: Value] = [:]
            for (operand, result) in zip(node.values, node.results) {
                if let first = sent[operand] { substitution.replace([result], by: [first]) }
                sent[operand] = sent[operand] ?? result
            }
            let isFirst = zip(node.values, node.results).map { sent[$0] == $1 }
            node.operands = zip(node.values, isFirst).filter(\.1).map(\.0)
            node.results = zip(node.results, isFirst).filter(\.1).map(\.0)
        }
        module.apply(substitution)
    }
}
