/// What a reduction has made of its contributions: a value for every leaf, which the binary tree over leaf numbers combines
/// (docs/architecture.md, "Bits").
struct ReductionLeaves {
    struct Leaf {
        var number: Int
        /// One contribution; with kept axes one for each element of the result.
        var node: [Contribution]
        /// Where it stands among the tiles of a matrix.
        var row = 0, column = 0
    }

    let function: ReductionFunction
    /// The result's extents: those of the kept axes.
    let extents: [Int]
    /// How many values one contribution has.
    let arity: Int
    /// Positions of the outermost index in one leaf.
    let rows: Int
    /// How the divided range is cut over the ranks; nil when no range is divided.
    let blocks: Blocks?
    /// Over a grid of ranks the leaves are tiles, and `blocks` says how rows are cut: how columns are, and how many a tile has.
    var across: (blocks: Blocks, width: Int, grid: RankGrid)?
    /// By rising number.
    var leaves: [Leaf] = []

    /// The leaves that one rank holds: blocks are cut between leaves.
    func held(by rank: Int) -> ArraySlice<Leaf> {
        guard let blocks else { return leaves[...] }
        if let across {
            let ownRows = blocks.range(of: across.grid.place(of: rank, .rows))
            let ownColumns = across.blocks.range(of: across.grid.place(of: rank, .columns))
            return leaves.filter {
                ownRows.contains($0.row * rows) && ownColumns.contains($0.column * across.width)
            }[...]
        }
        let own = blocks.range(of: rank)
        let first = leaves.firstIndex { $0.number * rows >= own.lowerBound } ?? leaves.endIndex
        let end = leaves.firstIndex { $0.number * rows >= own.upperBound } ?? leaves.endIndex
        return leaves[first..<max(first, end)]
    }

    /// The components of the combination: level by level, every node joins its sibling if that is there.
    func combine(_ leaves: ArraySlice<Leaf>) throws -> [ArrayValue] {
        var level = Array(leaves)
        while level.count > 1 {
            var above: [Leaf] = []
            for leaf in level {
                let parent = leaf.number >> 1
                if above.last?.number == parent {
                    try join(&above[above.count - 1].node, leaf.node)
                } else {
                    above.append(Leaf(number: parent, node: leaf.node))
                }
            }
            level = above
        }
        let node = level.first?.node ?? Array(repeating: function.identity, count: extents.reduce(1, *))
        return (0..<arity).map { component in
            ArrayValue(extents: extents, elements: node.map { $0[component] })
        }
    }

    private func join(_ left: inout [Contribution], _ right: [Contribution]) throws {
        for k in left.indices { left[k] = try function.combine(left[k], right[k]) }
    }
}
