import Language
import Source
import TypedTree

extension ClosureBuilder {
    /// An element of a view: an index beyond an end is moved back, or the value is the one that pads.
    func element(
        of array: TypedExpression, _ edges: [Edge?], _ fill: TypedExpression?, _ indices: [TypedExpression],
        _ span: Span
    ) throws -> NumberCode {
        let codes = try indices.map(number)
        let location = try self.location(of: array)
        let fill = try fill.map(number)
        return NumberCode { machine in
            var indices = try codes.map { Int(word: try $0(machine)) }
            let array = try location.find(machine)
            for axis in indices.indices {
                let whole = machine.arrays[array].extents[axis]
                let extent = axis == location.ownAxis ? machine.ownRange(whole).count : whole
                guard !(0..<extent ~= indices[axis]), let edge = edges[axis] else { continue }
                if edge == .padded, let fill { return try fill(machine) }
                indices[axis] = edge.moved(indices[axis], into: extent)
            }
            let linear = try machine.linearIndex(array, indices, ownAxis: location.ownAxis, span)
            return machine.arrays[array].elements[linear]
        }
    }
}

extension Edge {
    /// The index whose element is seen at `index`. Of an empty axis none is: the result is outside too.
    fileprivate func moved(_ index: Int, into extent: Int) -> Int {
        if self == .clamped { return min(max(index, 0), extent - 1) }
        let remainder = index % max(extent, 1)
        return remainder < 0 ? remainder + extent : remainder
    }
}
