import IR
import Language
import Testing

/// From the typed program to the global stage.
@Suite struct LoweringTests {
    @Test func aTreeOfArrayOperatorsIsOneLoop() throws {
        let program = try Program(
            """
            let a = scatter(f64(arange(16)))
            let b = (a + 1.0) * exp(a) - a
            save(b, "b.npy")
            """)
        #expect(program.global.loops.count == 2)
    }

    @Test func equalShapesHaveEqualSpaces() throws {
        let program = try Program(
            """
            param n: i64 = 5
            fn twice(x: f64[n]) -> f64[n] = x + x
            let a = [f64(i) for i in 0..n]
            let b = twice(a)
            show [a[i] * b[i] for i in 0..n]
            """)
        #expect(Set(program.global.loops.map(\.operands)).count == 1)
    }

    @Test func partsAreCombinedOnceAndArithmeticWaits() throws {
        let program = try Program(
            """
            let a = scatter(f64(arange(16)))
            let p = local sum(a)
            let (s, t) = allreduce(2.0 * p, p + local sum(a * a))
            print "{s} {t}"
            """)
        let allreduces = program.global.nodes.filter { $0.operation == .collective(.allreduce) }
        #expect(allreduces.map(\.operands.count) == [2])
        #expect(program.global.count(.scalar(.add)) == 1)
    }

    @Test func shownPartsAreFolded() throws {
        let program = try Program(
            """
            let p = local sum(scatter(f64(arange(16))))
            show 2.0 * p
            """)
        #expect(program.global.count(.fold) == 1)
        let operation = Operation.show(name: "2.0 * p", .plain, isOwn: false)
        let show = try #require(program.global.nodes.first { $0.operation == operation })
        #expect(show.operands.map { program.global.type($0).placement } == [.local, .part(.sum)])
    }

    @Test func earlyReturnsBecomeStructure() throws {
        let program = try Program(
            """
            fn signum(x: f64) -> f64 {
                if x < 0.0 { return -1.0 }
                if x > 0.0 { return 1.0 }
                return 0.0
            }
            fn first(x: f64[n], t: f64) -> i64 {
                for i in 0..n {
                    if x[i] > t { return i }
                }
                return -1
            }
            let a = [signum(f64(i)) for i in 0..9]
            print "{first(a, 0.5)}"
            """)
        #expect(program.global.count(.forLoop) == 0)
        #expect(program.global.count(.whileLoop) == 1)
    }

    @Test func assignedVariablesAreCarried() throws {
        let program = try Program(
            """
            var x = 1.0
            var y = ones(3)
            let fixed = 2.0
            for t in 0..10 {
                if t > 5 { x = x + fixed }
                y = y * x
            }
            print "{x}"
            show y
            """)
        let loop = try #require(program.global.nodes.first { $0.operation == .forLoop })
        #expect(loop.operands.count == 3 + 2)
    }

    @Test func cheapWaysAreBothEvaluated() throws {
        let program = try Program("show [if i > 3 { 1.0 } else { f64(i) } for i in 0..9]")
        #expect(program.global.count(.conditional) == 0)
        #expect(program.global.count(.scalar(.select)) == 1)
    }

    @Test func waysThatMayFailAreNot() throws {
        let program = try Program(
            """
            param k: i64 = 0
            show [if k > 0 { i // k } else { 0 } for i in 0..9]
            """)
        #expect(program.global.count(.scalar(.select)) == 0)
    }

    @Test func aDividedReductionOverKeptAxesIsOnePass() throws {
        let program = try Program(
            """
            param n: i64 = 8
            let x = scatter([f64(i * j) for i in 0..n, j in 0..3])
            show [sum(x[i, a] * x[i, b] for i in 0..n) for a in 0..3, b in 0..3]
            """)
        let reductions = program.global.loops.filter { $0.operation.isReduction }
        #expect(reductions.count == 1)
        #expect(program.distributed.count(.collective(.allreduce)) == 1)
    }
}
