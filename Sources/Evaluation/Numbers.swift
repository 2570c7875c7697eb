import CNumerics
import Language
import Semantics
import Source

extension ClosureBuilder {
    /// An expression whose value is a number.
    func number(_ expression: TypedExpression) throws -> NumberCode {
        switch expression.kind {
        case .constant(let constant):
            let word = constant.word
            return NumberCode { _ in word }
        case .apply(let op, let operands): return try apply(try elementwise(op, operands, expression.span), operands)
        case .convert(let operand): return try apply(try conversion(operand, to: expression), [operand])
        case .element(let array, let indices, _): return try element(of: array, indices, expression.span)
        case .reduction(let reduction):
            let code = try self.reduction(reduction)
            return NumberCode { try code($0).number() }
        case .extent(let array, let axis): return try extent(of: array, axis)
        case .rank: return NumberCode { $0.rank.word }
        case .ranks:
            let ranks = ranks.word
            return NumberCode { _ in ranks }
        case .clock: return NumberCode { $0.seconds().word }
        case .variable(let variable):
            let place = place(variable)
            let base = place.base
            return place.isLocal ? NumberCode { $0.numbers[base + $0.rank] } : NumberCode { $0.numbers[base] }
        case .place(let operand): return try number(operand)
        default: return NumberCode(try structural(expression))
        }
    }

    private func apply(_ function: ElementwiseFunction, _ operands: [TypedExpression]) throws -> NumberCode {
        let codes = try operands.map(number)
        switch function.kernel {
        case .unary(let kernel):
            let a = codes[0]
            return NumberCode { kernel(try a($0)) }
        case .binary(let kernel):
            let (a, b) = (codes[0], codes[1])
            if function.refusesZero {
                let span = function.span
                return NumberCode { machine in
                    let dividend = try a(machine)
                    let divisor = try b(machine)
                    if divisor == 0 { throw Failure.division(at: span) }
                    return kernel(dividend, divisor)
                }
            }
            return NumberCode { kernel(try a($0), try b($0)) }
        case .ternary(let kernel):
            let (a, b, c) = (codes[0], codes[1], codes[2])
            return NumberCode { kernel(try a($0), try b($0), try c($0)) }
        }
    }

    private func extent(of array: TypedExpression, _ axis: Int) throws -> NumberCode {
        guard let type = array.type.array, axis < type.rank else { throw Fault("extent \(axis) of \(array.type)") }
        let (location, ownAxis) = try self.location(of: array)
        return NumberCode { machine in
            let extent = machine.arrays[try location(machine)].extents[axis]
            return ownAxis == axis ? machine.ownRange(extent).count.word : extent.word
        }
    }

    // MARK: Elements

    /// Where in `Machine.arrays` an array stands, and along which axis only this rank's block of it is meant, if any.
    /// Arrays that are not variables are computed into a place of their own.
    private func location(of array: TypedExpression) throws -> (Code<Int>, ownAxis: Int?) {
        switch array.kind {
        case .place(let inner): return try location(of: inner)
        case .variable(let variable):
            let place = place(variable)
            return ({ place.index($0) }, nil)
        case .ownBlock(let inner):
            let (location, outer) = try location(of: inner)
            guard outer == nil, let axis = inner.type.array?.placement.dividedAxis else {
                throw Fault("the own block of \(inner.type)")
            }
            return (location, axis)
        default:
            let code = try self.array(array)
            let index = shared.places.temporaryArray()
            return (
                { machine in
                    let value = try code(machine)
                    machine.arrays[index] = value
                    return index
                }, nil
            )
        }
    }

    /// Every index is checked, proved or not: this is the reference.
    private func element(
        of array: TypedExpression, _ indices: [TypedExpression], _ span: Span
    ) throws -> NumberCode {
        guard let rank = array.type.array?.rank, rank == indices.count else {
            throw Fault("an element of \(array.type)")
        }
        let codes = try indices.map(number)
        let (location, ownAxis) = try self.location(of: array)
        if rank == 1, ownAxis == nil {
            let code = codes[0]
            return NumberCode { machine in
                let index = Int(word: try code(machine))
                let array = try location(machine)
                guard index >= 0, index < machine.arrays[array].elements.count else {
                    throw Failure.index(index, machine.arrays[array].elements.count, axis: 0, at: span)
                }
                return machine.arrays[array].elements[index]
            }
        }
        return NumberCode { machine in
            let indices = try codes.map { Int(word: try $0(machine)) }
            let array = try location(machine)
            let linear = try machine.linearIndex(array, indices, ownAxis: ownAxis, span)
            return machine.arrays[array].elements[linear]
        }
    }
}

extension Machine {
    /// Which indices of an axis of this extent the current rank holds.
    func ownRange(_ extent: Int) -> Range<Int> { Blocks(extent: extent, ranks: ranks).range(of: rank) }

    /// The place of an element in an array, whose indices along `ownAxis` count from the current rank's first.
    func linearIndex(_ array: Int, _ indices: [Int], ownAxis: Int?, _ span: Span) throws -> Int {
        let extents = arrays[array].extents
        var linear = 0
        for (axis, index) in indices.enumerated() {
            let own = axis == ownAxis ? ownRange(extents[axis]) : 0..<extents[axis]
            guard index >= 0, index < own.count else { throw Failure.index(index, own.count, axis: axis, at: span) }
            linear = linear * extents[axis] + own.lowerBound + index
        }
        return linear
    }
}
