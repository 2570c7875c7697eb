import IR
import Language

extension Cost {
    /// What an operation on whole arrays sends; nil when no rank needs elements of another.
    init?(_ operation: ArrayOperation, _ node: Node, _ module: Module, _ sizes: Sizes) {
        let types = node.values.map { module.type($0) }
        if operation.kind == .gather || operation.isInspector {
            self.init(gathering: operation, node, module, sizes)
            return
        }
        guard let value = types.first(where: { $0.placement.isDivided }) else { return nil }
        var bytes = sizes.bytes(of: value) / .ranks
        var messages = Formula.ranks - .number(1)
        switch operation.kind {
        case .scan, .exscan:
            // Nodes of the tree travel, each with a number for every line.
            guard !value.placement.distribution.isWhole(axis: operation.attributes[1]) else { return nil }
            var lines = Formula.number(types.reduce(0) { $0 + ($1.element?.byteSize ?? 0) })
            for (axis, extent) in value.dimensions.enumerated() where axis != operation.attributes[1] {
                lines = lines * sizes.formula(of: extent)
            }
            bytes = .number(16) + .number(Self.nodesOfARecord) * (.number(Self.bytesOfANode) + lines)
            messages = .logarithmOfRanks
        case .topK:
            // Every rank's candidates: a key, the element and its index.
            bytes = .number(24) * sizes.formula(of: node.values[1])
            messages = .logarithmOfRanks
        case .sort, .argsort, .unique:
            // Records of a key and what it carries, then the elements once more, to their blocks.
            bytes = .number(16 + (node.results.first.flatMap { module.type($0).element?.byteSize } ?? 0))
            for extent in value.dimensions { bytes = bytes * sizes.formula(of: extent) }
            bytes = bytes / .ranks
        case .slice:
            guard let result = node.results.first.map({ module.type($0) }), let axis = value.placement.dividedAxis
            else { return nil }
            // Where the divided axis is gone, one rank has all of the slice.
            let stays = operation.attributes[axis] != 0
            bytes = stays ? sizes.bytes(of: result) / .ranks : sizes.bytes(of: result)
            if result.placement == .replicated {
                self.init(
                    operatorName: "allgather", call: stays ? "MPI_Allgatherv" : "MPI_Bcast", costClass: stays ? 3 : 2,
                    bytes: stays ? bytes * messages : bytes, messages: stays ? messages : .logarithmOfRanks,
                    remarks: [stays ? "of a slice, at once" : "of a slice that one rank has"])
                return
            }
        default: break
        }
        self.init(
            operatorName: operation.kind.rawValue, call: operation.mpiCall, costClass: operation.costClass,
            bytes: bytes, messages: messages)
    }

    /// `x[idx]`: a rank sends the numbers of the elements that it wants of others, once for an index array, and then gets them.
    private init(gathering operation: ArrayOperation, _ node: Node, _ module: Module, _ sizes: Sizes) {
        let asks = operation.isInspector
        let type = module.type(asks ? node.values[0] : node.results[0])
        let bytes = sizes.bytes(of: type)
        self.init(
            operatorName: asks ? "the plan of x[idx]" : "x[idx]", call: operation.mpiCall,
            costClass: operation.costClass,
            bytes: type.placement.isDivided ? bytes / .ranks : bytes, messages: .ranks - .number(1),
            remarks: [
                asks
                    ? "at most: every index that another rank owns is sent once; the plan is kept while idx does not change"
                    : "at most: every element of another rank comes once"
            ])
    }
}
