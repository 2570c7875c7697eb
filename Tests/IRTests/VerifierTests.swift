import IR
import Testing

@Suite struct VerifierTests {
    /// A module's text, and what the first fault says.
    @Test(arguments: [
        ("%0: i64 = add %1, %1\n%1: i64 = ranks", "not defined here: %1, %1"),
        (
            "%0: f64[%1] = loop (%2: i64 in %1..%1 by %1) yields element {\n%3: f64 = constant f64 0\nyield %3\n}\n%1: i64 = ranks",
            "not defined here"
        ),
        ("%0: i64 = ranks\n%1: f64 = add %0, %0", "a result should be"),
        ("%0: i64 = ranks\n%1: i64 = add %0", "add takes 2 operands"),
        ("%0: i64 = ranks\n%1: f64 = constant f64 0\n%2: f64 = add %0, %1", "operands of different types"),
        ("%0: f64 = constant f64 0\n%1: f64[%0] = assemble %0", "no i64 defined before it"),
        ("%0: i64 = ranks\nretain %0", "no operation of the global stage"),
        (
            "%0: bool = constant bool true\n%1: i64 = if %0 {\n%2: i64 = ranks\nyield %2\n} else {\nyield\n}",
            "different numbers"
        ),
        (
            "%0: bool = constant bool true\nif %0 {\n%1: i64 = ranks\nyield\n} else {\n%2: i64 = add %1, %1\nyield\n}",
            "not defined here: %1"
        ),
        ("%0: i64 = ranks\nyield\n%1: i64 = ranks", "one yield"),
        ("print (shortest 0 0)", "print takes 1 operands, not 0"),
    ])
    func faultsAreFound(_ text: String, _ message: String) throws {
        let module = try Samples.module("global module\n" + text + "\nyield\n")
        let faults = Verifier.faults(in: module)
        #expect(faults.first?.message.contains(message) == true, "\(faults)")
    }

    /// A neighbour's row is there when an exchange has brought it.
    @Test(arguments: ["exchange(0 0, 0 0) %3, %3", "exchange(0 2, 0 2 wraps) %3, %3", "exchange(1 0, 0 2) %3, %3"])
    func halosAreWideEnough(_ narrow: String) throws {
        let text = Samples.halos.replacing("exchange(1 0, 0 2 wraps) %3, %3", with: narrow)
        let faults = Verifier.faults(in: try Samples.module(text))
        #expect(faults.first?.message.contains("no exchange has brought") == true, "\(faults)")
    }

    /// Over a grid that goes for rows and for columns.
    @Test(arguments: ["1 0", "0 0 columns 0 2 wraps", "1 0 columns 0 1 wraps", "1 0 columns 0 2"])
    func halosAreWideEnoughInBothDirections(_ narrow: String) throws {
        let text = Samples.grid.replacing("exchange(1 0 columns 0 2 wraps)", with: "exchange(\(narrow))")
        let faults = Verifier.faults(in: try Samples.module(text))
        #expect(faults.first?.message.contains("no exchange has brought") == true, "\(faults)")
    }

    /// A reduction by tiles has an accumulator and yields nothing.
    @Test func tilesAreAccumulated() throws {
        let text = Samples.tiled.replacing("%12\n    yield\n", with: "%12\n    yield %12\n")
        #expect(text != Samples.tiled)
        #expect(!Verifier.faults(in: try Samples.module(text)).isEmpty)
    }

