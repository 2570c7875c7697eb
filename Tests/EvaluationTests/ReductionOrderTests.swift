import CNumerics
import Testing

/// Sums against an independent writing-down of docs/architecture.md, "Bits".
struct ReductionOrderTests {
    /// A number whose sum depends on the order.
    private func number(_ i: Int) -> Double { 1.0 / (Double(i) + 0.1) }

    /// The lane of a place in a run that begins with place 0.
    private func lane(_ place: Int, of count: Int) -> Int {
        count > 64 && place / 32 * 32 + 32 <= count ? place % 32 : place % 8
    }

    private func folded(_ lanes: [Double]) -> Double {
        var eight: [Double] = []
        for k in 0..<8 {
            let (low, high) = (lanes[k] + lanes[k + 8], lanes[k + 16] + lanes[k + 24])
            eight.append(low + high)
        }
        let pairs = [0, 2, 4, 6].map { (k: Int) -> Double in eight[k] + eight[k + 1] }
        let (low, high) = (pairs[0] + pairs[1], pairs[2] + pairs[3])
        return low + high
    }

    /// The sum of the numbers at `positions` in the order of a 1-D reduction of the positions 0..<end (nil: with gaps) whose leaves have
    /// `rows` positions.
    private func ordered(_ positions: [Int], end: Int?, rows: Int, number: (Int) -> Double) -> Double? {
        var leaves: [Int: Double] = [:]
        for leaf in Set(positions.map { $0 / rows }) {
            let count = end.map { min(rows, $0 - leaf * rows) } ?? 0
            var lanes = [Double](repeating: 0, count: 32)
            for p in positions where p / rows == leaf { lanes[lane(p % rows, of: count)] += number(p) }
            leaves[leaf] = folded(lanes)
        }
        func node(_ level: Int, _ k: Int) -> Double? {
            if level == 0 { return leaves[k] }
            let (left, right) = (node(level - 1, 2 * k), node(level - 1, 2 * k + 1))
            if let left, let right { return left + right }
            return left ?? right
        }
        var levels = 0
        while 1 << levels <= leaves.keys.max() ?? 0 { levels += 1 }
        return node(levels, 0)
    }

    @Test(arguments: [0, 1, 7, 8, 9, 100, 255, 256, 1000, 4097, 20_000])
    func sumsOfScatteredArrays(n: Int) throws {
        let rows = Int(pdl_leaf_rows(1, Int64(n)))
        let expected = ordered(Array(0..<n), end: n, rows: rows, number: number) ?? 0
        let text = """
            param n: i64 = 0
            let a = scatter([1.0 / (f64(i) + 0.1) for i in 0..n])
            print "{sum(a)}"
            """
        for ranks in [1, 2, 3, 5, 8] {
            #expect(try output(text, ranks: ranks, ["--n", "\(n)"]) == "\(expected)\n")
        }
    }

    @Test func strideAndOriginGivePositions() throws {
        let expected =
            ordered(Array(stride(from: 0, to: 9995, by: 3)), end: nil, rows: 1024) { self.number($0 + 5) } ?? 0
        #expect(try output("print \"{sum(1.0 / (f64(i) + 0.1) for i in 5..10000 by 3)}\"") == "\(expected)\n")
    }

