internal import CLLVM

/// A type of LLVM, good as long as its module lives.
/// One type of a module has one reference, so equal references are equal types.
public struct LLVMType: Equatable {
    let ref: OpaquePointer

    init(_ ref: OpaquePointer) { self.ref = ref }

    /// `<count x self>`.
    public func vector(_ count: Int) -> LLVMType { LLVMType(LLVMVectorType(ref, UInt32(count))) }
    public func array(_ count: Int) -> LLVMType { LLVMType(LLVMArrayType2(ref, UInt64(count))) }

    public var isVector: Bool { LLVMGetTypeKind(ref) == LLVMVectorTypeKind }
    /// Lanes of a vector type.
    public var laneCount: Int { Int(LLVMGetVectorSize(ref)) }
    /// The element of a vector type; any other type itself.
    public var scalar: LLVMType { isVector ? LLVMType(LLVMGetElementType(ref)) : self }
    /// Bits of an integer type.
    public var width: Int { Int(LLVMGetIntTypeWidth(ref)) }
    public var isInteger: Bool { LLVMGetTypeKind(ref) == LLVMIntegerTypeKind }

    /// A type as wide as `shape`: a vector of this scalar when `shape` is one.
    public func like(_ shape: LLVMType) -> LLVMType { shape.isVector ? vector(shape.laneCount) : self }

    public static func function(_ result: LLVMType, _ parameters: [LLVMType]) -> LLVMType {
        var references = parameters.map { Optional($0.ref) }
        return LLVMType(LLVMFunctionType(result.ref, &references, UInt32(parameters.count), 0))
    }

    // MARK: Constants

    /// An integer by its bits, in every lane of a vector.
    public func constant(_ value: Int) -> LLVMValue {
        let one = LLVMConstInt(scalar.ref, UInt64(bitPattern: Int64(value)), 1)!
        return isVector ? .vector(Array(repeating: LLVMValue(one), count: laneCount)) : LLVMValue(one)
    }
    /// An f64 or f32 by the bits of `value`, NaNs included; in every lane of a vector.
    public func constant(_ value: Double) -> LLVMValue {
        let isSingle = LLVMGetTypeKind(scalar.ref) == LLVMFloatTypeKind
        let bits = isSingle ? UInt64(Float(value).bitPattern) : value.bitPattern
        let integer = LLVMIntTypeInContext(LLVMGetTypeContext(ref), isSingle ? 32 : 64)
        let one = LLVMValue(LLVMConstBitCast(LLVMConstInt(integer, bits, 0), scalar.ref))
        return isVector ? .vector(Array(repeating: one, count: laneCount)) : one
    }
    public var null: LLVMValue { LLVMValue(LLVMConstNull(ref)) }
    public var poison: LLVMValue { LLVMValue(LLVMGetPoison(ref)) }
}

/// A value of LLVM, good as long as its module lives.
public struct LLVMValue: Hashable {
    let ref: OpaquePointer

    init(_ ref: OpaquePointer) { self.ref = ref }

    public var type: LLVMType { LLVMType(LLVMTypeOf(ref)) }
    public var isVector: Bool { type.isVector }
    /// Of a constant i1; nil: it is none.
    public var knownTruth: Bool? {
        LLVMIsAConstantInt(ref) == nil ? nil : LLVMConstIntGetZExtValue(ref) != 0
    }

    /// A constant vector.
    public static func vector(_ lanes: [LLVMValue]) -> LLVMValue {
        var references = lanes.map { Optional($0.ref) }
        return LLVMValue(LLVMConstVector(&references, UInt32(lanes.count)))
    }
    /// A constant struct with the natural layout.
    public static func structure(_ fields: [LLVMValue], of type: LLVMType) -> LLVMValue {
        var references = fields.map { Optional($0.ref) }
        return LLVMValue(LLVMConstNamedStruct(type.ref, &references, UInt32(fields.count)))
    }
    public static func array(_ elements: [LLVMValue], of element: LLVMType) -> LLVMValue {
        var references = elements.map { Optional($0.ref) }
        return LLVMValue(LLVMConstArray2(element.ref, &references, UInt64(elements.count)))
    }

    /// A parameter of a function.
    public func parameter(_ index: Int) -> LLVMValue { LLVMValue(LLVMGetParam(ref, UInt32(index))) }

    public func addIncoming(_ value: LLVMValue, from block: LLVMBlock) {
        var values: [OpaquePointer?] = [value.ref]
        var blocks: [OpaquePointer?] = [block.ref]
        LLVMAddIncoming(ref, &values, &blocks, 1)
    }
}

/// A basic block.
public struct LLVMBlock: Hashable {
    let ref: OpaquePointer

    init(_ ref: OpaquePointer) { self.ref = ref }
}
