import CNumerics
import Language
import Source
import TypedTree

extension ClosureBuilder {
    /// A reduction of one component to a number that is the same everywhere it is wanted.
    func numberReduction(_ reduction: TypedReduction, at span: Span) throws -> NumberCode {
        let code = try ReductionCode(reduction, self, at: span)
        guard code.isNumber, code.arity == 1, !reduction.staysLocal else {
            throw Fault("a reduction that is not one number")
        }
        return NumberCode { try code.number($0) }
    }

    /// A reduction: a number or an array, or as many as a contribution has; parts when the contributions stay.
    func reduction(_ reduction: TypedReduction, at span: Span) throws -> Code<Value> {
        let code = try ReductionCode(reduction, self, at: span)
        let type = structure(of: reduction)
        if reduction.staysLocal {
            return { machine in
                let leaves = try code.leaves(machine)
                return Value((0..<code.arity).map { .part(.leaves(leaves, component: $0)) }, as: type)
            }
        }
        return { machine in
            let leaves = try code.leaves(machine)
            let components = try leaves.combine(leaves.leaves[...]).map { array in
                array.extents.isEmpty && code.isNumber ? Value.number(array.elements[0]) : .array(array)
            }
            return Value(components, as: type)
        }
    }
}

extension ClosureBuilder {
    /// How the numbers of a contribution stand in the value: alone, as a pair, or as a user's operator has them.
    fileprivate func structure(of reduction: TypedReduction) -> ValueType {
        if case .user(let op) = reduction.op { return shared.program.operators[op.id].type }
        return reduction.op.arity == 1 ? .f64 : .tuple(Array(repeating: .f64, count: reduction.op.arity))
    }
}

/// A reduction, ready to run in the fixed order of docs/architecture.md, "Bits".
private struct ReductionCode {
    let function: ReductionFunction
    let arity: Int
    let domain: DomainCode
    let kept: DomainCode
    let keys: [(index: NumberCode, count: NumberCode, span: Span)]
    let condition: NumberCode?
    let contribution: ContributionCode
    /// The lanes of a leaf, used by one run at a time: a reduction cannot run inside itself.
    let lanes: Lanes
    let span: Span

    var isNumber: Bool { kept.ranges.isEmpty && keys.isEmpty }

    init(_ reduction: TypedReduction, _ builder: ClosureBuilder, at span: Span) throws {
        self.span = span
        arity = reduction.op.arity
        guard !reduction.domain.ranges.isEmpty, let first = reduction.contributions.first else {
            throw Fault("a reduction of nothing")
        }
        function = try builder.function(reduction.op, first.type.array?.element ?? .f64)
        domain = try builder.domain(reduction.domain)
        guard reduction.domain.distribution.isStored else {
            throw Fault("a reduction whose divided range is not the first")
        }
        kept = DomainCode(ranges: try reduction.kept.map(builder.range), divided: nil)
        let body = domain.bodyBuilder(builder)
        condition = try reduction.condition.map(body.number)
        keys = try reduction.keys.map { (try body.number($0.index), try builder.number($0.count), $0.index.span) }
        contribution = try ContributionCode(reduction, function.identity, body)
        lanes = Lanes(function, isSingle: reduction.op.isUser)
    }

    /// The combination of one-component contributions to a number. A domain of a single leaf needs no tree.
    func number(_ machine: Machine) throws -> Word {
        let box = try domain.box(machine)
        guard box.blocks == nil, box.extents[0].span <= rows(box) else {
            let leaves = try self.leaves(machine, box)
            return try leaves.combine(leaves.leaves[...])[0].elements[0]
        }
        lanes.clear()
        let origin = box.extents[0].lower
        let run = 0..<box.extents[0].span
        try domain.forEachIndex(machine, box, of: 0) { try addToLanes(machine, box, position: $0 - origin, in: run) }
        return try lanes.folded().value
    }

    func leaves(_ machine: Machine) throws -> ReductionLeaves { try leaves(machine, try domain.box(machine)) }

