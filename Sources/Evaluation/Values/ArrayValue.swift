import CNumerics
import Language

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

    /// What a rank holds when the array is cut so.
    func block(_ distribution: Distribution, rank: Int, _ grid: RankGrid) -> ArrayValue {
        distribution.dividedAxes.reduce(self) { part, axis in
            let direction = distribution.direction(axis: axis)
            let blocks = Blocks(extent: extents[axis], grid, direction)
            return part.cut(axis: axis, to: blocks.range(of: grid.place(of: rank, direction)))
        }
    }

    private func cut(axis: Int, to own: Range<Int>) -> ArrayValue {
        if axis == 0 {
            let row = extents.dropFirst().reduce(1, *)
            return ArrayValue(
                extents: [own.count] + extents.dropFirst(),
                elements: Array(elements[own.lowerBound * row..<own.upperBound * row]))
        }
        return slice(extents.enumerated().map { $0 == axis ? (own.lowerBound, 1, own.count) : (0, 1, $1) })
    }
}

/// The ranks as a grid.
struct RankGrid {
    let ranks: Int
    let columns: Int

    /// A rank's number along a direction.
    func place(of rank: Int, _ direction: Direction) -> Int {
        switch direction {
        case .all: rank
        case .rows: rank / columns
        case .columns: rank % columns
        }
    }

    /// How many there are.
    func ranks(_ direction: Direction) -> Int {
        switch direction {
        case .all: ranks
        case .rows: ranks / columns
        case .columns: columns
        }
    }

    /// The rank that stands at `place` along a direction and like `rank` along the other one.
    func moved(_ rank: Int, to place: Int, _ direction: Direction) -> Int {
        switch direction {
        case .all: place
        case .rows: place * columns + rank % columns
        case .columns: rank / columns * columns + place
        }
    }
}

/// How an axis is cut over the ranks as they are numbered along a direction.
struct Blocks {
    let extent: Int
    let ranks: Int
    let direction: Direction

    init(extent: Int, _ grid: RankGrid, _ direction: Direction = .all) {
        (self.extent, self.direction) = (extent, direction)
        ranks = grid.ranks(direction)
    }

    func range(of rank: Int) -> Range<Int> {
        let cut = direction == .all ? pdl_block_begin : pdl_grid_begin
        let begin = cut(Int64(extent), Int64(ranks), Int64(rank))
        let end = cut(Int64(extent), Int64(ranks), Int64(rank + 1))
        return Int(begin)..<max(Int(begin), Int(end))
    }

    /// The rank that holds an index.
    func owner(of index: Int) -> Int {
        (0..<ranks).first { range(of: $0).contains(index) } ?? 0
    }
}
