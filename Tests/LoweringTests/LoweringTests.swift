import IR
import Testing

@Suite struct LoweringTests {
    @Test func partsAreCombinedWhereTheProgramSays() throws {
        let program = try Program(
            """
            let a = scatter(f64(arange(16)))
            let (s, t) = allreduce(local sum(a), local max(a))
            print "{s} {t}"
            """)
        #expect(program.local.count(.collective(.allreduce)) == 1)
    }
}
