import CNumerics
import Language
import Semantics

extension ClosureBuilder {
    /// attributes: the operator, the language's own and then the program's, and the axis.
    func scan(_ operation: ArrayOperation, _ operand: TypedExpression) throws -> Code<ArrayValue> {
        guard let type = operand.type.array else { throw Fault("a scan of no array") }
        let (position, axis) = (operation.attributes[0], operation.attributes[1])
        let own = position - ReductionOperator.builtin.count
        let function =
            own < 0
            ? try ReductionFunction(ReductionOperator.builtin[position], type.element)
            : try ReductionFunction(shared.program.operators[own], shared.program)
        let code = try array(operand)
        return { machine in
            try code(machine).scanned(
                function, axis: axis, isDivided: type.placement.dividedAxis == axis,
                isExclusive: operation.kind == .exscan)
        }
    }
}

extension ArrayValue {
    /// Scans every line along an axis, in the order of docs/architecture.md, "Bits".
    fileprivate func scanned(
        _ function: ReductionFunction, axis: Int, isDivided: Bool, isExclusive: Bool
    ) throws -> ArrayValue {
        let line = LineScan(
            identity: function.identity.value,
            combine: { try function.combine(Contribution(value: $0), Contribution(value: $1)).value },
            leaf: isDivided ? Int(pdl_leaf(Int64(extents[axis]))) : 1024, isExclusive: isExclusive)
        let inner = extents[(axis + 1)...].reduce(1, *)
        var result = self
        for start in elements.indices where start / inner % extents[axis] == 0 {
            let places = (0..<extents[axis]).map { start + $0 * inner }
            for (place, value) in zip(places, try line.scan(places.map { elements[$0] })) {
                result.elements[place] = value
            }
        }
        return result
    }
}

/// The scan of one line.
private struct LineScan {
    let identity: Word
    let combine: (Word, Word) throws -> Word
    /// Elements in a leaf.
    let leaf: Int
    let isExclusive: Bool

    func scan(_ line: [Word]) throws -> [Word] {
        let leaves = stride(from: 0, to: line.count, by: leaf).map { line[$0..<min($0 + leaf, line.count)] }
        let totals = try leaves.map { try $0.dropFirst().reduce($0[$0.startIndex], combine) }
        var result: [Word] = []
        for (number, elements) in leaves.enumerated() {
            let before = try self.before(number, totals)
            var run: Word?
            for element in elements {
                let next = try run.map { try combine($0, element) } ?? element
                let own = isExclusive ? run : next
                result.append(
                    try own.map { own in try before.map { try combine($0, own) } ?? own } ?? before ?? identity)
                run = next
            }
        }
        return result
    }

    /// What comes before a leaf: the complete subtrees that cover the leaves before it, largest first, from left to right.
    private func before(_ leaf: Int, _ totals: [Word]) throws -> Word? {
        var result: Word?
        var covered = 0
        for level in (0..<Int.bitWidth - 1).reversed() where leaf >> level & 1 == 1 {
            let subtree = try node(level, covered >> level, totals)
            result = try result.map { try combine($0, subtree) } ?? subtree
            covered += 1 << level
        }
        return result
    }

    private func node(_ level: Int, _ index: Int, _ totals: [Word]) throws -> Word {
        if level == 0 { return totals[index] }
        return try combine(node(level - 1, 2 * index, totals), node(level - 1, 2 * index + 1, totals))
    }
}
