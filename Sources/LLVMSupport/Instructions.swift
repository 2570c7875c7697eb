internal import CLLVM

/// Two operands of one type, number or vector. None carries a flag: integers wrap, floats are IEEE.
public enum LLVMBinary {
    case add, sub, mul, sdiv, udiv, srem, urem, shl, lshr, ashr, and, or, xor
    case fadd, fsub, fmul, fdiv, frem

    var opcode: LLVMOpcode {
        switch self {
        case .add: LLVMAdd
        case .sub: LLVMSub
        case .mul: LLVMMul
        case .sdiv: LLVMSDiv
        case .udiv: LLVMUDiv
        case .srem: LLVMSRem
        case .urem: LLVMURem
        case .shl: LLVMShl
        case .lshr: LLVMLShr
        case .ashr: LLVMAShr
        case .and: LLVMAnd
        case .or: LLVMOr
        case .xor: LLVMXor
        case .fadd: LLVMFAdd
        case .fsub: LLVMFSub
        case .fmul: LLVMFMul
        case .fdiv: LLVMFDiv
        case .frem: LLVMFRem
        }
    }
}

public enum LLVMIntegerPredicate: Sendable {
    case eq, ne, slt, sle, sgt, sge, ult, ule, ugt, uge

    var predicate: LLVMIntPredicate {
        switch self {
        case .eq: LLVMIntEQ
        case .ne: LLVMIntNE
        case .slt: LLVMIntSLT
        case .sle: LLVMIntSLE
        case .sgt: LLVMIntSGT
        case .sge: LLVMIntSGE
        case .ult: LLVMIntULT
        case .ule: LLVMIntULE
        case .ugt: LLVMIntUGT
        case .uge: LLVMIntUGE
        }
    }
}

/// Ordered comparisons are false on NaN; `une` and `uno` are true.
public enum LLVMFloatPredicate: Sendable {
    case oeq, une, olt, ole, ogt, oge, uno

    var predicate: LLVMRealPredicate {
        switch self {
        case .oeq: LLVMRealOEQ
        case .une: LLVMRealUNE
        case .olt: LLVMRealOLT
        case .ole: LLVMRealOLE
        case .ogt: LLVMRealOGT
        case .oge: LLVMRealOGE
        case .uno: LLVMRealUNO
        }
    }
}

public enum LLVMCast {
    case truncate, zeroExtend, signExtend, signedToFloat, unsignedToFloat, floatTruncate, floatExtend, bits
    /// A float that lies in the type's range, cut towards zero.
    case floatToSigned, floatToUnsigned
    case pointerToInteger

    var opcode: LLVMOpcode {
        switch self {
        case .truncate: LLVMTrunc
        case .zeroExtend: LLVMZExt
        case .signExtend: LLVMSExt
        case .signedToFloat: LLVMSIToFP
        case .unsignedToFloat: LLVMUIToFP
        case .floatTruncate: LLVMFPTrunc
        case .floatExtend: LLVMFPExt
        case .bits: LLVMBitCast
        case .floatToSigned: LLVMFPToSI
        case .floatToUnsigned: LLVMFPToUI
        case .pointerToInteger: LLVMPtrToInt
        }
    }
}
