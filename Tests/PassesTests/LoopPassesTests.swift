import IR
import Language
import Testing

@testable import Passes

/// A loop over x that yields `op` of an element of `source`: %base, its index %(base+1), and so on.
private func map(_ base: Int, _ source: String, _ op: String = "exp") -> String {
    loop(
        "%\(base): f64[/%n]", "element", index: "%\(base + 1)",
        "%\(base + 2): f64 = element \(source)[%\(base + 1)]\n%\(base + 3): f64 = \(op) %\(base + 2)\nyield %\(base + 3)"
    ) + "\n"
}

private func reduce(_ base: Int, _ source: String, _ op: String = "+") -> String {
    loop(
        "%\(base): f64", "reduction(\(op))", index: "%\(base + 1)",
        "%\(base + 2): f64 = element \(source)[%\(base + 1)]\nyield %\(base + 2)") + "\n"
}

/// Prints a number.
private func show(_ value: Int) -> String { "print (shortest 0 0) %\(value)\n" }

@Suite struct FuseLoopsTests {
    @Test func chainsBecomeOneLoop() throws {
        let shape = try transform(
            FuseLoops.self, map(10, "%x") + map(20, "%10", "log") + reduce(30, "%20") + show(30))
        #expect(shape.loops == 1)
        #expect(shape.yields == [[.element, .element, .reduction(.sum)]])
        // Only x is read; what the chain makes is at hand.
        #expect(shape.count { if case .element = $0 { true } else { false } } == 1)
    }

    @Test func neighboursBecomeOneLoop() throws {
        let shape = try transform(
            FuseLoops.self, reduce(10, "%x") + show(10) + reduce(20, "%x", "min") + show(20))
        #expect(shape.yields == [[.reduction(.sum), .reduction(.min)]])
    }

    @Test func theEarlierMovesDownWhenTheLaterCannotMoveUp() throws {
        // The second loop needs a size that is read from a file after the first one.
        let shape = try transform(
            FuseLoops.self,
            reduce(10, "%x") + "%1: f64[/%n], %2: i64 = load %path, %path, %n\n%3: f64 = convert f64 %2\n"
                + loop(
                    "%20: f64[/%n]", "element", index: "%21",
                    "%22: f64 = element %x[%21]\n%23: f64 = add %22, %3\nyield %23")
                + "\n" + show(10) + "show \"a\" %20")
        #expect(shape.yields == [[.reduction(.sum), .element]])
    }

    @Test func yieldsKnowWhereTheyWereWritten() throws {
        let shape = try transform(
            FuseLoops.self, reduce(10, "%x") + show(10) + reduce(20, "%x", "min") + show(20))
        let loop = try #require(shape.module.body.nodes.first { $0.isLoop })
        #expect(loop.yieldPlaces.count == 2)
        #expect(loop.yieldPlaces[0].line < loop.yieldPlaces[1].line)
    }

    @Test func strangersStayApart() throws {
        let shape = try transform(
            FuseLoops.self,
            "%1: f64[/%n], %2: i64 = load %path, %path, %n\n" + reduce(10, "%x") + reduce(20, "%1") + show(10)
                + show(20))
        #expect(shape.loops == 2)
    }

    @Test func loopsDoNotCrossTheClock() throws {
        let shape = try transform(
            FuseLoops.self,
            reduce(10, "%x") + "%1: f64 = clock\n" + reduce(20, "%x", "min") + "%2: f64 = clock\n" + show(10) + show(20)
                + show(1) + show(2))
        #expect(shape.loops == 2)
    }

    @Test func numbersMoveUpWithTheirLoop() throws {
        let shape = try transform(
            FuseLoops.self,
            reduce(10, "%x") + show(10) + "%1: f64 = convert f64 %n\n%2: f64 = exp %1\n"
                + loop(
                    "%20: f64[/%n]", "element", index: "%21",
                    "%22: f64 = element %x[%21]\n%23: f64 = add %22, %2\nyield %23") + "\nshow \"a\" %20")
        #expect(shape.loops == 1)
    }

