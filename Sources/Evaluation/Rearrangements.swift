import Language
import Source

// Operations on whole arrays that put elements elsewhere.

extension ArrayOperation {
    func sliced(_ operands: [Value], at span: Span) throws -> ArrayValue {
        let whole = try operands[0].array()
        let bounds = try operands.dropFirst().map { Int(word: try $0.number()) }
        let cuts = whole.extents.indices.map { axis in
            let cut = bounds[3 * axis..<3 * axis + 3]
            return DomainCode.Extent(
                lower: cut[cut.startIndex], upper: cut[cut.startIndex + 1], step: cut[cut.startIndex + 2])
        }
        try whole.checkSlice(cuts, at: span)
        var result = whole.slice(cuts.map { ($0.lower, $0.step, $0.count) })
        result.extents = result.extents.indices.filter { attributes[$0] == 1 }.map { result.extents[$0] }
        return result
    }

    func gathered(_ operands: [Value], at span: Span) throws -> ArrayValue {
        let (array, index) = (try operands[0].array(), try operands[1].array())
        let row = array.extents.dropFirst().reduce(1, *)
        var elements: [Word] = []
        elements.reserveCapacity(index.elements.count * row)
        for word in index.elements {
            let position = Int(word: word)
            guard 0..<array.extents[0] ~= position else {
                throw Failure.index(position, array.extents[0], axis: 0, at: span)
            }
            elements += array.elements[position * row..<(position + 1) * row]
        }
        return ArrayValue(extents: index.extents + array.extents.dropFirst(), elements: elements)
    }
}
