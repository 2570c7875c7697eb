import IR

extension Module {
    /// The rows that an exchange brings lie around the block in the array's own memory: whoever reads what it gave reads the array.
    func withHalosInPlace() -> Module {
        var module = self
        var substitution = Substitution()
        module.body.rewriteNodes { node in
            guard case .exchange = node.operation else { return }
            substitution.replace(node.results, by: node.arrays)
            node.results = []
        }
        module.apply(substitution)
        return module
    }
}

extension RankLowering {
    /// A read of a row around the block: like any other, at a position before the block's first element or after its last one.
    func neighbour(_ read: Neighbour, _ node: Node) throws {
        let array = node.array
        let indices = node.indices
        if case .checked(let order) = read.bounds {
            let axes = order == .plain ? [0, 1] : [order.first]
            let endless = zip(axes, read.reaches).filter(\.1.wraps).map(\.0)
            try check(indices, in: array, order, endless: endless)
        }
        try builder.append(
            Node(.read, [array, try position(of: indices, in: array)], results: node.results, node.span))
    }
}
