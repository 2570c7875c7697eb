import IR
import Language

extension Cost {
    /// What an operation on whole arrays sends; nil when no rank needs elements of another.
    init?(_ operation: ArrayOperation, _ node: Node, _ module: Module, _ sizes: Sizes) {
        guard let moves = WholeArrayMoves(operation, node, module, sizes).messages(), !moves.isEmpty else { return nil }
        let name: String =
            switch operation.kind {
            case .gatherPlan: "the plan of x[idx]"
            case .gather: "x[idx]"
            case .put: "x[idx] = v"
            case .slice where moves.contains { $0.kind != .send }: "allgather"
            default: operation.kind.rawValue
            }
        self.init(name, operation.costClass, moves)
        switch operation.kind {
        case .gatherPlan:
            remarks.append(
                "every index that another rank owns is sent once; the plan is kept while idx does not change")
        case .gather: remarks.append("every element of another rank comes once")
        case .slice where moves[0].kind == .allgather: remarks.append("of a slice, at once")
        case .slice where moves[0].kind == .bcast: remarks.append("of a slice that one rank has")
        default: break
        }
    }
}

/// The messages of one operation on whole arrays, as Runtime/arrays and Runtime/order send them.
private struct WholeArrayMoves {
    let operation: ArrayOperation
    /// The types of operands and of the first result.
    let types: [IRType]
    let result: IRType
    let values: [Value]
    let sizes: Sizes

    init(_ operation: ArrayOperation, _ node: Node, _ module: Module, _ sizes: Sizes) {
        (self.operation, self.sizes, values) = (operation, sizes, node.values)
        types = node.values.map { module.type($0) }
        result = module.type(node.results[0])
    }

    private var resultBytes: Formula { sizes.bytes(of: result) }

    func messages() -> [Message]? {
        (types + [result]).contains(where: \.placement.distribution.isGrid) ? overGrid() : alongAxes()
    }

    private func alongAxes() -> [Message]? {
        switch operation.kind {
        case .gatherPlan:
            let wanted = times(sizes.bytes(of: types[0]), ranksOf: types[0])
            return [.alltoall, .allreduce(8), .sends(wanted)]
        case .gather: return [.sends(times(resultBytes, ranksOf: types[1]))]
        default: break
        }
        guard let axis = types.first(where: { $0.placement.dividedAxis != nil })?.placement.dividedAxis else {
            return nil
        }
        switch operation.kind {
        case .transpose: return operation.attributes[0] == axis ? nil : [transposition(from: axis)]
        case .matmul:
            return types[1].placement.dividedAxis == 0
                ? [Message(kind: .allgather, bytes: .exactly(sizes.bytes(of: types[1])))] : nil
        case .slice: return slice(axis)
        case .scan, .exscan: return axis == operation.attributes[1] ? scan(axis) : nil
        case .sort, .argsort: return axis == operation.attributes[0] ? ordered(telling: 16) : nil
        case .unique: return ordered(telling: 32)
        case .topK: return topK()
        case .compress: return [.allgather(8), .sends(sizes.bytes(of: types[0]))]
        case .reshape: return [reshape()]
        case .concat:
            return result.placement.dividedAxis == operation.attributes[0]
                ? [.sends(resultBytes, times: operation.attributes[1])] : nil
        case .permute:
            return [
                .allreduce(8, times: 2), .alltoall,
                .sends(resultBytes + .number(8) * sizes.formula(of: types[0].dimensions[0]), times: 2),
            ]
        case .put:
            let questions = 2 - operation.attributes[0]
            return [
                .allreduce(4 * questions, times: questions), .alltoall,
                .sends(sizes.bytes(of: types[2]) + sizes.bytes(of: types[1]), times: 2),
            ]
        case .gatherPlan, .gather, .interleave, .separate, .fft, .ifft, .rfft, .irfft: return nil
        }
    }

    /// Every rank for itself where the array is not divided.
    private func times(_ bytes: Formula, ranksOf type: IRType) -> Formula {
        type.placement.dividedAxis == nil ? .ranks * bytes : bytes
    }

    private func measured(_ extents: [Formula], _ count: (BlockMoves, [Int]) -> BlockMoves.Count) -> BlockMoves.Count? {
        let numbers = extents.compactMap { sizes.number($0) }
        guard numbers.count == extents.count else { return nil }
        return BlockMoves(ranks: sizes.ranks).map { count($0, numbers) }
    }

    private func transposition(from axis: Int) -> Message {
        let extents = types[0].dimensions.map { sizes.formula(of: $0) }
        let whole = sizes.bytes(of: types[0])
        let count = measured(extents) { moves, numbers in
            let across = operation.attributes[0]
            var count = moves.transposition(numbers[axis], numbers[across])
            for (k, extent) in numbers.enumerated() where k != axis && k != across { count.carried *= extent }
            count.carried *= types[0].element?.byteSize ?? 0
            return count.carried == 0 ? BlockMoves.Count() : count
        }
        return Message(
            kind: .send,
            count: Amount(formula: .ranks * (.ranks - .number(1)), isBound: count == nil, measured: count?.messages),
            bytes: Amount(formula: whole, isBound: count == nil, measured: count?.carried))
    }

