import IR
import Language
import Source
import Testing

@Suite struct RoundTripTests {
    @Test(arguments: [
        Samples.everything, Samples.halos, Samples.grid, Samples.tiled, Samples.overlapped, Samples.references,
        Samples.local,
    ])
    func textIsReadAndWrittenUnchanged(_ text: String) throws {
        let module = try Samples.module(text)
        #expect(Printer.print(module) == text)
        #expect(try Samples.module(Printer.print(module)) == module)
        #expect(module.renumbered() == module)
        #expect(Verifier.faults(in: module).map(\.description) == [])
    }

    @Test func numbersKeepTheirBits() throws {
        let floats: [Double] = [
            0.0, -0.0, 0.1, 1e300, .leastNonzeroMagnitude, .infinity, -.infinity, .nan, .signalingNaN, -.nan,
            Double(bitPattern: 0x7ff8_0000_0000_002a),
        ]
        var constants: [Constant] = floats.flatMap { [.float($0, .f64), .float($0, .f32)] }
        constants += [.integer(.min, .i64), .integer(-1, .u64), .integer(7, .u32), .integer(-7, .i32), .bool(true)]
        var builder = Builder(stage: .global, parameters: [], file: SourceFile(path: "x", ""))
        for constant in constants { _ = try builder.constant(constant) }
        let module = try builder.finish()
        let read = try Samples.module(Printer.print(module))
        #expect(read == module)
        #expect(read.body.nodes.dropLast().map(\.operation) == constants.map(Operation.constant))
    }

    @Test func linesStandInComments() throws {
        let module = try Samples.module("global module\n\n%0: i64 = ranks\nyield\n")
        let text = Printer.print(module, showsLines: true)
        #expect(text.contains("%0: i64 = ranks  # line 3"))
        #expect(try Samples.module(text) == module)
    }

    @Test func renumberingClosesGaps() throws {
        let module = try Samples.module("global module\n%7: i64 = ranks\n%3: i64 = add %7, %7\nyield\n")
        #expect(Printer.print(module.renumbered()) == "global module\n%0: i64 = ranks\n%1: i64 = add %0, %0\nyield\n")
    }

    @Test(arguments: [
        ("globe module", "irUnknownWord"), ("global modul", "irExpected"),
        ("global module\n%0: i65 = ranks", "irUnknownWord"),
        ("global module\n%0: i64 = rancks", "irUnknownWord"),
        ("global module\n%0: i64 = add %1, %2", "irUndefinedValue"),
        ("global module\n%0: i64 = ranks\n%0: i64 = ranks", "irDefinedTwice"),
        ("global module\n%99999999999: i64 = ranks", "irUnreadable"),
        ("global module\ntext \"ab", "irUnreadable"), ("global module\n%0: f64 = constant f64 zero", "irUnreadable"),
        ("global module\n%0: f64 = constant f64", "irExpected"), ("global module\nprint (1)", "irExpected"),
        ("global module\nloop (", "irExpected"), ("global module\n%0: i64 = if %0 {", "irExpected"), ("", "irExpected"),
        ("global module\nyield yield", "irExpected"), ("global module\nparameter", "irExpected"),
        ("global module\n\u{e9}", "irUnreadable"),
    ])
    func mistakesAreDiagnostics(_ text: String, _ id: String) throws {
        do {
            _ = try Samples.module(text)
            Issue.record("read: \(text)")
        } catch let diagnostic as Diagnostic {
            #expect(diagnostic.id == id)
        }
    }

    @Test func everyPrefixIsReadOrRefused() {
        for text in [Samples.everything, Samples.local] {
            for length in stride(from: 0, to: text.count, by: 7) {
                let module = try? Samples.module(String(text.prefix(length)))
                if let module { _ = Verifier.faults(in: module) }
            }
        }
    }
}
