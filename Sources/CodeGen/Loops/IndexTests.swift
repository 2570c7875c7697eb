import IR
import LLVMSupport
import Language

/// The comparisons in a body of its innermost index, or that plus or minus a number, with numbers from outside: between the indices
/// at which one of them changes all lanes agree on all of them, and chunks need no masks.
///
///     for j in 0..m { if 1 <= j and j < m - 1 { … } }    →    a chunk around 1, chunks in which the test holds, a chunk around m - 1
struct IndexTests {
    /// `op` of innermost + shift and bound, or of bound and innermost + shift.
    private struct Test {
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

    init(of body: Region, innermost: Value, _ module: Module) {
        var inside = Set(body.arguments)
        body.forEachNode { node in
            inside.formUnion(node.results)
            for region in node.regions { inside.formUnion(region.arguments) }
        }
        var indices = [innermost: Shift()]
        body.forEachNode { node in
            guard case .scalar(let op) = node.operation else { return }
            guard let index = node.values.first(where: { indices[$0] != nil }),
                let other = node.values.first(where: { $0 != index }), !inside.contains(other)
            else { return }
            if op.isComparison, let shift = indices[index] {
                let isFirst = node.values[0] == other
                tests.append(Test(result: node.results[0], op: op, shift: shift, bound: other, boundIsFirst: isFirst))
            } else if index == innermost, op == .add || op == .subtract && node.values[0] == index {
                indices[node.results[0]] = Shift(amount: other, isSubtracted: op == .subtract)
            }
        }
    }

    var isEmpty: Bool { tests.isEmpty }

    /// The first index after `position` from which on a comparison may come out otherwise, but not beyond `to`.
    func end(after position: LLVMValue, to: LLVMValue, _ emitter: Emitter) throws -> LLVMValue {
        let builder = emitter.builder
        var end = to
        var visited: [Shift: Set<Value>] = [:]
        for test in tests where visited[test.shift, default: []].insert(test.bound).inserted {
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

    /// What the comparisons come to at an index.
    func results(at index: LLVMValue, _ emitter: Emitter) throws -> [Value: LLVMValue] {
        var results: [Value: LLVMValue] = [:]
        for test in tests {
            let bound = try emitter.uniform(test.bound)
            let index = try shifted(index, test.shift, back: false, emitter)
            results[test.result] = try emitter.scalar(
                test.op, .i64, test.boundIsFirst ? [bound, index] : [index, bound])
        }
        return results
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
        _ tests: IndexTests, _ run: LaneRun, from: LLVMValue, chunk: (LLVMValue, LLVMValue) throws -> Void
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
            func emitWithin() throws {
                let results = try tests.results(at: position, emitter)
                try emitter.within {
                    $0.testResults = results
                } _: {
                    jumpBack(try emitChunks(from: position, to: end))
                }
            }
            // Cuts between blocks are between chunks.
            if tests.isEmpty { return try emitWithin() }
            let (within, across) = (builder.block("within"), builder.block("across"))
            builder.branch(builder.compare(.slt, position, end), within, across)
            builder.move(to: within)
            try emitWithin()
            builder.move(to: across)
            try chunk(position, run.vector(of: position))
            jumpBack(builder.binary(.add, position, i64(Lanes.count)))
        }
    }
}
