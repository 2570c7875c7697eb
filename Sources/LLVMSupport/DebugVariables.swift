internal import CLLVM

/// Variables for a debugger: numbers, and arrays whose extents are in memory.
extension LLVMDebugInfo {
    /// How a number is read from memory.
    public struct Number {
        public enum Kind: UInt32 {
            // The numbers of DWARF's encodings.
            case boolean = 2
            case float = 4
            case signed = 5
            case unsigned = 7
        }
        let name: String
        let bits: Int
        let kind: Kind
        public init(_ name: String, bits: Int, _ kind: Kind) { (self.name, self.bits, self.kind) = (name, bits, kind) }
    }

    /// A name, its number's type, and where it stands.
    public struct Variable {
        let name: String
        let number: Number
        let place: Place
        let scope: Scope
        public init(_ name: String, of number: Number, at place: Place, in scope: Scope) {
            (self.name, self.number, self.place, self.scope) = (name, number, place, scope)
        }
    }

    /// Says at the end of `block` that a variable is in a slot.
    public func declare(_ variable: Variable, in slot: LLVMValue, _ block: LLVMBlock) {
        declare(variable, type(variable.number), Memory(slot: slot, block: block))
    }

    /// Says that the elements of an array begin at the address in a slot; its extents are in slots, too.
    public func declare(_ variable: Variable, at slot: LLVMValue, extents: [LLVMValue], _ block: LLVMBlock) {
        var axes: [OpaquePointer?] = extents.enumerated().map { axis, slot in
            let name = "extent \(axis) of \(variable.name)"
            let count = Variable(name, of: Number("i64", bits: 64, .signed), at: variable.place, in: variable.scope)
            return range(declare(count, type(count.number), Memory(slot: slot, block: block), LLVMDIFlagArtificial))
        }
        let array = LLVMDIBuilderCreateArrayType(builder, 0, 0, type(variable.number), &axes, UInt32(axes.count))!
        declare(variable, array, Memory(slot: slot, steps: [Memory.dereference], block: block))
    }

    /// Where a variable is from the end of a block on.
    private struct Memory {
        let slot: LLVMValue
        /// DWARF's way from the slot to the value.
        var steps: [UInt64] = []
        let block: LLVMBlock

        static let dereference: UInt64 = 6
    }

    @discardableResult
    private func declare(
        _ variable: Variable, _ type: OpaquePointer, _ memory: Memory, _ flags: LLVMDIFlags = LLVMDIFlagZero
    ) -> OpaquePointer {
        let (name, place) = (variable.name, variable.place)
        let described = LLVMDIBuilderCreateAutoVariable(
            builder, variable.scope.metadata, name, name.utf8.count, file(place.path), UInt32(place.line), type, 1,
            flags,
            0)!
        var steps = memory.steps
        let expression = LLVMDIBuilderCreateExpression(builder, &steps, steps.count)
        LLVMDIBuilderInsertDeclareRecordAtEnd(
            builder, memory.slot.ref, described, expression, location(place, variable.scope), memory.block.ref)
        return described
    }

    /// An axis of an array that has as many elements as a variable says. LLVM's C interface makes axes of a fixed extent alone: one that no
    /// other axis has is made, and the variable put in its place.
    private func range(_ count: OpaquePointer) -> OpaquePointer {
        extents += 1
        let range = LLVMDIBuilderGetOrCreateSubrange(builder, 0, Int64.max - Int64(extents))!
        LLVMReplaceMDNodeOperandWith(LLVMMetadataAsValue(module.context, range), 0, count)
        return range
    }

    private func type(_ number: Number) -> OpaquePointer {
        LLVMDIBuilderCreateBasicType(
            builder, number.name, number.name.utf8.count, UInt64(number.bits), number.kind.rawValue, LLVMDIFlagZero)
    }
}
