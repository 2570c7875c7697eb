import Testing

@testable import Compiler

@Suite struct FormulaTests {
    let n = Formula.symbol("n")

    @Test func constantsAreFoldedAndStandInFront() {
        #expect("\(Formula.number(8) * n * .number(1))" == "8*n")
        #expect("\(n * .number(8) + .number(2) * .number(3))" == "8*n + 6")
        #expect("\(n - .number(0))" == "n")
    }

    @Test func parenthesesStandWhereTheyAreNeeded() {
        #expect("\(Formula.number(8) * n / .ranks * (.ranks - .number(1)))" == "8*n/P*(P - 1)")
        #expect("\((n + .number(1)) * n)" == "(n + 1)*n")
        #expect("\(n - (n - .number(1)))" == "n - (n - 1)")
        #expect("\(n / (.ranks * .number(2)))" == "n/(2*P)")
    }

    @Test func knownSymbolsGiveAValue() {
        let bytes = Formula.number(8) * n / .ranks
        #expect(bytes.value(["n": 100, "P": 4]) == 200)
        #expect(bytes.value(["n": 100]) == nil)
    }
}
