import IR
import LLVMSupport
import Language
import Source

/// A variable of the program, in the body of one call of its function.
struct NamedVariable: Hashable {
    let id: Int
    let call: ObjectIdentifier?
}

/// What a debugger shows: the calls that a place was written out for, and the program's variables. Each has slots in memory that hold its
/// value, or its array's address and the extents of what this rank has of it.
extension Emitter {
    /// Where instructions of this place stand; nil: in no function of the program's lines.
    func scope(of span: Span) -> LLVMDebugInfo.Scope? {
        guard let debugInfo, let debugScope else { return nil }
        guard let call = span.call, let outer = scope(of: call.place) else { return debugScope }
        return debugInfo.writtenOut(
            call.function, in: span.file.path, line: span.line, calledAt: call.place.debugPlace, in: outer)
    }

    func emitName(_ name: String, _ variable: Int, _ node: Node) throws {
        guard let debugInfo, let scope = scope(of: node.span) else { return }
        let type = source.type(node.value)
        let element = try element(node.value)
        let key = NamedVariable(id: variable, call: node.span.call.map(ObjectIdentifier.init))
        let described = LLVMDebugInfo.Variable(name, of: element.debugNumber, at: node.span.debugPlace, in: scope)
        let slots = try namedSlots[key] ?? newSlots(for: node.value, element)
        if namedSlots[key] == nil {
            namedSlots[key] = slots
            if type.isScalar {
                debugInfo.declare(described, in: slots[0], entry)
            } else {
                debugInfo.declare(described, at: slots[0], extents: Array(slots.dropFirst()), entry)
            }
        }
        let value = try uniform(node.value)
        builder.store(type.isScalar ? inMemory(value, element) : value, slots[0])
        guard !type.isScalar else { return }
        for (slot, extent) in zip(slots.dropFirst(), try ownExtents(of: node.value)) { builder.store(extent, slot) }
    }

    /// Until it has a value a number is 0, and an array empty.
    private func newSlots(for value: Value, _ element: ElementType) throws -> [LLVMValue] {
        let type = source.type(value)
        let first = type.isScalar ? try memoryType(element) : llvm.pointer
        return ([first] + type.dimensions.map { _ in llvm.integer(64) }).map { type in
            let slot = slot(type)
            builder.inside(entry) { builder.store(type.null, slot) }
            return slot
        }
    }
}

extension Span {
    var debugPlace: LLVMDebugInfo.Place { LLVMDebugInfo.Place(path: file.path, line: line, column: column) }
}

extension ElementType {
    fileprivate var debugNumber: LLVMDebugInfo.Number {
        let kind: LLVMDebugInfo.Number.Kind =
            self == .bool ? .boolean : isFloat ? .float : self == .u32 || self == .u64 ? .unsigned : .signed
        return LLVMDebugInfo.Number(rawValue, bits: 8 * byteSize, kind)
    }
}