    @Test func aTotalIsABarrier() throws {
        let shape = try transform(
            FuseLoops.self,
            reduce(10, "%x")
                + loop(
                    "%20: f64", "reduction(+)", index: "%21",
                    "%22: f64 = element %x[%21]\n%23: f64 = subtract %22, %10\nyield %23") + "\n" + show(20))
        #expect(shape.loops == 2)
    }

    @Test func otherIndicesAreABarrier() throws {
        let shape = try transform(
            FuseLoops.self,
            map(10, "%x") + "%1: f64[%n] = allgather %10\n"
                + loop(
                    "%20: f64[/%n]", "element", index: "%21",
                    "%22: i64 = subtract %n, %21\n%23: i64 = subtract %22, %one\n%24: f64 = element %1[%23]\nyield %24")
                + "\nshow \"a\" %20")
        #expect(shape.loops == 2)
    }

    @Test func readsDoNotCrossTheirChecksNorFailuresWhatShows() throws {
        let checked = loop(
            "%20: f64", "reduction(+)", index: "%21", "%22: f64 = element %x[%21] checked\nyield %22")
        #expect(try transform(FuseLoops.self, reduce(10, "%x") + show(10) + checked + "\n" + show(20)).loops == 2)
        let check = "checkExtent \"x\" %n, %n\n"
        #expect(
            try transform(FuseLoops.self, reduce(10, "%x") + show(10) + check + reduce(20, "%x", "min") + show(20))
                .loops
                == 2)
    }

    @Test func innerLoopsReadTheOuterIndex() throws {
        let shape = try transform(
            FuseLoops.self,
            map(10, "%x")
                + loop(
                    "%20: f64", "reduction(+)", index: "%21",
                    """
                    %22: f64 = loop (%23: i64 in %zero..%n by %one) yields reduction(max) {
                        %24: f64 = element %10[%21]
                        yield %24
                    }
                    yield %22
                    """) + "\n" + show(20))
        #expect(shape.yields == [[.element, .reduction(.sum)]])
        #expect(shape.count { if case .element = $0 { true } else { false } } == 1)
    }

    @Test func bodiesOfSequentialLoopsToo() throws {
        let shape = try transform(
            FuseLoops.self,
            "for (%1: i64 in %zero..%n by %one) with () {\n" + map(10, "%x") + reduce(20, "%10") + show(20) + "yield\n}"
        )
        #expect(shape.loops == 1)
    }

    @Test func otherSpacesStayApart() throws {
        let shape = try transform(
            FuseLoops.self,
            reduce(10, "%x") + """
                %20: f64 = loop (%21: i64 in %one..%n by %one) divided 0 of %n yields reduction(+) {
                    %22: f64 = element %x[%21]
                    yield %22
                }

                """ + show(10) + show(20))
        #expect(shape.loops == 2)
    }

    @Test func manyLoopsTakeLittleTime() throws {
        var text = map(2000, "%x")
        for step in 1..<400 { text += map(2000 + 10 * step, "%\(1990 + 10 * step)") }
        let clock = ContinuousClock()
        var shape: Shape?
        let time = try clock.measure { shape = try transform(FuseLoops.self, text) }
        #expect(try #require(shape).loops < 40)
        #expect(time < .seconds(10))
    }
}

extension Node {
    fileprivate var isLoop: Bool { if case .loop = operation { true } else { false } }
}

@Suite struct PlaceScatteredLoopsTests {
    private let whole = """
        %10: f64[%n] = loop (%11: i64 in %zero..%n by %one) yields element {
            %12: f64 = convert f64 %11
            yield %12
        }
        %20: f64[/%n] = scatter %10
        show "a" %20

        """

    @Test func scatteredArraysAreBuiltInPlace() throws {
        let shape = try transform(PlaceScatteredLoops.self, whole)
        #expect(shape.count { $0 == .collective(.scatter) } == 0)
        #expect(shape.module.body.nodes.contains { IterationSpace(of: $0)?.distribution == .rows })
        #expect(shape.loops == 1)
    }

    @Test func wholeOnesStayWhereTheyAreUsed() throws {
        let shape = try transform(PlaceScatteredLoops.self, whole + "show \"whole\" %10")
        #expect(shape.count { $0 == .collective(.scatter) } == 0)
        #expect(shape.loops == 2)
    }
}

