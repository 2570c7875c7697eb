import IR
import Source

/// Modules in text form that several tests read.
enum Samples {
    static func module(_ text: String) throws -> Module {
        try IRParser.parse(SourceFile(path: "test.ir", text))
    }

    /// The mean of a file's numbers, and everything else that the global stage knows.
    static let everything = #"""
        global module
        parameter "n": i64 default "16" documentation "how many \"numbers\""
        parameter "path": text
        %0: i64 = parameter 0
        %1: bool = parameterGiven 1
        %2: text = text "a\\b\n\t\u{1}é"
        %3: i64 = constant i64 0
        %4: i64 = constant i64 1
        %5: f64 = constant f64 0.25
        %6: f64[/%7], %7: i64 = load %2, %2, %0
        checkExtent "x" %0, %7
        checkShape %0, %7
        %8: f64[/%7] = loop (%9: i64 in %3..%7 by %4) divided 0 of %7 yields element {
            %10: f64 = element %6[%9]
            %11: f64 = fma %10, %5, %10
            yield %11
        }
        %12: f64, %13: part(minloc) f64, %14: part(minloc) i64 = loop (%15: i64 in %3..%7 by %4) divided 0 of %7 yields reduction(+), reduction(minloc) {
            %16: f64 = element %8[%15] checked
            yield %16, %16, %15
        }
        %17: f64, %18: i64 = allreduce %13, %14
        %19: f64 = for (%20: i64 in %3..%0 by %4) with (%21: f64 = %12) {
            %22: f64 = if %1 {
                yield %21
            } else {
                %23: f64 = add %21, %17
                yield %23
            }
            yield %22
        }
        %24: f64 = while (%25: f64 = %19) {
            %26: bool = less %25, %5
            yield %26
        } do (%27: f64) {
            %28: f64 = multiply %27, %27
            yield %28
        }
        %29: f64[/%7] = update %8 over (%30: i64 in %3..%0 by %4) divided 0 of %7 checked {
            yield %30, %24
        }
        %31: local i64 = rank
        %32: local bool = equal %31, %3
        %33: local f64 = if %32 {
            yield %24
        } else {
            yield %5
        }
        assert ("n is ", shortest 0 0) %1, %0
        print ("mean ", fixed 6 10, scientific 3 0) %24, %5
        show "x" %29
        named "x" 7 %29
        save %29, %2, %2
        yield

        """#

    static let halos = """
        distributed module
        %0: i64 = constant i64 0
        %1: i64 = constant i64 1
        %2: i64 = constant i64 100
        %3: f64[/%2] = loop (%4: i64 in %0..%2 by %1) divided 0 of %2 yields element {
            %5: f64 = convert f64 %4
            yield %5
        }
        %6: f64[/%2], %7: f64[/%2] = exchange(1 0, 0 2 wraps) %3, %3
        %8: part(+) f64 = loop (%9: i64 in %1..%2 by %1) divided 0 of %2 yields reduction(+) {
            %10: i64 = subtract %9, %1
            %11: f64 = neighbour(-1) %6[%10] checked
            %12: i64 = add %9, %1
            %13: f64 = neighbour(1 to 2 wraps) %7[%12]
            %14: f64 = add %11, %13
            yield %14
        }
        %15: f64 = allreduce %8
        print (shortest 0 0) %15
        yield

        """

    /// Two axes over a grid of ranks.
    static let grid = """
        distributed module
        %0: i64 = constant i64 0
        %1: i64 = constant i64 1
        %2: i64 = constant i64 100
        %3: f64[/%2, /%2] = loop (%4: i64 in %0..%2 by %1, %5: i64 in %0..%2 by %1) divided 0 of %2 divided 1 of %2 yields element {
            %6: f64 = convert f64 %4
            yield %6
        }
        %7: f64[/%2, /%2] = exchange(1 0 columns 0 2 wraps) %3
        %8: part(+) f64 = loop (%9: i64 in %1..%2 by %1, %10: i64 in %0..%2 by %1) divided 0 of %2 divided 1 of %2 yields reduction(+) {
            %11: i64 = subtract %9, %1
            %12: f64 = neighbour(-1 columns 0 to 2 wraps) %7[%11, %10] checked
            yield %12
        }
        %13: f64 = allreduce %8
        print (shortest 0 0) %13
        yield

