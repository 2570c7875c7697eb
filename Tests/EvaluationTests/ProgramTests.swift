import Testing

/// Programs and what they print.
struct ProgramTests {
    @Test func theFirstLook() throws {
        let text = """
            param n: i64 = 16
            fn psum(a: f64[/n]) -> f64 {
                let locsum = local sum(a)
                return allreduce(locsum)
            }
            let a = scatter(f64(arange(n)))
            show a
            let totalsum = psum(a)
            show totalsum
            print "total = {totalsum}"
            """
        let expected = """
            a: f64[/16]
              rank 0: [0.0, 1.0, 2.0, 3.0]
              rank 1: [4.0, 5.0, 6.0, 7.0]
              rank 2: [8.0, 9.0, 10.0, 11.0]
              rank 3: [12.0, 13.0, 14.0, 15.0]
            totalsum: f64
              rank 0: 120.0
              rank 1: 120.0
              rank 2: 120.0
              rank 3: 120.0
            total = 120.0

            """
        #expect(try output(text, ranks: 4) == expected)
    }

    @Test func everyPlacementIsShown() throws {
        let text = """
            let a = scatter(arange(4))
            let p = local sum(a)
            show p
            show 2 * p
            show rank()
            show gather(a)
            show [1.5, 2.0]
            show local { a }
            """
        let expected = """
            p: part(+) i64
              rank 0: 1
              rank 1: 5
            2 * p: part(+) i64
              rank 0: 2
              rank 1: 10
            rank(): local i64
              rank 0: 0
              rank 1: 1
            gather(a): root i64[4]
              rank 0: [0, 1, 2, 3]
              rank 1: -
            [1.5, 2.0]: f64[2]
              rank 0: [1.5, 2.0]
              rank 1: [1.5, 2.0]
            local { a }: local i64[_]
              rank 0: [0, 1]
              rank 1: [2, 3]

            """
        #expect(try output(text, ranks: 2) == expected)
    }

    @Test func functionsWaitForTheCombination() throws {
        let text = """
            let a = scatter(f64(arange(1000)))
            let p = 0.5 * local sum(a)
            let q = local max(a)
            let (s, m) = allreduce(p, q)
            print "{s} {m} {allreduce(p + p)} {allreduce(-p)}"
            """
        for ranks in [1, 3] { #expect(try output(text, ranks: ranks) == "249750.0 999.0 499500.0 -249750.0\n") }
    }

    @Test func regionsReadOldValuesAndVariablesAreNoAliases() throws {
        let text = """
            var v = [f64(i) for i in 0..6]
            let old = v
            v[i] = v[i - 1] + v[i + 1] for i in 1..5
            v[0] = -1.0
            print "{old[2]} {v[0]} {v[1]} {v[2]} {v[4]} {v[5]}"
            """
        #expect(try output(text) == "2.0 -1.0 2.0 4.0 8.0 5.0\n")
    }

    @Test func argumentsMayCallTheSameFunction() throws {
        let text = """
            fn f(a, b) = 10.0 * a + b
            print "{f(1.0, f(2.0, f(3.0, 4.0)))} {f(f(1.0, 2.0), 3.0)}"
            """
        #expect(try output(text) == "64.0 123.0\n")
    }

    @Test func functionsRunForEachElement() throws {
        let text = """
            fn collatz(n: i64) -> i64 {
                var x = n
                var steps = 0
                while x != 1 {
                    if x % 2 == 0 { x = x // 2 } else { x = 3 * x + 1 }
                    steps = steps + 1
                }
                return steps
            }
            let s = scatter([collatz(i + 1) for i in 0..10])
            show s
            print "{max(s)}"
            """
        let expected = """
            s: i64[/10]
              rank 0: [0, 1, 7, 2, 5]
              rank 1: [8, 16, 3, 19, 6]
            19

            """
        #expect(try output(text, ranks: 2) == expected)
    }

    @Test func localCodeRunsForEveryRank() throws {
        let text = """
            let a = scatter(arange(6))
            let mine = local {
                var total = 10 * rank()
                for i in 0..size(a) { total = total + a[i] }
                total
            }
            show mine
            var x = rank()
            if rank() == 1 { x = x + 100 }
            show x + ranks()
            """
        let expected = """
            mine: local i64
              rank 0: 1
              rank 1: 15
              rank 2: 29
            x + ranks(): local i64
              rank 0: 3
              rank 1: 104
              rank 2: 5

            """
        #expect(try output(text, ranks: 3) == expected)
    }

    @Test func holesAreFormatted() throws {
        let text = """
            let x = 2.0 / 3.0
            print "{x} {x:.3} {x:.2e} [{x:8.2}] {7:4} {true} {f32(x)}"
            """
        #expect(try output(text) == "0.6666666666666666 0.667 6.67e-01 [    0.67]    7 true 0.6666667\n")
    }

    @Test func slicesKeepTheirAxes() throws {
        let text = """
            let a = [10 * i + j for i in 0..4, j in 0..5]
            show a[1..4 by 2, 2..]
            show a[2, ..]
            """
        let expected = """
            a[1..4 by 2, 2..]: i64[2, 3]
              rank 0: [[12, 13, 14], [32, 33, 34]]
            a[2, ..]: i64[5]
              rank 0: [20, 21, 22, 23, 24]

            """
        #expect(try output(text) == expected)
    }
}
