import IR
import Testing

@testable import Passes

@Suite struct ReuseBuffersTests {
    /// A loop that fills the fresh array %20 from %x; `body` reads what it needs and yields nothing.
    private func module(_ body: String, after: String = "release %x") -> String {
        """
        %1: local i64, %2: local i64 = owned %n
        %20: f64[/%n] = allocate
        loop (%3: i64 in %1..%2 by %one) divided 0 of %n yields nothing {
            %4: local i64 = subtract %3, %1
        \(body)
            yield
        }
        \(after)
        show "y" %20
        release %20
        """
    }

    private func reuses(_ text: String) throws -> Bool {
        let shape = try transform(ReuseBuffers.self, text, .local)
        let reuses = shape.count { $0 == .reuse }
        // Each takes the place of an allocate and of a release.
        #expect(shape.count { $0 == .allocate } == 1 - reuses)
        return reuses == 1
    }

    @Test func theDyingArrayIsWrittenInPlace() throws {
        #expect(try reuses(module("%5: f64 = read %x[%4]\n%6: f64 = exp %5\nwrite %20[%4] = %6")))
    }

    @Test func conditionalReadsCount() throws {
        #expect(
            try reuses(
                module(
                    """
                    %5: bool = less %3, %one
                    %6: f64 = if %5 {
                        %7: f64 = read %x[%4]
                        yield %7
                    } else {
                        %8: f64 = constant f64 0
                        yield %8
                    }
                    write %20[%4] = %6
                    """)))
    }

    @Test func otherIndicesKeepTheArray() throws {
        #expect(try !reuses(module("%6: local i64 = add %4, %one\n%5: f64 = read %x[%6]\nwrite %20[%4] = %5")))
    }

    @Test func readsAfterTheWriteKeepTheArray() throws {
        #expect(try !reuses(module("%5: f64 = constant f64 1\nwrite %20[%4] = %5\n%6: f64 = read %x[%4]")))
    }

    @Test func arraysThatLiveOnAreLeftAlone() throws {
        #expect(try !reuses(module("%5: f64 = read %x[%4]\nwrite %20[%4] = %5", after: "show \"x\" %x\nrelease %x")))
    }

    @Test func anArrayServesOnce() throws {
        let text = module("%5: f64 = read %x[%4]\nwrite %20[%4] = %5\nwrite %21[%4] = %5")
            .replacing("%20: f64[/%n] = allocate", with: "%20: f64[/%n] = allocate\n%21: f64[/%n] = allocate")
        let shape = try transform(ReuseBuffers.self, text + "\nrelease %21", .local)
        #expect(shape.count { $0 == .reuse } == 1)
        #expect(shape.count { $0 == .allocate } == 1)
    }
}
