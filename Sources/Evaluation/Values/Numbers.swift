import Language
import Source
import TypedTree

extension ClosureBuilder {
    /// An expression whose value is a number.
    func number(_ expression: TypedExpression) throws -> NumberCode {
        switch expression.kind {
        case .constant(let constant):
            let word = constant.word
            return NumberCode { _ in word }
        case .apply(let op, let operands): return try apply(try elementwise(op, operands, expression.span), operands)
        case .power(let base, let exponent): return try apply(try power(of: base, exponent, expression.span), [base])
        case .convert(let operand): return try apply(try conversion(operand, to: expression), [operand])
        case .element(let array, let indices, _):
            if case .view(let base, let view) = array.kind, !view.edges.isEmpty {
                return try element(of: base, view.edges, view.fill, indices, expression.span)
            }
            return try element(of: array, indices, expression.span)
        case .reduction(let reduction): return try numberReduction(reduction, at: expression.span)
        case .extent(let array, let axis): return try extent(of: array, axis)
        case .rank: return NumberCode { $0.rank.word }
        case .ranks:
            let ranks = ranks.word
            return NumberCode { _ in ranks }
        case .sameText(let left, let right):
            let (a, b) = (try value(left), try value(right))
            return NumberCode { (try a($0).text() == b($0).text()).word }
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
        let location = try self.location(of: array)
        return NumberCode { machine in
            let extent = machine.arrays[try location.find(machine)].extents[axis]
            return location.ownAxis == axis ? machine.ownRange(extent).count.word : extent.word
        }
    }

    // MARK: Elements

    /// Where an array is to be found. Arrays that are not variables are computed into a place of their own.
    func location(of array: TypedExpression) throws -> ArrayLocation {
        switch array.kind {
        case .place(let inner), .view(let inner, _): return try location(of: inner)
        case .variable(let variable): return ArrayLocation(place: place(variable))
        case .ownBlock(let inner):
            var location = try location(of: inner)
            guard location.ownAxis == nil, let axis = inner.type.array?.placement.dividedAxis else {
                throw Fault("the own block of \(inner.type)")
            }
            location.ownAxis = axis
            return location
        default:
            let place = Place(kind: .array, base: shared.places.temporaryArray(), isLocal: false)
            return ArrayLocation(place: place, computation: ArrayValue.write(place, try self.array(array)))
        }
    }

    /// Every index is checked, proved or not: this is the reference.
    private func element(
        of array: TypedExpression, _ indices: [TypedExpression], _ span: Span
    ) throws -> NumberCode {
        guard let rank = array.type.array?.rank, rank == indices.count else {
            throw Fault("an element of \(array.type)")
        }
        let location = try self.location(of: array)
        let codes = try indices.map(number)
        if location.ownAxis == nil, let first = codes.first, rank <= 2 {
            let second = codes.last ?? first
            return NumberCode { machine in
                let array = try location.find(machine)
                let index = Int(word: try first(machine))
                var linear = try machine.checked(index, array, axis: 0, span)
                if rank == 2 {
                    let index = Int(word: try second(machine))
                    let column = try machine.checked(index, array, axis: 1, span)
                    linear = linear * machine.arrays[array].extents[1] + column
                }
                return machine.arrays[array].elements[linear]
            }
        }
        return NumberCode { machine in
            let array = try location.find(machine)
            let indices = try codes.map { Int(word: try $0(machine)) }
            let linear = try machine.linearIndex(array, indices, ownAxis: location.ownAxis, span)
            return machine.arrays[array].elements[linear]
        }
    }
}

/// Where an array is to be found when an element of it is wanted.
struct ArrayLocation {
    let place: Place
    /// Puts the array there first.
    var computation: Code<Void>?
    /// The axis along which only this rank's block is meant.
    var ownAxis: Int?

    /// The array's index in `Machine.arrays`.
    @inline(__always)
    func find(_ machine: Machine) throws -> Int {
        try computation?(machine)
        return place.index(machine)
    }
}

extension Machine {
    /// Which indices of an axis of this extent the current rank holds.
    func ownRange(_ extent: Int) -> Range<Int> { Blocks(extent: extent, grid).range(of: rank) }

    @inline(__always)
    fileprivate func checked(_ index: Int, _ array: Int, axis: Int, _ span: Span) throws -> Int {
        let extent = arrays[array].extents[axis]
        guard index >= 0, index < extent else { throw Failure.index(index, extent, axis: axis, at: span) }
        return index
    }

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