    private func leaves(_ machine: Machine, _ box: DomainCode.Box) throws -> ReductionLeaves {
        if let rows = box.blocks, let columns = box.across { return try tiles(machine, box, rows, columns) }
        let keptBox = try kept.box(machine)
        let keys = try keys.map { Int(word: try $0.count(machine)) }
        try Shape.count(keys + keptBox.shape, at: span)
        var result = ReductionLeaves(
            function: function, extents: keys + keptBox.counts, arity: arity, rows: rows(box), blocks: box.blocks)
        let rank = machine.rank
        defer { machine.rank = rank }
        let rows = result.rows
        let origin = box.blocks == nil ? box.extents[0].lower : 0
        let empty = Array(repeating: function.identity, count: result.extents.reduce(1, *))
        var leaf: ReductionLeaves.Leaf?
        func finishLeaf() throws {
            guard var last = leaf.take() else { return }
            if isNumber { last.node = [try lanes.folded()] }
            result.leaves.append(last)
        }
        try domain.forEachIndex(machine, box, of: 0) { outer in
            let position = outer - origin
            if leaf?.number != position / rows {
                try finishLeaf()
                lanes.clear()
                leaf = ReductionLeaves.Leaf(number: position / rows, node: empty)
            }
            if isNumber {
                let start = position - position % rows
                let last = box.extents[0].upper - origin - start
                let run = max(0, box.extents[0].lower - origin - start)..<min(rows, last)
                try addToLanes(machine, box, position: position - start, in: run)
            } else {
                try addRow(machine, box, keptBox, result.extents, &leaf)
            }
        }
        try finishLeaf()
        return result
    }

    /// Of a matrix over a grid: every column of a band of tiles from above to below, then the columns of each tile.
    private func tiles(_ machine: Machine, _ box: DomainCode.Box, _ rows: Blocks, _ columns: Blocks) throws
        -> ReductionLeaves
    {
        var result = TileSums(function, rows, columns)
        let rank = machine.rank
        defer { machine.rank = rank }
        try domain.forEachIndex(machine, box, of: 0) { row in
            try domain.forEachIndex(machine, box, of: 1) { column in
                try domain.visit(machine, box, from: 2) {
                    if let contribution = try contribution(machine) { try result.add(contribution, row, column) }
                }
            }
        }
        return try result.leaves(arity: arity, machine.grid)
    }

    private func rows(_ box: DomainCode.Box) -> Int {
        var inner: Int64 = 1
        for axis in box.extents.indices.dropFirst() {
            let (product, overflow) = inner.multipliedReportingOverflow(by: Int64(box.extents[axis].span))
            inner = overflow ? .max : product
        }
        return Int(pdl_leaf_rows(inner, box.blocks.map { Int64($0.extent) } ?? -1))
    }

    @inline(__always)
    private func contribution(_ machine: Machine) throws -> Contribution? {
        if let condition, try condition(machine) == 0 { return contribution.leftOut }
        return try contribution.code(machine)
    }

    /// What one outer index contributes to the lanes: by its own position in the leaf's run of positions when it is the only range,
    /// else by that of the innermost one.
    @inline(__always)
    private func addToLanes(_ machine: Machine, _ box: DomainCode.Box, position: Int, in run: Range<Int>) throws {
        let innermost = domain.ranges.count - 1
        let hasGaps = box.extents[innermost].step != 1
        if innermost == 0 {
            if let contribution = try contribution(machine) {
                try lanes.add(contribution, at: position, in: hasGaps ? 0..<0 : run)
            }
            return
        }
        let place = domain.ranges[innermost].place
        let lower = box.extents[innermost].lower
        let inner = 0..<(hasGaps ? 0 : box.extents[innermost].span)
        try domain.visit(machine, box, from: 1) {
            guard let contribution = try contribution(machine) else { return }
            try lanes.add(contribution, at: Int(word: machine.numbers[place.index(machine)]) - lower, in: inner)
        }
    }