@Suite struct MergeReductionsTests {
    private func part(_ base: Int, _ op: String, _ after: String? = nil) -> String {
        let value =
            after.map { "%\(base + 3): f64 = subtract %\(base + 2), \($0)\nyield %\(base + 3)" } ?? "yield %\(base + 2)"
        return loop(
            "%\(base): part(\(op)) f64", "reduction(\(op))", index: "%\(base + 1)",
            "%\(base + 2): f64 = element %x[%\(base + 1)]\n\(value)") + "\n%\(base + 4): f64 = allreduce %\(base)\n"
    }

    @Test func independentOnesBecomeOneMessage() throws {
        let shape = try transform(
            MergeReductions.self, part(10, "+") + show(14) + part(20, "min") + show(24) + part(30, "max") + show(34),
            .distributed)
        #expect(shape.allreduces == 1)
        #expect(shape.module.body.nodes.first { $0.operation == .collective(.allreduce) }?.operands.count == 3)
    }

    @Test func theEarlierWaitsForTheLater() throws {
        let text =
            part(10, "+") + "%1: f64[/%n], %2: i64 = load %path, %path, %n\n"
            + part(20, "max").replacing("%x", with: "%1") + show(14) + show(24)
        #expect(try transform(MergeReductions.self, text, .distributed).allreduces == 1)
    }

    @Test func aMessageServesAllItsLines() throws {
        let shape = try transform(
            MergeReductions.self, part(10, "+") + part(20, "min") + show(14) + show(24), .distributed)
        let message = try #require(shape.module.body.nodes.first { $0.operation == .collective(.allreduce) })
        #expect(message.origins.count == 2)
    }

    @Test func dependentOnesStayApart() throws {
        let text = part(10, "+") + part(20, "+", "%14") + show(24)
        #expect(try transform(MergeReductions.self, text, .distributed).allreduces == 2)
    }

    @Test func conditionalsAreNotEnteredNorLeft() throws {
        let text =
            part(10, "+") + "%1: bool = parameterGiven 0\nif %1 {\n" + part(20, "min") + show(24)
            + "yield\n} else {\nyield\n}\n" + show(14)
        #expect(try transform(MergeReductions.self, text, .distributed).allreduces == 2)
    }
}

@Suite struct InlineFormulasTests {
    private let ramp = loop("%10: f64[/%n]", "element", index: "%11", "%12: f64 = convert f64 %11\nyield %12") + "\n"
    private var elements: (Operation) -> Bool { { if case .element = $0 { true } else { false } } }

    @Test func elementsAreComputedWhereTheyAreRead() throws {
        let shape = try transform(InlineFormulas.self, ramp + reduce(20, "%10") + show(20))
        #expect(shape.count(elements) == 0)
        #expect(shape.count { $0 == .convert(.f64) } == 2)
    }

    @Test func formulasOfFormulas() throws {
        let doubled = loop(
            "%30: f64[/%n]", "element", index: "%31",
            "%32: f64 = element %10[%31]\n%33: f64 = add %32, %32\nyield %33")
        let shape = try transform(InlineFormulas.self, ramp + doubled + "\n" + reduce(20, "%30") + show(20))
        #expect(shape.count(elements) == 0)
        #expect(shape.count { $0 == .scalar(.add) } == 2)
    }

    @Test func otherIndicesToo() throws {
        let shape = try transform(
            InlineFormulas.self,
            "%1: f64[%n] = loop (%2: i64 in %zero..%n by %one) yields element {\n%3: f64 = convert f64 %2\nyield %3\n}\n"
                + "%4: f64 = element %1[%zero]\n" + show(4))
        #expect(shape.count(elements) == 0)
    }

    @Test func longOrCheckedOnesAreRead() throws {
        #expect(try transform(InlineFormulas.self, map(10, "%x") + reduce(20, "%10") + show(20)).count(elements) == 2)
        let checked = loop("%20: f64", "reduction(+)", index: "%21", "%22: f64 = element %10[%21] checked\nyield %22")
        #expect(try transform(InlineFormulas.self, ramp + checked + "\n" + show(20)).count(elements) == 1)
    }
}
