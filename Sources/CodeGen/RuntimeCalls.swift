import IR
import LLVMSupport
import Language
import Source

/// Calls of the runtime, whose functions pdl.h declares, and the constants that they are given.
extension Emitter {
    /// The C function of this name; its type follows from the arguments.
    @discardableResult
    func callRuntime(
        _ name: String, _ arguments: [LLVMValue], returning result: LLVMType? = nil, _ attributes: [String] = []
    ) -> LLVMValue {
        let type = LLVMType.function(result ?? llvm.void, arguments.map(\.type))
        return builder.call(LLVMFunction(llvm.function(name, type, ["nounwind"] + attributes), type), arguments)
    }

    /// A function of its arguments alone (and of facts that never change while a program runs).
    func callPureRuntime(_ name: String, _ arguments: [LLVMValue]) -> LLVMValue {
        callRuntime(name, arguments, returning: llvm.integer(64), ["willreturn", "memory", "speculatable"])
    }

    /// Ends the block.
    func callNoReturn(_ name: String, _ arguments: [LLVMValue]) {
        callRuntime(name, arguments, ["noreturn", "cold"])
        builder.unreachable()
    }

    /// Runs `report`, which must end its block, where `condition` is true on a lane at work. `report` is given the lanes that
    /// fail, nil in straight code. Lanes that are to be run again one by one do not report.
    func fail(where condition: LLVMValue, _ report: (LLVMValue?) throws -> Void) throws {
        var failing = condition
        if condition.isVector {
            if let mask = lanes?.mask { failing = builder.binary(.and, condition, mask) }
        } else if let lanes, lanes.mayBeEmpty, let mask = lanes.mask {
            failing = builder.binary(.and, condition, any(mask))
        }
        let bad = again ?? builder.block("fail")
        let good = builder.block("")
        builder.branch(failing.isVector ? any(failing) : failing, bad, good)
        if again == nil {
            builder.move(to: bad)
            try report(failing.isVector ? failing : nil)
        }
        builder.move(to: good)
    }

    /// Whether a lane is true.
    func any(_ mask: LLVMValue) -> LLVMValue {
        let bits = builder.cast(.bits, mask, to: llvm.integer(Lanes.count))
        return builder.compare(.ne, bits, bits.type.null)
    }

    /// The number of the first true lane, as an i64.
    func firstLane(_ mask: LLVMValue) throws -> LLVMValue {
        let bits = builder.cast(.bits, mask, to: llvm.integer(Lanes.count))
        let number = try builder.intrinsic("llvm.cttz", [bits.type], [bits, llvm.integer(1).constant(0)])
        return builder.cast(.zeroExtend, number, to: llvm.integer(64))
    }

    // MARK: Constants

    /// A C string, each text once.
    func text(_ text: String) -> LLVMValue {
        if let known = texts[text] { return known }
        let constant = llvm.constant(llvm.text(text))
        texts[text] = constant
        return constant
    }

    struct PlaceKey: Hashable {
        let path: String
        let line: Int
        let column: Int
    }

    /// A `pdl_place` of the program's text.
    func place(of node: Node) -> LLVMValue { place(of: node.span) }

    func place(of span: Span) -> LLVMValue {
        let key = PlaceKey(path: span.file.path, line: span.line, column: span.column)
        if let known = places[key] { return known }
        let type = llvm.structure([llvm.pointer, llvm.integer(32), llvm.integer(32)])
        let constant = llvm.constant(.structure([text(key.path), i32(key.line), i32(key.column)], of: type))
        places[key] = constant
        return constant
    }

    /// The number of an element type in `enum pdl_element`.
    func code(of element: ElementType) -> LLVMValue {
        i32(ElementType.allCases.firstIndex(of: element) ?? 0)
    }

    /// The `pdl_program` of pdl.h; `run` is its code.
    func defineProgram(_ run: LLVMValue) {
        let int = llvm.integer(32)
        let row = llvm.structure([llvm.pointer, int, int, llvm.pointer, llvm.pointer])
        func optional(_ value: String?) -> LLVMValue { value.map(text) ?? llvm.pointer.null }
        let rows = source.parameters.map { parameter in
            LLVMValue.structure(
                [
                    text(parameter.name), parameter.element.map(code) ?? i32(-1),
                    i32(parameter.defaultText == nil ? 1 : 0), optional(parameter.defaultText),
                    optional(parameter.documentation),
                ], of: row)
        }
        let file = source.file.file.path.split(separator: "/").last.map(String.init) ?? ""
        let name = file.hasSuffix(".pdl") ? String(file.dropLast(4)) : file
        let fields = [text(name), llvm.constant(.array(rows, of: row)), i64(rows.count), i64(units.marginRows), run]
        let type = llvm.structure([llvm.pointer, llvm.pointer, llvm.integer(64), llvm.integer(64), llvm.pointer])
        _ = llvm.constant(.structure(fields, of: type), exportedAs: units.options.symbol)
    }
}
