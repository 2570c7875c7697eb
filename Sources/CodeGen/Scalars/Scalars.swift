import IR
import LLVMSupport
import Language

/// Operations on numbers. The same functions serve one number and a vector of them: LLVM's instructions do.
extension Emitter {
    func emitConstant(_ constant: Constant, _ node: Node) throws {
        if case .integer(let number, _) = constant { note(node.results[0], is: Int(number)) }
        define(node, [try self.constant(constant)])
    }

    func constant(_ constant: Constant) throws -> LLVMValue {
        let type = try type(constant.element)
        switch constant {
        case .bool(let flag): return type.constant(flag ? 1 : 0)
        case .integer(let number, _): return type.constant(Int(number))
        case .float(let number, _): return type.constant(number)
        }
    }

    func emitScalar(_ op: ScalarOperator, _ node: Node) throws {
        if let known = context.testResults[node.results[0]] { return define(node, [known]) }
        let operands = try node.values.map(operand)
        let element = try element(node.values[op == .select ? 1 : 0])
        let shape = Shape.of(op, element, operands.map(\.shape))
        if shape == .linear || shape == .strided {
            return define(node.results[0], try affine(op, operands, shape))
        }
        let values = shape == .varying ? operands.map(widened) : try node.values.map(uniform)
        if op.canFail(element) { try checkDivisor(values[1], known: knownIntegers[node.values[1]], node) }
        let result = try scalar(op, element, values)
        define(node.results[0], shape == .varying ? .varying(result) : .uniform(result))
        if lanes != nil {
            noteIndexTest(op, operands, node)
            noteBrokenRow(op, element, operands, node)
        }
    }

    private func noteBrokenRow(
        _ op: ScalarOperator, _ element: ElementType, _ operands: [Operand], _ node: Node
    ) {
        guard element == .i64 else { return }
        let isKnown = zip(operands, node.operands).map { $0.shape != .varying || context.brokenRows.contains($1) }
        let breaks = [.bitAnd, .shiftRight, .floorDivide, .modulo].contains(op) && operands[1].shape == .uniform
        let keeps = [.add, .subtract, .multiply].contains(op) && operands.contains { $0.shape != .uniform }
        if isKnown.allSatisfy({ $0 }), breaks || keeps { context.brokenRows.insert(node.results[0]) }
    }

    /// Bases and strides are added, subtracted, or multiplied by the one number that all lanes have.
    private func affine(_ op: ScalarOperator, _ operands: [Operand], _ shape: Shape) throws -> Operand {
        let (a, b) = (operands[0], operands[1])
        let instruction: LLVMBinary = op == .add ? .add : op == .subtract ? .sub : .mul
        let base = builder.binary(instruction, a.value, b.value)
        if shape == .linear { return .linear(base) }
        if op != .multiply { return .strided(base, stride: builder.binary(instruction, stride(a), stride(b))) }
        let (factor, index) = a.shape == .uniform ? (a, b) : (b, a)
        return .strided(base, stride: builder.binary(.mul, stride(index), factor.value))
    }

    /// How much one lane has more than the lane before.
    private func stride(_ operand: Operand) -> LLVMValue {
        switch operand {
        case .linear: i64(1)
        case .strided(_, let stride): stride
        default: i64(0)
        }
    }

    /// Emits one operation; all operands are numbers, or all are vectors.
    func scalar(_ op: ScalarOperator, _ element: ElementType, _ v: [LLVMValue]) throws -> LLVMValue {
        if op.isComparison { return compare(op, element, v[0], v[1]) }
        switch op {
        case .add: return builder.binary(element.isFloat ? .fadd : .add, v[0], v[1])
        case .subtract: return builder.binary(element.isFloat ? .fsub : .sub, v[0], v[1])
        case .multiply: return builder.binary(element.isFloat ? .fmul : .mul, v[0], v[1])
        case .divide: return builder.binary(.fdiv, v[0], v[1])
        case .floorDivide: return element.isFloat ? try floorDivide(v[0], v[1]) : divide(element, v[0], v[1]).quotient
        case .modulo: return element.isFloat ? try modulo(v[0], v[1]) : divide(element, v[0], v[1]).remainder
        case .negate: return element.isFloat ? builder.negateFloat(v[0]) : builder.binary(.sub, v[0].type.null, v[0])
        case .fma: return try builder.intrinsic("llvm.fma", [v[0].type], v)
        case .bitAnd, .and: return builder.binary(.and, v[0], v[1])
        case .bitOr, .or: return builder.binary(.or, v[0], v[1])
        case .bitXor: return builder.binary(.xor, v[0], v[1])
        case .bitNot, .not: return builder.not(v[0])
        case .shiftLeft: return builder.binary(.shl, v[0], shiftCount(v[1]))
        case .shiftRight: return builder.binary(element.isSigned ? .ashr : .lshr, v[0], shiftCount(v[1]))
        case .select: return builder.select(v[0], v[1], v[2])
        case .min, .max: return extreme(op, element, v[0], v[1])
        case .abs: return try magnitude(element, v[0])
        case .sign: return sign(element, v[0])
        case .floor, .ceil, .trunc, .sqrt: return try builder.intrinsic("llvm.\(op.rawValue)", [v[0].type], v)
        case .round: return try builder.intrinsic("llvm.roundeven", [v[0].type], v)
        case .log where element == .f64: return try logarithm(v[0])
        case .isnan: return builder.compare(.uno, v[0], v[0])
        case .isinf: return builder.compare(.oeq, try magnitude(element, v[0]), v[0].type.constant(Double.infinity))
        case .isfinite: return builder.compare(.olt, try magnitude(element, v[0]), v[0].type.constant(Double.infinity))
        default:
            guard element.isFloat, let function = MathFunction(op) else {
                throw CodeGenFault("no code for \(op.rawValue) of \(element.rawValue)")
            }
            return call(function, element, v)
        }
    }

