import CNumerics

/// A reduction to a number over a matrix that is cut over a grid of ranks, as `Runtime/reductions/tiles.c` has it: bands of tiles, of which
/// every column is combined from above to below; then the left half of a tile's columns with the right one, until there is one. Tiles are
/// the leaves of the tree, by `pdl_tile_number`.
struct TileSums {
    private let function: ReductionFunction
    private let rows, columns: Blocks
    /// The sides of a tile.
    private let height, width: Int
    /// For each band the columns, as many as its tiles have.
    private var bands: [Int: [Contribution]] = [:]

    init(_ function: ReductionFunction, _ rows: Blocks, _ columns: Blocks) {
        (self.function, self.rows, self.columns) = (function, rows, columns)
        height = Int(pdl_grid_tile(Int64(rows.extent)))
        width = Int(pdl_grid_tile(Int64(columns.extent)))
    }

    mutating func add(_ contribution: Contribution, _ row: Int, _ column: Int) throws {
        let count = (columns.extent + width - 1) / width * width
        var sums = bands.removeValue(forKey: row / height) ?? Array(repeating: function.identity, count: count)
        sums[column] = try function.combine(sums[column], contribution)
        bands[row / height] = sums
    }

    func leaves(arity: Int, _ grid: RankGrid) throws -> ReductionLeaves {
        var result = ReductionLeaves(
            function: function, extents: [], arity: arity, rows: height, blocks: rows, across: (columns, width, grid))
        for (band, sums) in bands {
            for tile in 0..<sums.count / width {
                let number = Int(pdl_tile_number(Int64(band), Int64(tile)))
                let value = try folded(sums[tile * width..<(tile + 1) * width])
                result.leaves.append(.init(number: number, node: [value], row: band, column: tile))
            }
        }
        result.leaves.sort { $0.number < $1.number }
        return result
    }

    private func folded(_ columns: ArraySlice<Contribution>) throws -> Contribution {
        var columns = Array(columns)
        while columns.count > 1 {
            let half = columns.count / 2
            columns = try (0..<half).map { try function.combine(columns[$0], columns[half + $0]) }
        }
        return columns[0]
    }
}
