import IR
import Language
import Testing

/// What each rank does: distributed → local.
@Suite struct LowerToRankTests {
    @Test func aReductionOfADividedLoopIsAPartThenAnAllreduce() throws {
        let program = try Program("print \"{sum(scatter(f64(arange(16))))}\"")
        #expect(program.global.count(.collective(.allreduce)) == 0)
        #expect(program.distributed.count(.collective(.allreduce)) == 1)
        let loop = try #require(program.distributed.loops.first { $0.operation.isReduction })
        #expect(loop.results.allSatisfy { program.distributed.type($0).placement == .part(.sum) })
    }

    @Test func minlocIsTwoPartsInOneMessage() throws {
        let program = try Program(
            """
            let (least, place) = minloc(scatter(f64(arange(16))))
            print "{least} {place}"
            """)
        let allreduce = try #require(program.local.nodes.first { $0.operation == .collective(.allreduce) })
        #expect(allreduce.operands.count == 2)
    }

    @Test func provedReadsHaveNoChecksAndTheOthersHave() throws {
        let program = try Program(
            """
            param k: i64 = 2
            let a = [f64(i) for i in 0..9]
            show [a[i] for i in 0..9]
            print "{a[k]}"
            """)
        #expect(program.local.count(.checkIndex(axis: 0)) == 1)
    }

    @Test func anUpdateWritesInPlaceUnlessTheOldElementsAreRead() throws {
        let inPlace = try Program(
            """
            var v = ones(9)
            v[i] += 1.0 for i in 1..5
            show v
            """)
        #expect(inPlace.local.count(.unshare) == 1)
        #expect(inPlace.local.count(.retain) == 0)
        let copied = try Program(
            """
            var v = ones(9)
            v[i] = v[i - 2] for i in 2..9 by 2
            show v
            """)
        #expect(copied.local.count(.unshare) == 1)
        #expect(copied.local.count(.retain) == 1)
    }

    @Test func anUpdateOfABoxCopiesOnlyWhatLiesAround() throws {
        let program = try Program(
            """
            var v = ones(9, 9)
            v[i, j] = v[i - 1, j] for i in 1..9, j in 0..8
            show v
            """)
        #expect(program.local.count(.unshare) == 0)
        // The array, its first row, its last column, the box.
        #expect(program.local.loops.count == 4)
    }

    @Test func rowsAreAccumulatedWithoutAnArrayOfTheirOwn() throws {
        let program = try Program(
            """
            let x = scatter([f64(i * j) for i in 0..8, j in 0..3])
            show sum(x, axis: 0)
            """)
        #expect(program.local.count(.accumulate(.sum)) == 1)
        #expect(program.local.count(.allocate) == 1)
    }

    @Test(arguments: [
        "var x = ones(4)\nvar y = zeros(4)\nfor t in 0..3 {\n let z = x\n x = y\n y = z\n}\nshow x",
        "var x = ones(4)\nfor t in 0..3 { x = x + 1.0 }\nshow x",
        "let x = ones(4)\nlet y = if sum(x) > 3.0 { x } else { x + 1.0 }\nshow y\nshow x",
        "var x = ones(4)\nvar k = 0\nwhile k < 3 {\n if k > 1 { x = x * 2.0 }\n k = k + 1\n}\nshow x",
        "let (v, i) = minloc(scatter(ones(9)))\nprint \"{v} {i}\"",
        "let x = scatter(ones(9))\nlet s = local {\n var y = x\n y[0] = 2.0\n sum(y) + sum(x)\n}\nshow s",
        "let p = local sum(scatter(ones(9)))\nshow p\nshow allreduce(p)",
        "fn f(x: f64[n]) -> f64[n] {\n for t in 0..3 {\n if x[t] > 0.0 { return x + 1.0 }\n }\n return x\n}\nshow f(ones(4))",
    ])
    func everyReferenceIsGivenAwayOrReleasedOnce(_ text: String) throws {
        let module = try Program(text).local
        #expect(Verifier.faults(in: module).map(\.description) == [])
        // What is lost or doubled is found, wherever it stands.
        let counts = module.nodes.count { $0.operation == .retain || $0.operation == .release }
        #expect(counts > 0)
        for place in 0..<counts {
            for copies in [0, 2] {
                #expect(!Verifier.faults(in: module.repeating(countAt: place, copies)).isEmpty, "\(place) × \(copies)")
            }
        }
    }
}

extension Module {
    /// The module with that one of its `retain`s and `release`s standing so many times.
    fileprivate func repeating(countAt place: Int, _ copies: Int) -> Module {
        var next = 0
        var module = self
        module.body.rewriteRegions { region in
            region.nodes = region.nodes.flatMap { node in
                guard node.operation == .retain || node.operation == .release else { return [node] }
                defer { next += 1 }
                return Array(repeating: node, count: next == place ? copies : 1)
            }
        }
        return module
    }
}
