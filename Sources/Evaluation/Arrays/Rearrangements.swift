import Language
import Source

// Operations on whole arrays that put elements elsewhere.

extension ArrayOperation {
    func sliced(_ operands: [Value], at span: Span) throws -> ArrayValue {
        let whole = try operands[0].array()
        let bounds = try operands.dropFirst().map { Int(word: try $0.number()) }
        let cuts = stride(from: 0, to: bounds.count, by: 3).map {
            DomainCode.Extent(lower: bounds[$0], upper: bounds[$0 + 1], step: bounds[$0 + 2])
        }
        // What counts down is a whole axis reversed.
        try Shape.count(
            cuts.indices.filter { attributes[$0] == 1 && cuts[$0].step > 0 }.map { cuts[$0].extent }, at: span)
        if cuts.allSatisfy({ $0.step > 0 }) { try whole.checkSlice(cuts, at: span) }
        var result = whole.slice(cuts.map { ($0.lower, $0.step, $0.step > 0 ? $0.count : $0.lower - $0.upper) })
        result.extents = result.extents.indices.filter { attributes[$0] == 1 }.map { result.extents[$0] }
        return result
    }

    func gathered(_ operands: [Value], at span: Span) throws -> ArrayValue {
        let (array, index) = (try operands[0].array(), try operands[1].array())
        let row = array.extents.dropFirst().reduce(1, *)
        var elements: [Word] = []
        elements.reserveCapacity(index.elements.count * row)
        for word in index.elements {
            let position = Int(word: word)
            guard 0..<array.extents[0] ~= position else {
                throw Failure.index(position, array.extents[0], axis: 0, at: span)
            }
            elements += array.elements[position * row..<(position + 1) * row]
        }
        return ArrayValue(extents: index.extents + array.extents.dropFirst(), elements: elements)
    }

    func reshaped(_ operands: [Value], at span: Span) throws -> ArrayValue {
        let array = try operands[0].array()
        let extents = try operands.dropFirst().map { Int(word: try $0.number()) }
        var count = 1
        var fits = !extents.contains { $0 < 0 }
        for extent in extents {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            fits = fits && !overflow
            count = product
        }
        guard fits, count == array.elements.count else {
            throw Failure("`reshape`: \(array.elements.count) elements do not fill \(extents)", at: span)
        }
        return ArrayValue(extents: extents, elements: array.elements)
    }

    func concatenated(_ operands: [Value], at span: Span) throws -> ArrayValue {
        let axis = attributes[0]
        let arrays = try operands.map { try $0.array() }
        var extents = arrays[0].extents
        for position in extents.indices {
            for array in arrays.dropFirst() {
                if position == axis {
                    extents[axis] += array.extents[axis]
                } else if array.extents[position] != extents[position] {
                    throw Failure.extent(
                        "the arrays of `concat`", expected: extents[position], actual: array.extents[position], at: span
                    )
                }
            }
        }
        var elements: [Word] = []
        elements.reserveCapacity(extents.reduce(1, *))
        for run in 0..<extents[..<axis].reduce(1, *) {
            for array in arrays {
                let length = array.extents[axis...].reduce(1, *)
                elements += array.elements[run * length..<(run + 1) * length]
            }
        }
        return ArrayValue(extents: extents, elements: elements)
    }

    func permuted(_ operands: [Value], at span: Span) throws -> ArrayValue {
        let array = try operands[0].array()
        let targets = try operands[1].array().elements.map { Int(word: $0) }
        let rows = array.extents[0]
        guard targets.count == rows else {
            throw Failure.extent(
                "the rows and the indices of `permute`", expected: rows, actual: targets.count, at: span)
        }
        try requireTargets(targets, rows, mayRepeat: false, "`permute`", at: span)
        return array.putting(array, at: targets)
    }

    func put(_ operands: [Value], at span: Span) throws -> ArrayValue {
        let base = try operands[0].array()
        let targets = try operands[1].array().elements.map { Int(word: $0) }
        try requireTargets(
            targets, base.extents[0], mayRepeat: attributes[0] != 0, "assigning at an array of indices", at: span)
        return base.putting(try operands[2].array(), at: targets)
    }

    /// Fails where an index is outside 0..rows; then where the lowest one that stands twice does.
    private func requireTargets(_ targets: [Int], _ rows: Int, mayRepeat: Bool, _ name: String, at span: Span) throws {
        if let bad = targets.first(where: { !(0..<rows ~= $0) }) {
            throw Failure.index(bad, rows, axis: 0, at: span)
        }
        if mayRepeat { return }
        var met: Set<Int> = []
        if let twice = targets.filter({ !met.insert($0).inserted }).min() {
            throw Failure("\(name): the index \(twice) stands more than once", at: span)
        }
    }
}

extension ArrayValue {
    /// With rows of another array in these places.
    fileprivate func putting(_ rows: ArrayValue, at targets: [Int]) -> ArrayValue {
        let length = extents.dropFirst().reduce(1, *)
        var result = self
        for (row, target) in targets.enumerated() {
            let moved = rows.elements[row * length..<(row + 1) * length]
            result.elements.replaceSubrange(target * length..<(target + 1) * length, with: moved)
        }
        return result
    }
}
