import IR
import LLVMSupport
import Language

/// The comparisons in a body of its indices, or those plus or minus a number, with numbers from outside: between the innermost indices
/// at which one of them changes all lanes agree on all of them, and chunks need no masks.
///
///     for j in 0..m { if 1 <= j and j < m - 1 { … } }    →    a chunk around 1, chunks in which the test holds, a chunk around m - 1
///
/// Most stretches lie inside, where no test meets an end: there are chunks in which that is known, and no condition is left.
struct IndexTests {
    /// `op` of an axis's index + shift and bound, or of bound and index + shift.
    private struct Test {
        let axis: Int
        let result: Value
        let op: ScalarOperator
        let shift: Shift
        let bound: Value
        let boundIsFirst: Bool
    }

    private struct Shift: Hashable {
        /// nil: none.
        var amount: Value?
        var isSubtracted = false
    }

    private var tests: [Test] = []
    private let innermost: Int

    init(of body: Region, axes: Int, _ module: Module) {
        innermost = axes - 1
        var inside = Set(body.arguments)
        body.forEachNode { node in
            inside.formUnion(node.results)
            for region in node.regions { inside.formUnion(region.arguments) }
        }
        var indices: [Value: (axis: Int, shift: Shift)] = [:]
        for (axis, index) in body.arguments.prefix(axes).enumerated() { indices[index] = (axis, Shift()) }
        body.forEachNode { node in
            guard case .scalar(let op) = node.operation else { return }
            guard let index = node.values.first(where: { indices[$0] != nil }),
                let other = node.values.first(where: { $0 != index }), !inside.contains(other)
            else { return }
            guard let (axis, shift) = indices[index] else { return }
            if op.isComparison {
                let isFirst = node.values[0] == other
                tests.append(
                    Test(
                        axis: axis, result: node.results[0], op: op, shift: shift, bound: other, boundIsFirst: isFirst))
            } else if shift.amount == nil, op == .add || op == .subtract && node.values[0] == index {
                indices[node.results[0]] = (axis, Shift(amount: other, isSubtracted: op == .subtract))
            }
        }
    }

    /// Whether the innermost index is not compared.
    var isEmpty: Bool { !tests.contains { $0.axis == innermost } }

    /// The first index after `position` from which on a comparison may come out otherwise, but not beyond `to`.
    func end(after position: LLVMValue, to: LLVMValue, _ emitter: Emitter) throws -> LLVMValue {
        let builder = emitter.builder
        var end = to
        var visited: [Shift: Set<Value>] = [:]
        for test in tests.filter({ $0.axis == innermost })
        where visited[test.shift, default: []].insert(test.bound).inserted {
            let bound = try emitter.uniform(test.bound)
            // Shifted indices begin anew where they wrap. Where a bound's sum wraps, no index is beyond the bound.
            var changes = [bound, builder.binary(.add, bound, emitter.i64(1))]
            if test.shift.amount != nil { changes.append(emitter.i64(Int.min)) }
            for change in try changes.map({ try shifted($0, test.shift, back: true, emitter) }) {
                let candidate = builder.select(builder.compare(.sgt, change, position), change, to)
                end = try builder.intrinsic("llvm.smin", [to.type], [end, candidate])
            }
        }
        return end
    }

    /// What the comparisons come to at indices of all axes.
    func results(at indices: [LLVMValue], _ emitter: Emitter) throws -> [Value: LLVMValue] {
        var results: [Value: LLVMValue] = [:]
        for test in tests {
            let bound = try emitter.uniform(test.bound)
            let index = try shifted(indices[test.axis], test.shift, back: false, emitter)
            results[test.result] = try emitter.scalar(
                test.op, .i64, test.boundIsFirst ? [bound, index] : [index, bound])
        }
        return results
    }

    /// Whether that is what they come to inside, away from all ends: no index is equal to a bound, and within those that it is held to.
    func areInside(_ results: [Value: LLVMValue], _ emitter: Emitter) -> LLVMValue {
        tests.reduce(emitter.llvm.integer(1).constant(1)) { all, test in
            let result = results[test.result] ?? all
            return emitter.builder.binary(.and, all, test.op == .equal ? emitter.builder.not(result) : result)
        }
    }

    /// What they come to there.
    func resultsInside(_ emitter: Emitter) -> [Value: LLVMValue] {
        let truth = emitter.llvm.integer(1)
        return Dictionary(tests.map { ($0.result, truth.constant($0.op == .equal ? 0 : 1)) }) { first, _ in first }
    }

    private func shifted(
        _ index: LLVMValue, _ shift: Shift, back: Bool, _ emitter: Emitter
    ) throws -> LLVMValue {
        guard let amount = try shift.amount.map(emitter.uniform) else { return index }
        return emitter.builder.binary(shift.isSubtracted == back ? .add : .sub, index, amount)
    }
}

extension LoopNest {
    /// Rounds of: full chunks up to the next index at which a comparison changes, or complete blocks begin or end; one chunk across it.
    /// `chunk` is given the vector of lanes that contributions go to. Gives where less than eight indices are left.
    func emitStretches(
        _ tests: IndexTests, _ run: LaneRun, _ outer: [LLVMValue], from: LLVMValue,
        chunk: (LLVMValue, LLVMValue) throws -> Void
    ) throws -> LLVMValue {
        let reach = i64(Lanes.count - 1)
        let last = builder.binary(.sub, run.to, reach)
        let blocks = reductions.contains { !$0.isArray } ? BlockStretches(run) : nil
        func emitChunks(from: LLVMValue, to: LLVMValue) throws -> LLVMValue {
            let vector = blocks?.vectors(from: from) ?? { _ in i64(0) }
            return try emitter.counted(from, to, i64(Lanes.count)) { try chunk($0, vector($0)) }
        }
        if tests.isEmpty && blocks == nil { return try emitChunks(from: from, to: last) }
        return try emitter.rounds(from: from, to: last) { position, jumpBack in
            let cut = blocks?.end(after: position) ?? run.to
            let end = builder.binary(.sub, try tests.end(after: position, to: cut, emitter), reach)
            func emitWithin(_ results: [Value: LLVMValue]) throws {
                try emitter.within {
                    $0.testResults = results
                } _: {
                    jumpBack(try emitChunks(from: position, to: end))
                }
            }
            // Cuts between blocks are between chunks.
            if tests.isEmpty { return try emitWithin([:]) }
            let (within, across) = (builder.block("within"), builder.block("across"))
            let (inside, beside) = (builder.block("inside"), builder.block("beside"))
            builder.branch(builder.compare(.slt, position, end), within, across)
            builder.move(to: within)
            let results = try tests.results(at: outer + [position], emitter)
            builder.branch(tests.areInside(results, emitter), inside, beside)
            builder.move(to: inside)
            try emitWithin(tests.resultsInside(emitter))
            builder.move(to: beside)
            try emitWithin(results)
            builder.move(to: across)
            try chunk(position, run.vector(of: position))
            jumpBack(builder.binary(.add, position, i64(Lanes.count)))
        }
    }
}
