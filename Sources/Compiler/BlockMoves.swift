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

    /// Halos of arrays of these first extents that travel together, with the bytes of a row: a rank that needs rows of another gets all of
    /// them in one message.
    func exchange(_ halos: [(halo: Halo, extent: Int, rowBytes: Int)]) -> Count {
        var bytes: [[Int]: Int] = [:]
        for (halo, extent, rowBytes) in halos {
            let cuts = begins(extent)
            for needer in 0..<ranks where cuts[needer] < cuts[needer + 1] {
                let before = (cuts[needer] - halo.low)..<cuts[needer]
                let behind = cuts[needer + 1]..<(cuts[needer + 1] + halo.high)
                for row in [before, behind].joined() where halo.wraps || (0..<extent).contains(row) {
                    let source = (row % extent + extent) % extent
                    let owner = owner(of: source, cuts)
                    if owner != needer { bytes[[owner, needer], default: 0] += rowBytes }
                }
            }
        }
        return Count(messages: bytes.values.count { $0 > 0 }, carried: bytes.values.reduce(0, +))
    }

    private func owner(of row: Int, _ cuts: [Int]) -> Int {
        var (first, last) = (0, ranks - 1)
        while first < last {
            let middle = first + (last - first + 1) / 2
            if cuts[middle] <= row { first = middle } else { last = middle - 1 }
        }
        return first
    }
}