        """

    /// The same kind of loop on a rank: its reduction has an accumulator for each column.
    static let tiled = """
        local module
        %0: i64 = constant i64 0
        %1: i64 = constant i64 1
        %2: i64 = constant i64 100
        %3: local i64, %4: local i64 = owned rows %2
        %5: local i64, %6: local i64 = owned columns %2
        %7: local i64, %8: i64 = gridPlace rows
        %9: i64 = tileSide %2
        %10: local i64 = pitch %2
        %11: local i64 = subtract %6, %5
        %12: f64 = constant f64 0.5
        %13: part(+) f64 = loop (%14: i64 in %3..%4 by %1, %15: i64 in %5..%6 by %1) divided 0 of %2 divided 1 of %2 leaves %0, %9 with (%16: local f64[%11]) yields reduction(+) {
            %17: local i64 = subtract %15, %5
            accumulate(+) %16, %17, %12
            yield
        }
        %18: f64 = allreduce %13
        release %13
        yield

        """

    /// A loop whose inside runs while rims travel.
    static let overlapped = """
        local module
        %0: i64 = constant i64 0
        %1: i64 = constant i64 1
        %2: i64 = constant i64 100
        %3: local i64, %4: local i64 = owned %2
        %5: f64[/%2] = allocate
        %6: i64 = leafRows divided %2
        startExchange(1 0) %5
        %7: f64 = constant f64 0.5
        %8: part(+) f64 = loop (%9: i64 in %3..%4 by %1) divided 0 of %2 leaves %0, %6 inside %3..%4 yields reduction(+) {
            %10: local i64 = subtract %9, %3
            %11: f64 = read %5[%10]
            yield %11
        } then {
            finishExchange %5
            yield
        }
        startExchange(0 1) %5
        finishExchange %5
        release %5
        %12: f64 = allreduce %8
        release %8
        yield

        """

    /// References that are borrowed, given away and released.
    static let references = """
        local module
        %0: i64 = constant i64 4
        %1: i64 = constant i64 1
        %2: bool = constant bool true
        %3: f64[%0] = allocate
        %4: f64[%0] = if %2 {
            retain %3
            yield %3
        } else {
            %5: f64[%0] = allocate
            yield %5
        }
        %6: f64[%0] = for (%7: i64 in %1..%0 by %1) with (%8: f64[%0] = %4) {
            retain %3
            release %3
            %9: f64 = read %3[%7]
            %10: f64[%0] = unshare %8
            write %10[%7] = %9
            yield %10
        }
        release %6
        release %3
        yield

        """

    static let local = """
        local module
        %0: i64 = constant i64 0
        %1: i64 = constant i64 1
        %2: i64 = constant i64 100
        %3: local i64, %4: local i64 = owned %2
        %5: f64[/%2] = allocate
        %6: i64 = leafRows divided %2
        %7: part(+) f64, %8: part(max) f64[%1] = loop (%9: i64 in %3..%4 by %1) divided 0 of %2 leaves %0, %6 with (%10: f64[%1]) yields reduction(+), reduction(max) {
            %11: local i64 = subtract %9, %3
            checkIndex 0 %9, %2
            %12: f64 = constant f64 -0.0
            write %5[%11] = %12
            %13: f64 = read %5[%11]
            accumulate(max) %10, %0, %13
            yield %13
        }
        %14: f64, %15: f64[%1] = allreduce %7, %8
        release %7
        release %8
        release %5
        release %15
        yield

        """
}
