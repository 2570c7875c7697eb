import IR

/// Exchanges the halos of several arrays together: one message to each neighbour.
///
///     %a: f64[/%n] = exchange(1 1) %x               %a: f64[/%n], %b: f64[/%n] = exchange(1 1, 0 1) %x, %y
///     %b: f64[/%n] = exchange(0 1) %y          →
///
/// See `MessageMerging`.
enum MergeHalos: Transformation {
    static let summary = "Send the halos of several arrays as one message to each neighbour."

    static func run(_ module: inout Module) {
        MessageMerging.run(&module) { node in
            if case .exchange = node.operation { true } else { false }
        }
    }
}