    /// Over a grid of ranks: what ranks have of the operand and want of the result; or, of a product, panels along rows and columns.
    private func overGrid() -> [Message] {
        let extents = types.map { $0.dimensions.compactMap { sizes.number(sizes.formula(of: $0)) } }
        let isKnown = zip(extents, types).allSatisfy { $0.count == $1.dimensions.count }
        let moves = isKnown ? GridMoves(ranks: sizes.ranks) : nil
        let size = types[0].element?.byteSize ?? 0
        if operation.kind == .matmul {
            let count = moves?.product(extents[0][0], extents[0][1], extents[1][1])
            let all =
                sizes.bytes(of: types[0]) * .symbol("(columns of ranks)")
                + sizes.bytes(of: types[1]) * .symbol("(rows of ranks)")
            return [sends(count, size, all)]
        }
        let cuts = (types[0].placement.distribution, result.placement.distribution)
        let count = moves?.transposition(extents[0], from: cuts.0, to: cuts.1, order: operation.attributes)
        return [sends(count, size, sizes.bytes(of: types[0]))]
    }

    private func sends(_ count: BlockMoves.Count?, _ size: Int, _ bound: Formula) -> Message {
        Message(
            kind: .send,
            count: Amount(formula: .ranks * (.ranks - .number(1)), isBound: count == nil, measured: count?.messages),
            bytes: Amount(formula: bound, isBound: count == nil, measured: count.map { $0.carried * size }))
    }

    private func reshape() -> Message {
        let (from, to) = (types[0].dimensions, result.dimensions)
        let extents = [sizes.elements(of: types[0]), sizes.formula(of: from[0]), sizes.formula(of: to[0])]
        let count = measured(extents) { moves, numbers in
            guard numbers[0] > 0 else { return BlockMoves.Count() }
            func cuts(_ rows: Int) -> [Int] { moves.begins(rows).map { $0 * (numbers[0] / rows) } }
            var count = moves.recut(from: cuts(numbers[1]), to: cuts(numbers[2]))
            count.carried *= types[0].element?.byteSize ?? 0
            return count
        }
        guard let count else { return .sends(sizes.bytes(of: types[0])) }
        return Message(
            kind: .send, count: Amount(formula: .number(count.messages)), bytes: Amount(formula: .number(count.carried))
        )
    }

    /// Where the divided axis is gone, one rank has all of the slice.
    private func slice(_ axis: Int) -> [Message] {
        guard result.placement == .replicated else { return [.sends(resultBytes)] }
        let stays = operation.attributes[axis] != 0
        return [Message(kind: stays ? .allgather : .bcast, bytes: .exactly(resultBytes))]
    }

    /// Nodes of the tree travel, each with a number for every line; many ranks ask besides whether there was room for them.
    private func scan(_ axis: Int) -> [Message] {
        var lines = Formula.number(PartMessages.structSize(types.compactMap(\.element)))
        for (k, extent) in types[0].dimensions.enumerated() where k != axis {
            lines = lines * sizes.formula(of: extent)
        }
        let record = PartMessages.record([lines])
        guard let ranks = sizes.ranks, ranks > PartMessages.fewRanks else {
            return [Message(kind: .allgather, bytes: .exactly(record * .ranks), mayRepeat: true)]
        }
        // In each of log P rounds a rank tells the one that is twice as far behind it.
        let rounds = sequence(first: 1) { 2 * $0 }.prefix { $0 < ranks }
        let messages = Formula.number(rounds.reduce(0) { $0 + ranks - $1 })
        return [
            Message(
                kind: .send, count: .exactly(messages), bytes: .exactly(record * messages), mayRepeat: true),
            Message(kind: .allreduce, bytes: .exactly(.number(8) * .ranks), mayRepeat: true),
        ]
    }

    /// Samples of every rank; records of a key and what it carries to the rank that sorts them; then the elements, to their blocks.
    private func ordered(telling bytes: Int) -> [Message] {
        let count = sizes.elements(of: types[0])
        let samples = Formula.number(Message.bytesOfASample) * .ranks * .ranks
        let size = result.element?.byteSize ?? 0
        let told = Formula.number(bytes) * .ranks
        return [
            Message(
                kind: .allgather, count: .exactly(.number(bytes == 16 ? 3 : 4)), bytes: .atMost(told + samples)),
            .alltoall,
            .sends(.number(Message.bytesOfASortRecord + size) * count, times: 2),
        ]
    }

    /// Every rank's candidates: a key, the element and its index.
    private func topK() -> [Message] {
        let candidates = Formula.number(Message.bytesOfACandidate) * sizes.formula(of: values[1]) * .ranks
        return [
            Message(
                kind: .allgather, count: .exactly(.number(2)), bytes: .atMost(.number(8) * .ranks + candidates))
        ]
    }
}
