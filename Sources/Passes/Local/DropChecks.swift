import IR

/// Leaves out what asks whether an index is in range: `--unchecked`.
///
///     checkIndex 0 %i, %n      →    nothing
///     %v = read %x[%i]              %v = read %x[%i]
enum DropChecks: Transformation {
    static let summary = "Do not look whether indices are in range (--unchecked)."

    static func run(_ module: inout Module) {
        module.body.rewriteRegions { region in
            region.nodes.removeAll { if case .checkIndex = $0.operation { true } else { false } }
        }
    }
}
