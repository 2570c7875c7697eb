import IR
import Language
import Testing

@testable import Passes

@Suite struct SimplifyScalarsTests {
    /// Each text computes %9 from constants; the print keeps it.
    @Test(arguments: [
        (
            "%1: i64 = constant i64 7\n%2: i64 = constant i64 -2\n%9: i64 = floorDivide %1, %2",
            Constant.integer(-4, .i64)
        ),
        ("%1: i64 = constant i64 7\n%2: i64 = constant i64 -2\n%9: i64 = modulo %1, %2", .integer(-1, .i64)),
        ("%1: i32 = constant i32 2147483647\n%9: i32 = add %1, %1", .integer(-2, .i32)),
        ("%1: u32 = constant u32 0\n%2: u32 = constant u32 1\n%9: u32 = subtract %1, %2", .integer(0xFFFF_FFFF, .u32)),
        ("%1: u64 = constant u64 18446744073709551615\n%2: u64 = constant u64 1\n%9: bool = less %1, %2", .bool(false)),
        ("%1: i64 = constant i64 1\n%2: i64 = constant i64 67\n%9: i64 = shiftLeft %1, %2", .integer(8, .i64)),
        ("%1: f64 = constant f64 0.1\n%2: f64 = constant f64 0.2\n%9: f64 = add %1, %2", .float(0.1 + 0.2, .f64)),
        (
            "%1: f32 = constant f32 3\n%2: f32 = constant f32 1\n%9: f32 = divide %2, %1",
            .float(Double(Float(1) / 3), .f32)
        ),
        ("%1: f64 = constant f64 2.5\n%9: f64 = round %1", .float(2, .f64)),
        ("%1: f64 = constant f64 -1e300\n%9: i32 = convert i32 %1", .integer(-2_147_483_648, .i32)),
        ("%1: f64 = constant f64 nan\n%9: i64 = convert i64 %1", .integer(0, .i64)),
        ("%1: i64 = constant i64 4294967297\n%9: i32 = convert i32 %1", .integer(1, .i32)),
        ("%1: bool = constant bool true\n%2: bool = not %1\n%9: bool = or %1, %2", .bool(true)),
        (
            "%1: i64 = constant i64 -9223372036854775808\n%2: i64 = constant i64 -1\n%9: i64 = floorDivide %1, %2",
            .integer(.min, .i64)
        ),
    ])
    func constantsAreComputed(_ text: String, _ expected: Constant) throws {
        let shape = try transform(SimplifyScalars.self, text + "\nprint (shortest 0 0) %9")
        let print = try #require(
            shape.module.body.nodes.first { if case .print = $0.operation { true } else { false } })
        let definition = shape.module.body.nodes.first { $0.results == print.operands }
        #expect(definition?.operation == .constant(expected))
    }

    /// Left to the running program: failures, the math library, NaNs.
    @Test(arguments: [
        "%1: i64 = constant i64 7\n%9: i64 = floorDivide %1, %zero", "%1: f64 = constant f64 1\n%9: f64 = exp %1",
        "%1: f64 = constant f64 inf\n%9: f64 = subtract %1, %1", "%1: f64 = constant f64 0\n%9: f64 = divide %1, %1",
    ])
    func whatTheProgramComputes(_ text: String) throws {
        let shape = try transform(SimplifyScalars.self, text + "\nprint (shortest 0 0) %9")
        #expect(shape.count { if case .scalar = $0 { true } else { false } } == 1)
    }

    @Test(arguments: [
        ("%9: i64 = add %n, %zero", 0), ("%9: i64 = multiply %one, %n", 0),
        ("%1: f64 = clock\n%2: f64 = constant f64 1\n%9: f64 = multiply %1, %2", 0),
        // -0.0 + 0.0 is 0.0.
        ("%1: f64 = clock\n%2: f64 = constant f64 0\n%9: f64 = add %1, %2", 1),
        ("%1: bool = parameterGiven 0\n%2: bool = constant bool true\n%9: bool = and %1, %2", 0),
    ])
    func whatChangesNothingGoes(_ text: String, _ left: Int) throws {
        let shape = try transform(SimplifyScalars.self, text + "\nprint (shortest 0 0) %9")
        #expect(shape.count { if case .scalar = $0 { true } else { false } } == left)
    }

    @Test func knownConditionsChoose() throws {
        let shape = try transform(
            SimplifyScalars.self,
            """
            %1: bool = less %zero, %one
            %2: i64 = if %1 {
                print ("yes")
                yield %n
            } else {
                print ("no")
                yield %one
            }
            print (shortest 0 0) %2
            %3: i64 = for (%4: i64 in %one..%zero by %one) with (%5: i64 = %n) {
                print ("never")
                yield %5
            }
            print (shortest 0 0) %3
            """)
        #expect(shape.count { $0 == .conditional || $0 == .forLoop } == 0)
        #expect(shape.count { $0 == .print([.text("yes")]) } == 1)
        #expect(shape.count { $0 == .print([.text("no")]) || $0 == .print([.text("never")]) } == 0)
    }
}

