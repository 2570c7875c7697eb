import IR
import LLVMSupport
import Language
import Source

/// Calls of the runtime, whose functions pdl.h declares, and the constants that they are given.
extension Emitter {
    /// The C function of this name, whose row of `RuntimeABI` must have these arguments' types.
    @discardableResult
    func callRuntime(_ name: String, _ arguments: [LLVMValue], _ attributes: [String] = []) -> LLVMValue {
        let function = runtimeFunction(name, arguments, ["nounwind"] + attributes)
        return builder.call(function, arguments)
    }

    /// The declaration of a function of the runtime. One that is not in the table, or is given something else, is a fault of pdlc, told when
    /// the module is finished.
    func runtimeFunction(_ name: String, _ arguments: [LLVMValue], _ attributes: [String]) -> LLVMFunction {
        var result = llvm.void
        if let row = RuntimeABI.functions[name] {
            result = type(row.result)
            let wanted = row.parameters.map(type)
            if wanted != arguments.map(\.type) { note(CodeGenFault("\(name) is not given what RuntimeABI says")) }
        } else {
            note(CodeGenFault("the runtime has no function \(name)"))
        }
        let type = LLVMType.function(result, arguments.map(\.type))
        return LLVMFunction(llvm.function(name, type, attributes), type)
    }

    /// How a type of C is kept in a register and in a struct.
    private func type(_ type: RuntimeABI.CType) -> LLVMType {
        switch type {
        case .void: llvm.void
        case .byte: llvm.integer(8)
        case .int32: llvm.integer(32)
        case .int64: llvm.integer(64)
        case .double: llvm.double
        case .address: llvm.pointer
        }
    }

    func type(_ row: RuntimeABI.Struct) -> LLVMType {
        llvm.structure(row.fields.map { $0.count == 1 ? type($0.type) : type($0.type).array($0.count) })
    }

    /// The address of a field of a struct.
    func field(_ name: String, of row: RuntimeABI.Struct, at address: LLVMValue) -> LLVMValue {
        builder.element(llvm.integer(8), address, i64(row.offset(name)))
    }

    /// A function of its arguments alone (and of facts that never change while a program runs).
    func callPureRuntime(_ name: String, _ arguments: [LLVMValue]) -> LLVMValue {
        callRuntime(name, arguments, ["willreturn", "memory", "speculatable"])
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
        let bad = context.again ?? builder.block("fail")
        let good = builder.block("")
        builder.branch(failing.isVector ? any(failing) : failing, bad, good)
        if context.again == nil {
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
        let fields = [text(key.path), i32(key.line), i32(key.column)]
        let constant = llvm.constant(.structure(fields, of: type(RuntimeABI.place)))
        places[key] = constant
        return constant
    }

    /// The number of an element type in `enum pdl_element`.
    func code(of element: ElementType) -> LLVMValue {
        guard let number = RuntimeABI.elements.firstIndex(where: { $0.type == element }) else {
            note(CodeGenFault("RuntimeABI has no number for \(element)"))
            return i32(-1)
        }
        return i32(number)
    }

    func code(of placement: Placement) -> LLVMValue {
        number("PDL_\(placement.word.uppercased())", RuntimeABI.placements)
    }

    /// How an axis is cut, a byte.
    func code(of cut: Distribution.Cut) -> LLVMValue {
        guard let number = RuntimeABI.cuts.firstIndex(where: { $0.cut == cut }) else {
            note(CodeGenFault("RuntimeABI has no number for \(cut)"))
            return llvm.integer(8).null
        }
        return llvm.integer(8).constant(number)
    }

    /// A direction of the grid, an i64.
    func code(of direction: Direction) -> LLVMValue {
        guard let number = RuntimeABI.directions.firstIndex(where: { $0.direction == direction }) else {
            note(CodeGenFault("RuntimeABI has no number for \(direction)"))
            return i64(0)
        }
        return i64(number)
    }

    func code(of style: PrintPiece.HoleStyle) -> LLVMValue {
        number("PDL_\(style.rawValue.uppercased())", RuntimeABI.holeStyles)
    }

    private func number(_ name: String, _ names: [String]) -> LLVMValue {
        guard let number = names.firstIndex(of: name) else {
            note(CodeGenFault("RuntimeABI has no number for \(name)"))
            return i32(-1)
        }
        return i32(number)
    }

    /// The `pdl_program` of pdl.h; `run` is its code.
    func defineProgram(_ run: LLVMValue) {
        let row = type(RuntimeABI.parameter)
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
        let fields = [text(name), llvm.constant(.array(rows, of: row)), i64(rows.count), run, i64(units.margins.grid)]
        _ = llvm.constant(.structure(fields, of: type(RuntimeABI.program)), exportedAs: units.options.symbol)
    }
}
