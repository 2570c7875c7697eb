import Testing

/// Bodies that are hard to run eight at once, and reductions that are not sums of floats.
@Suite struct LoopTests {
    /// %0 = 0, %1 = 1, %2 = 21 and %3 an f64[21] of the squares of 0 to 20, less 50.
    private static let squares = """
        %0: i64 = constant i64 0
        %1: i64 = constant i64 1
        %2: i64 = constant i64 21
        %3: f64[%2] = allocate
        loop (%4: i64 in %0..%2 by %1) yields nothing {
            %5: i64 = multiply %4, %4
            %6: f64 = convert f64 %5
            %7: f64 = constant f64 50.0
            %8: f64 = subtract %6, %7
            write %3[%4] = %8
            yield
        }

        """

    private func output(_ text: String) throws -> [String] {
        let plain = try NativeProgram.run(Self.squares + text, optimisation: 0)
        #expect(try NativeProgram.run(Self.squares + text, optimisation: 3) == plain)
        return plain
    }

    @Test func reductionsOfEveryKind() throws {
        let text = """
            %10: i64 = leafRows
            %11: f64, %12: i64, %13: f64, %14: i64, %15: i64, %16: bool, %17: f64 = loop (%20: i64 in %1..%2 by %1) leaves %1, %10 yields reduction(minloc), reduction(maxloc), reduction(+), reduction(or), reduction(*) {
                %21: f64 = read %3[%20]
                %22: f64 = abs %21
                %23: bool = isnan %21
                %24: f64 = constant f64 0.5
                yield %22, %20, %21, %20, %20, %23, %24
            }
            print (shortest 0 0, " ", shortest 0 0) %11, %12
            print (shortest 0 0, " ", shortest 0 0) %13, %14
            print (shortest 0 0, " ", shortest 0 0, " ", shortest 0 0) %15, %16, %17

            """
        #expect(try output(text) == ["1.0 7", "350.0 20", "210 false 9.5367431640625e-07"])
    }

    /// Guarded reads stay inside the array: neither side reads where it is not asked.
    @Test func conditionsChooseLaneByLane() throws {
        let text = """
            %10: f64[%2] = allocate
            %11: i64 = constant i64 20
            loop (%12: i64 in %0..%2 by %1) yields nothing {
                %13: bool = less %12, %11
                %14: f64 = if %13 {
                    %15: i64 = add %12, %1
                    checkIndex 0 %15, %2
                    %16: f64 = read %3[%15]
                    yield %16
                } else {
                    %17: f64 = constant f64 -1.0
                    yield %17
                }
                write %10[%12] = %14
                yield
            }
            loop (%20: i64 in %0..%2 by %1) yields nothing {
                %21: i64 = subtract %11, %20
                %22: f64 = read %10[%21]
                write %3[%20] = %22
                yield
            }
            for (%30: i64 in %0..%2 by %1) with () {
                %31: f64 = read %3[%30]
                print (shortest 0 0) %31
                yield
            }

            """
        let expected = [-1.0] + (1...20).reversed().map { Double($0 * $0) - 50 }
        #expect(try output(text) == expected.map { "\($0)" })
    }

    /// The sum over the rows of a 21 x 2 table, each row made by an inner loop.
    @Test func rowsAccumulate() throws {
        let text = """
            %10: i64 = constant i64 2
            %11: i64 = leafRows %10
            %12: f64[%10] = loop (%13: i64 in %0..%2 by %1) leaves %0, %11 with (%14: f64[%10]) yields reduction(+) {
                loop (%15: i64 in %0..%10 by %1) yields nothing {
                    %16: f64 = read %3[%13]
                    %17: f64 = convert f64 %15
                    %18: f64 = multiply %16, %17
                    accumulate(+) %14, %15, %18
                    yield
                }
                yield
            }
            show "rows" %12

            """
        #expect(try output(text) == ["rows: f64[2]", "  rank 0: [0.0, 1820.0]"])
    }

    /// A loop inside runs lane after lane while the rest of the body runs eight at once: as each alone.
    @Test func loopsInsideRunLaneAfterLane() throws {
        let body = """
                %11: f64 = constant f64 100.0
                %12: f64 = read %3[%10]
                %13: f64, %14: i64 = while (%15: f64 = %12, %16: i64 = %10) {
                    %17: bool = less %15, %11
                    yield %17
                } do (%18: f64, %19: i64) {
                    %20: f64 = constant f64 37.5
                    %21: f64 = add %18, %20
                    %22: i64 = add %19, %1
                    yield %21, %22
                }
                %23: f64 = convert f64 %14
                %24: f64 = log %13
                %25: f64 = add %24, %23
                write %9[%10] = %25
                yield
            }
            for (%30: i64 in %0..%2 by %1) with () {
                %31: f64 = read %9[%30]
                print (shortest 0 0) %31
                yield
            }

            """
        let lanes = try output("%9: f64[%2] = allocate\nloop (%10: i64 in %0..%2 by %1) yields nothing {\n" + body)
        let alone = try output("%9: f64[%2] = allocate\nfor (%10: i64 in %0..%2 by %1) with () {\n" + body)
        #expect(lanes.count == 21)
        #expect(lanes == alone)
    }

    @Test func aFailureNamesTheFirstLaneThatFails() throws {
        let text = """
            %10: i64 = constant i64 18
            loop (%12: i64 in %0..%2 by %1) yields nothing {
                checkIndex 0 %12, %10
                yield
            }

            """
        for level in [0, 3] {
            let failure = #expect(throws: NativeProgram.Failure.self) {
                try NativeProgram.run(Self.squares + text, optimisation: level)
            }
            #expect(failure?.message.contains("18") == true)
        }
    }

    @Test func debuggersFindTheLines() throws {
        let code = try NativeProgram.code(Self.squares, optimisation: 0, debugInfo: true)
        let llvm = code.llvm
        #expect(llvm.contains("!DIFile(filename: \"test.pdl\""))
        let assembly = try code.assembly()
        #expect(assembly.contains(".loc\t1 10 "))
        let plain = try NativeProgram.code(Self.squares, optimisation: 0).llvm
        #expect(!plain.contains("!DI"))
    }
}