    /// What one outer index contributes to each element of a leaf: row after row, at its key if there is one.
    private func addRow(
        _ machine: Machine, _ box: DomainCode.Box, _ keptBox: DomainCode.Box, _ extents: [Int],
        _ leaf: inout ReductionLeaves.Leaf?
    ) throws {
        guard var row = leaf.take() else { return }
        let rowLength = keptBox.counts.reduce(1, *)
        try domain.visit(machine, box, from: 1) {
            if !keys.isEmpty, let condition, try condition(machine) == 0 { return }
            var k = try keyIndex(machine, extents) * rowLength
            try kept.visit(machine, keptBox, from: 0) {
                if let contribution = try contribution(machine) {
                    row.node[k] = try function.combine(row.node[k], contribution)
                }
                k += 1
            }
        }
        leaf = row
    }

    /// The row-major position of the element that a point's keys name, each checked; 0 without keys.
    private func keyIndex(_ machine: Machine, _ extents: [Int]) throws -> Int {
        var position = 0
        for (axis, key) in keys.enumerated() {
            let index = Int(word: try key.index(machine))
            guard 0..<extents[axis] ~= index else {
                throw Failure.index(index, extents[axis], axis: axis, at: keys[0].span)
            }
            position = position * extents[axis] + index
        }
        return position
    }
}

/// What a point contributes.
private struct ContributionCode {
    let code: (Machine) throws -> Contribution
    /// What it contributes when its condition is false: with a user's operator the identity, else nothing.
    let leftOut: Contribution?

    init(_ reduction: TypedReduction, _ identity: Contribution, _ body: ClosureBuilder) throws {
        leftOut = reduction.op.isUser ? identity : nil
        if reduction.op.isUser, reduction.op.arity > 1 {
            let value = try body.value(reduction.contributions[0])
            code = { Contribution(try value($0).words()) }
        } else if reduction.op.isOfMeans {
            let values = try reduction.contributions.map(body.number)
            code = { machine in Contribution(try values.map { try $0(machine) }) }
        } else {
            let value = try body.number(reduction.contributions[0])
            let index = reduction.op.arity == 2 ? try body.number(reduction.contributions[1]) : nil
            code = { machine in Contribution(value: try value(machine), index: try index?(machine) ?? 0) }
        }
    }
}

/// The lanes of a leaf; a program's own operator has one.
private final class Lanes {
    private let function: ReductionFunction
    private let count: Int
    private let lanes: UnsafeMutablePointer<Contribution>

    init(_ function: ReductionFunction, isSingle: Bool) {
        self.function = function
        count = isSingle ? 1 : Int(PDL_BLOCK)
        lanes = .allocate(capacity: count)
        lanes.initialize(repeating: function.identity, count: count)
    }

    deinit { lanes.deallocate() }

    func clear() {
        for k in 0..<count { lanes[k] = function.identity }
    }

    @inline(__always)
    func add(_ contribution: Contribution, at position: Int, in run: Range<Int>) throws {
        let lane = count == 1 ? 0 : Int(pdl_lane(Int64(position), Int64(run.lowerBound), Int64(run.upperBound)))
        lanes[lane] = try function.gather(lanes[lane], contribution)
    }

    /// Groups of eight combine, neighbours first; then the lanes of the one that is left.
    func folded() throws -> Contribution {
        if count == 1 { return lanes[0] }
        for k in 0..<count { lanes[k] = function.gathered(lanes[k]) }
        let width = Int(PDL_LANES)
        var groups = count / width
        while groups > 1 {
            groups /= 2
            for k in 0..<groups * width {
                let (group, lane) = (k / width, k % width)
                lanes[k] = try function.combine(lanes[2 * group * width + lane], lanes[(2 * group + 1) * width + lane])
            }
        }
        var left = width
        while left > 1 {
            left /= 2
            for k in 0..<left { lanes[k] = try function.combine(lanes[2 * k], lanes[2 * k + 1]) }
        }
        return lanes[0]
    }
}
