import CNumerics
import Language

/// What travels where arrays are over a grid of ranks, in elements.
struct GridMoves {
    let ranks, columns: Int

    init?(ranks: Int?) {
        guard let ranks, (1...BlockMoves.mostRanks).contains(ranks) else { return nil }
        self.ranks = ranks
        columns = Int(pdl_grid_columns(Int64(ranks)))
    }

    /// The indices that a rank holds of an axis of an array.
    private func share(_ extent: Int, _ axis: Int, of distribution: Distribution, _ rank: Int) -> Range<Int> {
        if distribution.isWhole(axis: axis) { return 0..<extent }
        let direction = distribution.direction(axis: axis)
        let number = direction == .rows ? rank / columns : direction == .columns ? rank % columns : rank
        let count = direction == .rows ? ranks / columns : direction == .columns ? columns : ranks
        let begin = direction == .all ? pdl_block_begin : pdl_grid_begin
        return Int(
            begin(Int64(extent), Int64(count), Int64(number)))..<Int(
                begin(Int64(extent), Int64(count), Int64(number + 1)))
    }

    /// An array is divided otherwise, its axes in another order.
    func transposition(
        _ extents: [Int], from: Distribution, to: Distribution, order: [Int]
    ) -> BlockMoves.Count {
        let held = (0..<ranks).map { rank in extents.indices.map { share(extents[$0], $0, of: from, rank) } }
        let wanted = (0..<ranks).map { rank in
            order.enumerated().map { share(extents[$1], $0, of: to, rank) }
        }
        var count = BlockMoves.Count()
        for sender in 0..<ranks {
            for receiver in 0..<ranks where receiver != sender {
                let common = order.enumerated().reduce(1) { product, axis in
                    product * held[sender][axis.element].clamped(to: wanted[receiver][axis.offset]).count
                }
                if common > 0 { count = .init(messages: count.messages + 1, carried: count.carried + common) }
            }
        }
        return count
    }

    /// The panels of a product: each goes to all other ranks of its row, or of its column.
    func product(_ n: Int, _ k: Int, _ m: Int) -> BlockMoves.Count {
        let rows = ranks / columns
        let begins = BlockMoves.gridBegins
        let panels = Set(begins(k, rows) + begins(k, columns)).count - 1
        let heights = zip(begins(n, rows).dropFirst(), begins(n, rows)).count { $0 > $1 }
        let widths = zip(begins(m, columns).dropFirst(), begins(m, columns)).count { $0 > $1 }
        return .init(
            messages: panels * (heights * (columns - 1) + widths * (rows - 1)),
            carried: n * k * (columns - 1) + k * m * (rows - 1))
    }
}