    /// What is started is finished, once, and meanwhile its arrays rest and nothing else is sent.
    @Test(arguments: [
        ("    finishExchange %5\n    yield", "    yield", "an array is used while"),
        ("startExchange(0 1) %5\nfinishExchange %5", "startExchange(0 1) %5", "an array is used while"),
        (
            "release %5\n%12: f64 = allreduce", "startExchange(0 1) %5\n%12: f64 = allreduce",
            "communication while an exchange"
        ),
        ("startExchange(0 1) %5\n", "", "no such exchange is under way"),
        ("startExchange(1 0) %5\n", "", "no such exchange is under way"),
        ("release %8\nyield", "release %8\nstartExchange(0 1) %5\nyield", "is not finished"),
        ("%7: f64 = constant f64 0.5", "%7: f64 = read %5[%0]", "an array is used while"),
        ("inside %3..%4", "inside %3..%7", "is not an i64"),
    ])
    func exchangesAreFinished(_ sound: String, _ broken: String, _ message: String) throws {
        let text = Samples.overlapped.replacing(sound, with: broken)
        #expect(text != Samples.overlapped)
        let faults = Verifier.faults(in: try Samples.module(text))
        #expect(faults.contains { $0.message.contains(message) }, "\(faults)")
    }

    /// Every reference is given away or released once, and nothing is used afterwards.
    @Test(arguments: [
        ("release %6\n", "", "%6 is neither given away nor released"),
        ("release %3\nyield", "release %3\nrelease %3\nyield", "%3 is used after its last reference"),
        ("release %6\n", "release %6\nrelease %6\n", "%6 is given away or released without a reference"),
        ("release %3\nyield", "release %3\n%11: f64 = read %3[%1]\nyield", "%3 is used after"),
        ("    retain %3\n", "", "%3 is given away or released without a reference"),
        ("    retain %3\n", "    retain %3\n    retain %3\n", "%3 is neither given away"),
        ("    yield %10\n", "    yield %8\n", "%8 is used after"),
        ("read %3[%7]", "read %4[%7]", "%4 is used after"),
        (
            "    %10: f64[%0] = unshare %8\n", "    release %8\n    %10: f64[%0] = allocate\n    retain %10\n",
            "%10 is neither"
        ),
        ("release %6\n", "release %6\nrelease %4\n", "%4 is given away or released without"),
    ])
    func referencesBalance(_ sound: String, _ broken: String, _ message: String) throws {
        let text = Samples.references.replacing(sound, with: broken)
        #expect(text != Samples.references)
        let faults = Verifier.faults(in: try Samples.module(text))
        #expect(faults.contains { $0.message.contains(message) }, "\(faults)")
    }

    /// A program that passes cannot hang: what communicates stands where every rank comes equally often.
    @Test(arguments: [
        "if %2 {\nprint (\"x\")\nyield\n} else {\nyield\n}",
        "if %2 {\n%9: f64[%0] = allgather %3\nyield\n} else {\nyield\n}",
        "for (%9: local i64 in %0..%1 by %0) with () {\nshow \"x\" %0\nyield\n}",
        "while () {\nyield %2\n} do () {\nprint (\"x\")\nyield\n}",
        "while () {\n%9: f64 = clock\nyield %2\n} do () {\nyield\n}",
        "if %2 {\nfor (%9: i64 in %0..%0 by %0) with () {\nprint (\"x\")\nyield\n}\nyield\n} else {\nyield\n}",
    ])
    func communicationUnderLocalConditions(_ text: String) throws {
        let around = """
            global module
            %0: i64 = ranks
            %1: local i64 = rank
            %2: local bool = equal %0, %1
            %4: text = text "x"
            %3: f64[/%0], %5: i64 = load %4, %4, %0

            """
        let module = try Samples.module(around + text + "\nyield\n")
        let faults = Verifier.faults(in: module)
        #expect(faults.first?.message.contains("not every rank may come") == true, "\(faults)")
    }

    /// What only rank 0 knows is no condition either.
    @Test(arguments: [
        "if %8 {\nprint (\"x\")\nyield\n} else {\nyield\n}",
        "for (%9: root i64 in %0..%7 by %0) with () {\nshow \"x\" %0\nyield\n}",
        "while () {\nyield %8\n} do () {\n%9: f64 = clock\nyield\n}",
    ])
    func communicationUnderConditionsOfRankZero(_ text: String) throws {
        let around = """
            distributed module
            %0: i64 = ranks
            %1: part(+) i64 = loop (%2: i64 in %0..%0 by %0) divided 0 of %0 yields reduction(+) {
                yield %2
            }
            %7: root i64 = reduce %1
            %8: root bool = equal %0, %7

            """
        let module = try Samples.module(around + text + "\nyield\n")
        let faults = Verifier.faults(in: module)
        #expect(faults.first?.message.contains("not every rank may come") == true, "\(faults)")
    }

