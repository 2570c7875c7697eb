import CNumerics

/// A whole array in row-major order. A scattered array is one too: its blocks are cut out where a rank's own part matters.
struct ArrayValue {
    var extents: [Int]
    var elements: [Word]

    init(extents: [Int], elements: [Word]) {
        self.extents = extents
        self.elements = elements
    }

    /// A number as an array of rank 0.
    init(_ number: Word) { self.init(extents: [], elements: [number]) }

    func map(_ function: (Word) throws -> Word) rethrows -> ArrayValue {
        ArrayValue(extents: extents, elements: try elements.map(function))
    }

    /// The elements whose index along each axis is one of `lower`, `lower + step`, … (`count` of them).
    func slice(_ axes: [(lower: Int, step: Int, count: Int)]) -> ArrayValue {
        let extents = axes.map(\.count)
        var offsets = [0]
        for (axis, range) in axes.enumerated() {
            let stride = self.extents[(axis + 1)...].reduce(1, *)
            offsets = offsets.flatMap { offset in
                (0..<range.count).map { offset + (range.lower + $0 * range.step) * stride }
            }
        }
        return ArrayValue(extents: extents, elements: offsets.map { elements[$0] })
    }

    /// What `rank` of `ranks` holds when `axis` is cut into blocks.
    func block(axis: Int, rank: Int, ranks: Int) -> ArrayValue {
        let own = Blocks(extent: extents[axis], ranks: ranks).range(of: rank)
        if axis == 0 {
            let row = extents.dropFirst().reduce(1, *)
            return ArrayValue(
                extents: [own.count] + extents.dropFirst(),
                elements: Array(elements[own.lowerBound * row..<own.upperBound * row]))
        }
        return slice(extents.enumerated().map { $0 == axis ? (own.lowerBound, 1, own.count) : (0, 1, $1) })
    }
}

/// How an axis is cut over the ranks.
struct Blocks {
    let extent: Int
    let ranks: Int

    func range(of rank: Int) -> Range<Int> {
        let begin = pdl_block_begin(Int64(extent), Int64(ranks), Int64(rank))
        let end = pdl_block_begin(Int64(extent), Int64(ranks), Int64(rank + 1))
        return Int(begin)..<max(Int(begin), Int(end))
    }

    /// The rank that holds an index.
    func owner(of index: Int) -> Int {
        (0..<ranks).first { range(of: $0).contains(index) } ?? 0
    }
}
