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
    }
}
