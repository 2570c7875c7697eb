import CNumerics
import Language
import TypedTree

extension ClosureBuilder {
    /// attributes: the operator, the language's own and then the program's, and the axis. An array for each number that it combines.
    func scan(_ operation: ArrayOperation, _ operands: [TypedExpression], _ result: ValueType) throws -> Code<Value> {
        guard let type = operands.first?.type.array else { throw Fault("a scan of no array") }
        let (position, axis) = (operation.attributes[0], operation.attributes[1])
        let own = position - ReductionOperator.builtin.count
        let function =
            own < 0
            ? try ReductionFunction(ReductionOperator.builtin[position], type.element)
            : try ReductionFunction(shared.program.operators[own], shared.program)
        let codes = try operands.map(array)
        let isDivided = type.placement.dividedAxis == axis
        return { machine in
            let arrays = try codes.map { try $0(machine) }
            let extents = arrays[0].extents
            let leaf = isDivided ? Int(pdl_leaf(Int64(extents[axis]))) : Int(PDL_SCAN_LEAF)
            let isExclusive = operation.kind == .exscan
            if arrays.count == 1 {
                let line = LineScan(
                    identity: function.identity.value,
                    combine: { try function.combine(Contribution(value: $0), Contribution(value: $1)).value },
                    leaf: leaf, group: own < 0 ? Int(PDL_LANES) : 1,
                    isExclusive: isExclusive)
                let scanned = try line.scan(arrays[0].elements, extents, along: axis)
                return Value([.array(ArrayValue(extents: extents, elements: scanned))], as: result)
            }
            let line = LineScan(
                identity: function.identity, combine: function.combine, leaf: leaf, group: 1,
                isExclusive: isExclusive)
            let contributions = arrays[0].elements.indices.map { place in
                Contribution(arrays.map { $0.elements[place] })
            }
            let scanned = try line.scan(contributions, extents, along: axis)
            let results = arrays.indices.map { component in
                Value.array(ArrayValue(extents: extents, elements: scanned.map { $0[component] }))
            }
            return Value(results, as: result)
        }
    }
}

/// The scan of lines by one operator, in the order of docs/architecture.md, "Bits".
private struct LineScan<Number> {
    let identity: Number
    let combine: (Number, Number) throws -> Number
    /// Elements in a leaf, and in a group inside of it whose prefixes are made in steps; 1: one after the other.
    let leaf, group: Int
    let isExclusive: Bool

    /// Scans every line of an array along an axis.
    func scan(_ elements: [Number], _ extents: [Int], along axis: Int) throws -> [Number] {
        let inner = extents[(axis + 1)...].reduce(1, *)
        var result = elements
        for start in elements.indices where start / inner % extents[axis] == 0 {
            let places = (0..<extents[axis]).map { start + $0 * inner }
            for (place, value) in zip(places, try scan(places.map { elements[$0] })) { result[place] = value }
        }
        return result
    }

    private func scan(_ line: [Number]) throws -> [Number] {
        let leaves = try stride(from: 0, to: line.count, by: leaf).map { start in
            try stride(from: start, to: min(start + leaf, line.count), by: group).map { first in
                try prefixes(Array(line[first..<min(first + group, start + leaf, line.count)]))
            }
        }
        let totals = try leaves.map { groups in
            try groups.dropFirst().reduce(groups[0][groups[0].count - 1]) { try combine($0, $1[$1.count - 1]) }
        }
        var result: [Number] = []
        for (number, groups) in leaves.enumerated() {
            let before = try self.before(number, totals)
            result += group == 1 ? try oneByOne(groups.map { $0[0] }, before) : try byGroups(groups, before)
        }
        return result
    }

    /// Of a group: runs of 1, 2, 4 elements join; each of the right one takes in the last of the left one.
    private func prefixes(_ group: [Number]) throws -> [Number] {
        var values = group
        var length = 1
        while length < values.count {
            for place in values.indices where place & length != 0 {
                values[place] = try combine(values[(place & ~(length - 1)) - 1], values[place])
            }
            length *= 2
        }
        return values
    }

    /// What comes before a group is combined with its prefixes.
    private func byGroups(_ groups: [[Number]], _ before: Number?) throws -> [Number] {
        var result: [Number] = []
        var carry = before
        for prefixes in groups {
            let results = try prefixes.map { own in try carry.map { try combine($0, own) } ?? own }
            result += isExclusive ? [carry ?? identity] + results.dropLast() : results
            carry = results[results.count - 1]
        }
        return result
    }

    /// What comes before the leaf is combined with what its elements combine to.
    private func oneByOne(_ elements: [Number], _ before: Number?) throws -> [Number] {
        var result: [Number] = []
        var run: Number?
        for element in elements {
            let next = try run.map { try combine($0, element) } ?? element
            let own = isExclusive ? run : next
            let joined = try own.map { own in try before.map { try combine($0, own) } ?? own }
            result.append(joined ?? before ?? identity)
            run = next
        }
        return result
    }

    /// What comes before a leaf: the complete subtrees that cover the leaves before it, largest first, from left to right.
    private func before(_ leaf: Int, _ totals: [Number]) throws -> Number? {
        var result: Number?
        var covered = 0
        for level in (0..<Int.bitWidth - 1).reversed() where leaf >> level & 1 == 1 {
            let subtree = try node(level, covered >> level, totals)
            result = try result.map { try combine($0, subtree) } ?? subtree
            covered += 1 << level
        }
        return result
    }

    private func node(_ level: Int, _ index: Int, _ totals: [Number]) throws -> Number {
        if level == 0 { return totals[index] }
        return try combine(node(level - 1, 2 * index, totals), node(level - 1, 2 * index + 1, totals))
    }
}
