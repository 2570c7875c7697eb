import CNumerics
import IR

/// What travels where blocks follow from an extent and the number of ranks alone.
struct BlockMoves {
    let ranks: Int

    /// Messages of all ranks, and what they carry.
    struct Count: Equatable { var messages = 0, carried = 0 }

    /// More ranks are not looked at one by one.
    static let mostRanks = 4096

    init?(ranks: Int?) {
        guard let ranks, (1...Self.mostRanks).contains(ranks) else { return nil }
        self.ranks = ranks
    }

    func begin(_ extent: Int, _ rank: Int) -> Int { Int(pdl_block_begin(Int64(extent), Int64(ranks), Int64(rank))) }

    func begins(_ extent: Int) -> [Int] { (0...ranks).map { begin(extent, $0) } }

    func lengths(_ extent: Int) -> [Int] { (0..<ranks).map { begin(extent, $0 + 1) - begin(extent, $0) } }

    /// A row of elements that is cut at `from` is cut anew at `to`.
    func recut(from: [Int], to: [Int]) -> Count {
        var count = Count()
        for sender in 0..<ranks {
            for receiver in 0..<ranks where receiver != sender {
                let common = min(from[sender + 1], to[receiver + 1]) - max(from[sender], to[receiver])
                if common > 0 { count = Count(messages: count.messages + 1, carried: count.carried + common) }
            }
        }
        return count
    }

    /// An array divided along one axis is divided along another.
    func transposition(_ from: Int, _ to: Int) -> Count {
        let (held, wanted) = (lengths(from), lengths(to))
        let (holders, owners) = (held.count { $0 > 0 }, wanted.count { $0 > 0 })
        let stay = zip(held, wanted).reduce(0) { $0 + $1.0 * $1.1 }
        let staying = zip(held, wanted).count { $0 > 0 && $1 > 0 }
        return Count(messages: holders * owners - staying, carried: from * to - stay)
    }

    /// Halos that travel together: a rank that needs rows of another gets all of them in one message. Over a grid columns go first.
    func exchange(_ arrays: [HaloArea]) -> Count {
        var first: [[Int]: Int] = [:]
        var second: [[Int]: Int] = [:]
        let across = Int(pdl_grid_columns(Int64(ranks)))
        for case (let halo, let numbers?) in arrays.map({ ($0.halo, $0.numbers) }) {
            guard let side = halo.columns else {
                for move in moves(halo.rows, numbers.extent, begins(numbers.extent)) {
                    first[[move.owner, move.needer], default: 0] += move.rows * numbers.bytes
                }
                continue
            }
            let rows = Self.gridBegins(numbers.extent, ranks / across)
            let columns = Self.gridBegins(numbers.columns, across)
            for move in moves(side, numbers.columns, columns) {
                for row in 0..<ranks / across {
                    let bytes = move.rows * (rows[row + 1] - rows[row]) * numbers.bytes
                    first[[row * across + move.owner, row * across + move.needer], default: 0] += bytes
                }
            }
            for move in moves(halo.rows, numbers.extent, rows) {
                for column in 0..<across where columns[column] < columns[column + 1] {
                    let width = columns[column + 1] - columns[column] + side.low + side.high
                    second[[move.owner * across + column, move.needer * across + column], default: 0] +=
                        move.rows * width * numbers.bytes
                }
            }
        }
        let sent = (Array(first.values) + Array(second.values)).filter { $0 > 0 }
        return Count(messages: sent.count, carried: sent.reduce(0, +))
    }

    /// Where blocks of an axis begin along a direction of the grid that has so many ranks, and the end.
    static func gridBegins(_ extent: Int, _ ranks: Int) -> [Int] {
        (0...ranks).map { Int(pdl_grid_begin(Int64(extent), Int64(ranks), Int64($0))) }
    }

    /// Which rows ranks need of each other whose blocks begin there.
    private func moves(_ side: Halo.Side, _ extent: Int, _ cuts: [Int]) -> [(owner: Int, needer: Int, rows: Int)] {
        var rows: [[Int]: Int] = [:]
        for needer in cuts.indices.dropLast() where cuts[needer] < cuts[needer + 1] {
            let before = (cuts[needer] - side.low)..<cuts[needer]
            let behind = cuts[needer + 1]..<(cuts[needer + 1] + side.high)
            for row in [before, behind].joined() where side.wraps || (0..<extent).contains(row) {
                let owner = owner(of: (row % extent + extent) % extent, cuts)
                if owner != needer { rows[[owner, needer], default: 0] += 1 }
            }
        }
        return rows.map { ($0.key[0], $0.key[1], $0.value) }
    }

    private func owner(of row: Int, _ cuts: [Int]) -> Int {
        var (first, last) = (0, cuts.count - 2)
        while first < last {
            let middle = first + (last - first + 1) / 2
            if cuts[middle] <= row { first = middle } else { last = middle - 1 }
        }
        return first
    }
}