    @Test func conditionsLeaveOut() throws {
        let positions = (0..<5000).filter { $0 % 7 != 3 }
        let expected = ordered(positions, end: 5000, rows: Int(pdl_leaf_rows(1, -1)), number: number) ?? 0
        #expect(
            try output("print \"{sum(1.0 / (f64(i) + 0.1) for i in 0..5000 if i % 7 != 3)}\"") == "\(expected)\n")
    }

    @Test func twoDimensionsUseTheInnerLanes() throws {
        let (n, m) = (70, 300)
        let rows = Int(pdl_leaf_rows(Int64(m), Int64(n)))
        var leaves: [Double] = []
        for first in stride(from: 0, to: n, by: rows) {
            var lanes = [Double](repeating: 0, count: 32)
            for i in first..<min(n, first + rows) {
                for j in 0..<m { lanes[lane(j, of: m)] += number(i * m + j) }
            }
            leaves.append(folded(lanes))
        }
        while leaves.count > 1 {
            leaves = stride(from: 0, to: leaves.count, by: 2).map {
                $0 + 1 < leaves.count ? leaves[$0] + leaves[$0 + 1] : leaves[$0]
            }
        }
        let text = """
            let a = scatter([1.0 / (f64(\(m) * i + j) + 0.1) for i in 0..\(n), j in 0..\(m)])
            print "{sum(a)} {sum(a[i, j] for i in 0..\(n), j in 0..\(m))}"
            """
        for ranks in [1, 2, 7] { #expect(try output(text, ranks: ranks) == "\(leaves[0]) \(leaves[0])\n") }
    }

    @Test func keptAxesAddRowsOneAfterTheOther() throws {
        let n = 3000
        let rows = Int(pdl_leaf_rows(1, Int64(n)))
        var leaves: [Double] = []
        for first in stride(from: 0, to: n, by: rows) {
            leaves.append((first..<min(n, first + rows)).reduce(0.0) { $0 + self.number(2 * $1 + 1) })
        }
        while leaves.count > 1 {
            leaves = stride(from: 0, to: leaves.count, by: 2).map {
                $0 + 1 < leaves.count ? leaves[$0] + leaves[$0 + 1] : leaves[$0]
            }
        }
        let text = """
            let a = scatter([1.0 / (f64(2 * i + j) + 0.1) for i in 0..\(n), j in 0..2])
            let columns = [sum(a[i, j] for i in 0..\(n)) for j in 0..2]
            print "{columns[1]} {sum(a, axis: 0)[1]}"
            """
        for ranks in [1, 3, 4] { #expect(try output(text, ranks: ranks) == "\(leaves[0]) \(leaves[0])\n") }
    }

    @Test func keysChooseTheElement() throws {
        let text = """
            let a = scatter(f64(arange(2000)))
            let key = scatter(arange(2000) % 3)
            let s = sum_by(key, a, 4)
            print "{s[0]} {s[1]} {s[2]} {s[3]} {max_by(key, a, 3)[1]}"
            """
        for ranks in [1, 3] { #expect(try output(text, ranks: ranks) == "666333.0 667000.0 665667.0 0.0 1999.0\n") }
        let outside = try play("let s = sum_by(scatter(arange(9)), scatter(arange(9)), 4)\nshow s", ranks: 2)
        #expect(outside.status == 1)
        #expect(outside.errors.contains("index 4 is out of range: axis 0 has the indices 0 to 3"))
    }

    @Test func emptyReductionsGiveTheIdentity() throws {
        let text = """
            param n: i64 = 0
            let a = scatter(f64(arange(n)))
            print "{sum(a)} {prod(a)} {min(a)} {max(a)} {argmin(a)} {any(a > 0.0)} {all(a > 0.0)} {max(arange(n))}"
            """
        let expected = "0.0 1.0 inf -inf 9223372036854775807 false true -9223372036854775808\n"
        for ranks in [1, 2] { #expect(try output(text, ranks: ranks) == expected) }
    }

    @Test func extremesPreferNaNAndTheLowerIndex() throws {
        let text = """
            let a = scatter([if i == 3 or i == 5 { nan } else { f64(i % 4) } for i in 0..16])
            let b = scatter([f64(i % 4) for i in 0..16])
            print "{argmin(a)} {argmax(a)} {min(a)} {argmin(b)} {argmax(b)} {max(b)} {count(b == 3.0)}"
            """
        for ranks in [1, 2, 4] { #expect(try output(text, ranks: ranks) == "3 3 nan 0 3 3.0 4\n") }
    }
}