@Suite struct EliminateCommonSubexpressionsTests {
    @Test func equalNodesBecomeOne() throws {
        let shape = try transform(
            EliminateCommonSubexpressions.self,
            """
            %1: i64 = add %n, %one
            %2: i64 = add %n, %one
            %3: bool = less %1, %2
            if %3 {
                %4: i64 = add %n, %one
                print (shortest 0 0) %4
                yield
            } else {
                %5: i64 = multiply %n, %n
                print (shortest 0 0) %5
                yield
            }
            %6: i64 = multiply %n, %n
            print (shortest 0 0) %6
            """)
        #expect(shape.scalars(.add) == 1)
        // One way of a conditional says nothing about what comes after it.
        #expect(shape.scalars(.multiply) == 2)
    }

    @Test func equalLoopsAndMessagesBecomeOne() throws {
        let sum = { (base: Int) in
            loop(
                "%\(base): part(+) f64", "reduction(+)", index: "%\(base + 1)",
                "%\(base + 2): f64 = element %x[%\(base + 1)]\nyield %\(base + 2)")
                + "\n%\(base + 3): f64 = allreduce %\(base)\nprint (shortest 0 0) %\(base + 3)\n"
        }
        let shape = try transform(EliminateCommonSubexpressions.self, sum(1) + sum(10), .distributed)
        #expect(shape.loops == 1)
        #expect(shape.allreduces == 1)
    }

    @Test func effectsAreNotMerged() throws {
        let shape = try transform(
            EliminateCommonSubexpressions.self,
            "%1: f64 = clock\n%2: f64 = clock\n%3: f64 = subtract %2, %1\nprint (shortest 0 0) %3\nprint (shortest 0 0) %3"
        )
        #expect(shape.count { $0 == .clock } == 2)
        #expect(shape.count { if case .print = $0 { true } else { false } } == 2)
    }
}

@Suite struct RemoveDeadCodeTests {
    @Test func unusedResultsGo() throws {
        let shape = try transform(
            RemoveDeadCode.self,
            loop(
                "%1: f64[/%n], %2: f64, %3: f64, %4: i64", "element, reduction(+), reduction(minloc)", index: "%5",
                "%6: f64 = element %x[%5]\n%7: f64 = exp %6\nyield %7, %6, %6, %5")
                + "\n%8: f64 = exp %2\nprint (shortest 0 0) %2")
        #expect(shape.yields == [[.reduction(.sum)]])
        #expect(shape.scalars(.exp) == 0)
    }

    @Test func aPairStaysTogether() throws {
        let shape = try transform(
            RemoveDeadCode.self,
            loop(
                "%1: f64, %2: i64", "reduction(minloc)", index: "%5", "%6: f64 = element %x[%5]\nyield %6, %5")
                + "\nprint (shortest 0 0) %2")
        #expect(shape.yields == [[.reduction(.minloc)]])
    }

