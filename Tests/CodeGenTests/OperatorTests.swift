import IR
import Language
import Source
import Testing

/// Every operator gives the same bits in a vector, alone, and at every -O.
@Suite struct OperatorTests {
    private static let floats: [Double] = [
        0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.5, 1e10, -1e10, 7.25, -7.25, .infinity, -.infinity, .nan, 5e-324, 1e300, 0.3,
    ]
    private static let integers = [0, 1, -1, 2, -7, 7, 63, 64, 100, -100, Int.min, Int.max, 3, -3, 12, 5, 1 << 31]

    /// An operator and the type of its operands.
    struct Case {
        let op: ScalarOperator
        let element: ElementType
    }

    private static let cases: [Case] = ScalarOperator.allCases.flatMap { op in
        elements(of: op).map { Case(op: op, element: $0) }
    }

    private static func elements(of op: ScalarOperator) -> [ElementType] {
        switch op {
        case .and, .or, .not, .select: []
        case .bitAnd, .bitOr, .bitXor, .bitNot, .shiftLeft, .shiftRight: [.i64, .u32]
        case .add, .subtract, .multiply, .floorDivide, .modulo, .negate, .min, .max, .abs, .sign, .less, .equal:
            [.i32, .i64, .u64, .f64]
        default: [.f32, .f64]
        }
    }

    @Test func bitsDoNotDependOnLanesOrLevel() throws {
        let module = try program(Self.cases)
        let plain = try NativeProgram.run(module, optimisation: 0)
        let optimised = try NativeProgram.run(module, optimisation: 3)
        #expect(plain.count == Self.cases.count * 2 * Self.floats.count)
        #expect(plain == optimised)
        for (index, one) in Self.cases.enumerated() {
            let start = index * 2 * Self.floats.count
            let lanes = plain[start..<start + Self.floats.count]
            let alone = plain[(start + Self.floats.count)..<(start + 2 * Self.floats.count)]
            #expect(Array(lanes) == Array(alone), "\(one.op) of \(one.element)")
        }
    }

    @Test func divisionFloors() throws {
        let cases = [
            Case(op: .floorDivide, element: .i64), Case(op: .modulo, element: .i64), Case(op: .modulo, element: .f64),
        ]
        let output = try NativeProgram.run(try program(cases), optimisation: 3)
        let count = Self.integers.count
        for (index, pair) in zip(Self.integers, Self.divisors(Self.integers)).enumerated() {
            let quotient = Self.floorDivide(pair.0, pair.1)
            #expect(output[index] == "\(quotient)")
            #expect(output[2 * count + index] == "\(pair.0 &- quotient &* pair.1)")
        }
        #expect(output[4 * count + 5] == "9999999997.5")
        #expect(output[4 * count + 1] == "-0.0")
    }

    private static func floorDivide(_ a: Int, _ b: Int) -> Int {
        let (quotient, overflow) = a.dividedReportingOverflow(by: b)
        return !overflow && quotient &* b != a && (a < 0) != (b < 0) ? quotient - 1 : quotient
    }

    /// The same numbers, moved on by one; never 0.
    private static func divisors(_ numbers: [Int]) -> [Int] {
        (numbers.dropFirst() + numbers.prefix(1)).map { $0 == 0 ? 3 : $0 }
    }

    // MARK: The program

    /// For each case: all results of the vector loop, then all of the plain one.
    private func program(_ cases: [Case]) throws -> Module {
        var builder = Builder(stage: .local, parameters: [], file: SourceFile(path: "operators.pdl", ""))
        for one in cases {
            let inputs = try inputs(one.element, &builder)
            for isPlain in [false, true] { try append(one, inputs, isPlain: isPlain, &builder) }
        }
        return try builder.finish()
    }

    private func inputs(_ element: ElementType, _ builder: inout Builder) throws -> [Value] {
        let numbers = Self.constants(element)
        let second =
            element.isFloat
            ? Array(numbers.dropFirst(2) + numbers.prefix(2))
            : Self.divisors(Self.integers).map { number -> Constant in
                let narrow = Self.narrow(number, element)
                return .integer(narrow == 0 ? 3 : narrow, element)
            }
        let type = IRType.array(element, dimensions: [try builder.i64(numbers.count)], .replicated)
        return try [numbers, second, numbers.reversed()].map { list in
            try builder.append(.assemble, try list.map { try builder.constant($0) }, types: [type])[0]
        }
    }

    private static func constants(_ element: ElementType) -> [Constant] {
        element.isFloat
            ? floats.map { .float(element == .f32 ? Double(Float($0)) : $0, element) }
            : integers.map { .integer(narrow($0, element), element) }
    }

    private static func narrow(_ number: Int, _ element: ElementType) -> Int64 {
        switch element {
        case .i32: Int64(Int32(truncatingIfNeeded: number))
        case .u32: Int64(UInt32(truncatingIfNeeded: number))
        default: Int64(number)
        }
    }

    private func append(_ one: Case, _ inputs: [Value], isPlain: Bool, _ builder: inout Builder) throws {
        let count = try builder.i64(Self.floats.count)
        let range = [try builder.i64(0), count, try builder.i64(1)]
        let element = one.op.isPredicate ? ElementType.bool : one.element
        let output = try builder.append(
            .allocate, types: [.array(element, dimensions: [count], .replicated)])[0]
        let body = try builder.region([.scalar(.i64)]) { builder, index in
            let operands = try inputs.prefix(one.op.arity).map { try builder.append(.read, [$0, index[0]])[0] }
            let result = try builder.append(.scalar(one.op), operands, types: [.scalar(element)])[0]
            try builder.append(.write, [output, index[0], result])
            return []
        }
        if isPlain {
            try builder.append(.forLoop, range, regions: [body])
        } else {
            try builder.append(
                .loop(Loop(axes: 1, .whole, yields: [])), range, regions: [body])
        }
        let printing = try builder.region([.scalar(.i64)]) { builder, index in
            let number = try builder.append(.read, [output, index[0]])
            try builder.append(.print([.hole(style: .shortest, digits: 0, width: 0)]), number)
            return []
        }
        try builder.append(.forLoop, range, regions: [printing])
    }
}
