import IR

/// Sends a slice along a divided axis to every rank at once, instead of to its owners first.
///
///     %s: f64[/%m] = array slice(0, 1) %a, …           →      %r: f64[%m] = array slice(0, 1) %a, …
///     %r: f64[%m] = allgather %s
///
/// One message for two, and where the slice is one row, a broadcast from the rank that has it.
enum GatherSlices: Transformation {
    static let summary = "Send slices that every rank wants to all of them at once."

    static func run(_ module: inout Module) {
        let uses = module.useCounts()
        var body = module.body
        body.rewriteRegions { region in
            var slices: [Value: Int] = [:]
            var nodes: [Node] = []
            for node in region.nodes {
                if node.operation == .collective(.allgather), node.values.count == 1,
                    let slice = slices[node.values[0]], uses[node.values[0].id] == 1
                {
                    nodes[slice].results[0] = node.results[0]
                    nodes[slice].absorbOrigins(of: node)
                    continue
                }
                if case .array(let operation) = node.operation, operation.kind == .slice {
                    slices[node.results[0]] = nodes.count
                }
                nodes.append(node)
            }
            region.nodes = nodes
        }
        module.body = body
    }
}