    @Test func whatOnlyCarriesItselfGoes() throws {
        let shape = try transform(
            RemoveDeadCode.self,
            """
            %1: i64, %2: i64 = for (%3: i64 in %zero..%n by %one) with (%4: i64 = %zero, %5: i64 = %one) {
                %6: i64 = add %4, %3
                %7: i64 = multiply %5, %3
                yield %6, %7
            }
            print (shortest 0 0) %2
            """)
        #expect(shape.scalars(.add) == 0)
        #expect(shape.scalars(.multiply) == 1)
    }

    @Test func whatMayFailOrShowStays() throws {
        let shape = try transform(
            RemoveDeadCode.self,
            loop("%1: f64[/%n]", "element", index: "%5", "%6: f64 = element %x[%5] checked\nyield %6")
                + "\n%7: i64 = floorDivide %one, %n\n%8: f64 = clock\n%9: i64 = add %one, %n")
        #expect(shape.count { $0 == .element(.checked(.plain)) } == 1)
        #expect(shape.scalars(.floorDivide) == 1)
        #expect(shape.count { $0 == .clock } == 1)
        #expect(shape.scalars(.add) == 0)
    }
}

@Suite struct HoistInvariantsTests {
    @Test func wholeLoopsLeaveSequentialLoops() throws {
        let shape = try transform(
            HoistInvariants.self,
            """
            for (%1: i64 in %zero..%n by %one) with () {
            \(loop("%2: f64[/%n]", "element", index: "%3", "%4: f64 = element %x[%3]\n%5: f64 = exp %4\nyield %5"))
                show "a" %2
                yield
            }
            """)
        #expect(shape.outer { if case .loop = $0 { true } else { false } } == 1)
    }

    @Test func whatIsTimedStays() throws {
        let shape = try transform(
            HoistInvariants.self,
            """
            for (%1: i64 in %zero..%n by %one) with () {
                %6: f64 = clock
            \(loop("%2: f64[/%n]", "element", index: "%3", "%4: f64 = element %x[%3]\nyield %4"))
                show "a" %2
                yield
            }
            """)
        #expect(shape.outer { if case .loop = $0 { true } else { false } } == 0)
    }

    @Test func whatDependsOrMayFailStays() throws {
        let shape = try transform(
            HoistInvariants.self,
            """
            for (%1: i64 in %zero..%n by %one) with () {
                %2: i64 = floorDivide %one, %n
                %3: i64 = add %1, %n
                %4: i64 = add %n, %n
                print (shortest 0 0, shortest 0 0, shortest 0 0) %2, %3, %4
                yield
            }
            """)
        #expect(shape.outer { $0 == .scalar(.floorDivide) } == 0)
        #expect(shape.outer { $0 == .scalar(.add) } == 1)
    }

    @Test func messagesStay() throws {
        let shape = try transform(
            HoistInvariants.self,
            loop("%1: part(+) f64", "reduction(+)", index: "%2", "%3: f64 = element %x[%2]\nyield %3") + """

                for (%4: i64 in %zero..%n by %one) with () {
                    %5: f64 = allreduce %1
                    print (shortest 0 0) %5
                    yield
                }
                """, .distributed)
        #expect(shape.outer { $0 == .collective(.allreduce) } == 0)
    }

    @Test func readsStayBehindTheirChecks() throws {
        let shape = try transform(
            HoistInvariants.self,
            """
            for (%1: i64 in %zero..%n by %one) with () {
                checkExtent "x" %n, %1
            \(loop("%2: f64[/%n]", "element", index: "%3", "%4: f64 = element %x[%3]\nyield %4"))
                show "a" %2
                yield
            }
            """)
        #expect(shape.outer { if case .loop = $0 { true } else { false } } == 0)
    }

    @Test func numbersLeaveDataParallelLoops() throws {
        let shape = try transform(
            HoistInvariants.self,
            "%1: f64 = clock\n"
                + loop(
                    "%2: f64[/%n]", "element", index: "%3",
                    "%4: f64 = element %x[%3]\n%5: f64 = exp %1\n%6: f64 = multiply %4, %5\nyield %6")
                + "\nshow \"a\" %2")
        #expect(shape.outer { $0 == .scalar(.exp) } == 1)
        #expect(shape.outer { $0 == .scalar(.multiply) } == 0)
    }
}