    /// The predicate of a comparison for floats, signed and unsigned integers.
    private static let predicates:
        [ScalarOperator: (float: LLVMFloatPredicate, signed: LLVMIntegerPredicate, unsigned: LLVMIntegerPredicate)] = [
            .equal: (.oeq, .eq, .eq), .notEqual: (.une, .ne, .ne), .less: (.olt, .slt, .ult),
            .lessEqual: (.ole, .sle, .ule), .greater: (.ogt, .sgt, .ugt), .greaterEqual: (.oge, .sge, .uge),
        ]

    private func compare(_ op: ScalarOperator, _ element: ElementType, _ a: LLVMValue, _ b: LLVMValue) -> LLVMValue {
        guard let predicate = Self.predicates[op] else {
            note(CodeGenFault("not a comparison: \(op)"))
            return builder.compare(.eq, a, a)
        }
        if element.isFloat { return builder.compare(predicate.float, a, b) }
        return builder.compare(element.isSigned ? predicate.signed : predicate.unsigned, a, b)
    }

    /// min(a, b) = (a < b or a != a) ? a : b. The first choice is one instruction of x86.
    private func extreme(_ op: ScalarOperator, _ element: ElementType, _ a: LLVMValue, _ b: LLVMValue) -> LLVMValue {
        let better = builder.select(compare(op == .min ? .less : .greater, element, a, b), a, b)
        return element.isFloat ? builder.select(builder.compare(.uno, a, a), a, better) : better
    }

    private func magnitude(_ element: ElementType, _ a: LLVMValue) throws -> LLVMValue {
        if element.isFloat { return try builder.intrinsic("llvm.fabs", [a.type], [a]) }
        guard element.isSigned else { return a }
        let isNegative = builder.compare(.slt, a, a.type.null)
        return builder.select(isNegative, builder.binary(.sub, a.type.null, a), a)
    }

    /// 1 above 0, -1 below; zeros and NaN stay what they are.
    private func sign(_ element: ElementType, _ a: LLVMValue) -> LLVMValue {
        func unit(_ n: Int) -> LLVMValue { element.isFloat ? a.type.constant(Double(n)) : a.type.constant(n) }
        let isPositive = compare(.greater, element, a, a.type.null)
        let isNegative = compare(.less, element, a, a.type.null)
        return builder.select(isPositive, unit(1), builder.select(isNegative, unit(-1), a))
    }

    private func shiftCount(_ count: LLVMValue) -> LLVMValue {
        builder.binary(.and, count, count.type.constant(count.type.scalar.width - 1))
    }
}

extension Shape {
    /// The shape of an operation's result. i64 sums, differences and multiples keep a stride.
    static func of(_ op: ScalarOperator, _ element: ElementType, _ operands: [Shape]) -> Shape {
        if operands.allSatisfy({ $0 == .uniform }) { return .uniform }
        guard element == .i64 else { return .varying }
        switch (op, operands) {
        case (.add, [.linear, .uniform]), (.add, [.uniform, .linear]), (.subtract, [.linear, .uniform]): return .linear
        case (.add, _), (.subtract, _): return operands.contains(.varying) ? .varying : .strided
        case (.multiply, _):
            return operands.contains(.uniform) && !operands.contains(.varying) ? .strided : .varying
        default: return .varying
        }
    }
}