    /// Collectives match in type and count: what says how much is sent is the same on all ranks.
    @Test(arguments: [
        (
            "%5: f64[/%1] = loop (%6: i64 in %2..%1 by %3) divided 0 of %1 yields element {\nyield %4\n}",
            "has the extent %1"
        ),
        (
            "%5: f64[/%0, %1] = loop (%6: i64 in %2..%0 by %3, %7: i64 in %2..%1 by %3) divided 0 of %0 yields element {\nyield %4\n}",
            "has the extent %1"
        ),
        (
            "%5: part(+) f64 = loop (%6: i64 in %2..%0 by %3, %7: local i64 in %2..%1 by %3) divided 0 of %0 yields reduction(+) {\nyield %4\n}",
            "a divided loop runs over %1"
        ),
        (
            "%5: part(+) f64 = loop (%6: i64 in %1..%0 by %3) divided 0 of %0 yields reduction(+) {\nyield %4\n}",
            "a divided loop runs over %1"
        ),
        ("%5: f64[/%0], %6: i64 = load %8, %8, %1", "a file is read by %1"),
        ("%5: f64[/%6], %6: i64 = array slice(1) %9, %1, %0, %3", "an operation on a divided array takes %1"),
        (
            "%5: local f64[%1] = loop (%6: local i64 in %2..%1 by %3) yields element {\nyield %4\n}\n"
                + "%7: f64[/%0] = array concat(0, 2) %9, %5", "an operation on a divided array takes %5"
        ),
        ("%5: f64[/%0] = update %9 over (%6: local i64 in %2..%1 by %3) {\nyield %6, %4\n}", "an update runs over %1"),
        ("%5: f64[/%0] = update %9 over () {\nyield %1, %4\n}", "an update writes at %1"),
        ("%5: text = if %11 {\nyield %8\n} else {\n%6: text = text \"y\"\nyield %6\n}", "a text that differs"),
        ("save %1, %8, %8", "a rank's own value"),
    ])
    func sizesAndArgumentsThatDiffer(_ text: String, _ message: String) throws {
        let around = """
            global module
            %0: i64 = ranks
            %1: local i64 = rank
            %2: i64 = constant i64 0
            %3: i64 = constant i64 1
            %4: f64 = constant f64 0
            %8: text = text "x"
            %9: f64[/%0], %10: i64 = load %8, %8, %0
            %11: local bool = equal %0, %1

            """
        let faults = Verifier.faults(in: try Samples.module(around + text + "\nyield\n"))
        #expect(faults.contains { $0.message.contains(message) }, "\(faults)")
    }

    @Test func collectivesInLoopBodies() throws {
        let module = try Samples.module(
            """
            distributed module
            %0: i64 = ranks
            %1: part(+) f64 = loop (%2: i64 in %0..%0 by %0) divided 0 of %0 yields reduction(+) {
                %3: f64 = constant f64 1
                yield %3
            }
            %4: f64[%0] = loop (%5: i64 in %0..%0 by %0) yields element {
                %6: f64 = allreduce %1
                yield %6
            }
            yield

            """)
        #expect(Verifier.faults(in: module).first?.message.contains("collective in the body") == true)
    }

    @Test func totalsOfDividedLoopsAreForTheGlobalStageOnly() throws {
        let text = """
            %0: i64 = ranks
            %1: f64 = loop (%2: i64 in %0..%0 by %0) divided 0 of %0 yields reduction(+) {
                %3: f64 = constant f64 1.5
                yield %3
            }
            yield

            """
        #expect(Verifier.faults(in: try Samples.module("global module\n" + text)).isEmpty)
        #expect(!Verifier.faults(in: try Samples.module("distributed module\n" + text)).isEmpty)
    }
}
