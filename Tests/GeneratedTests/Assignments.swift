import Language

/// Assignments to parts of arrays and records.
extension ProgramGenerator {
    func assignedParts() {
        switch random.below(6) {
        case 0: rangesOnTheLeft()
        case 1: slicesOnBothSides()
        case 2: dealtElements()
        case 3: selectedElements()
        case 4: multiplesOfIndices()
        default: assignedRecords()
        }
    }

    /// `..`, or a part of an axis, by a step.
    private func part(of extent: Extent, step: Int = 1) -> String {
        guard extent.value > 4, !random.once(in: 3) else { return ".." }
        let stride = step == 1 ? "" : " by \(step)"
        return "\(random.below(3))..\(extent.text) - \(random.below(2))\(stride)"
    }

    private func rangesOnTheLeft() {
        guard let array = pickArray({ $0.isVariable }) else { return }
        let step = 1 + random.below(3)
        var places = array.shape.map { part(of: $0, step: step) }
        if let first = array.shape.first, first.value > 2, array.shape.count > 1, random.once(in: 3) {
            places[0] = String(random.below(first.value))
        }
        let update = array.type.isNumeric ? random.pick(["=", "=", "+="]) : "="
        emit("\(array.text)[\(places.joined(separator: ", "))] \(update) \(formula(array.type, 2, scope))")
    }

    /// Two parts of one shape, one of them beside the other.
    private func slicesOnBothSides() {
        guard let array = pickArray({ $0.isVariable }),
            let other = pickArray({ $0.type == array.type && $0.shape == array.shape && array.meets($0) })
        else { return }
        var (left, right): ([String], [String]) = ([], [])
        for extent in array.shape {
            guard extent.value > 4, !random.once(in: 3) else {
                left.append("..")
                right.append("..")
                continue
            }
            let (from, to, margin) = (random.below(3), random.below(3), 2)
            left.append("\(to)..\(extent.text) - \(margin - to)")
            right.append("\(from)..\(extent.text) - \(margin - from)")
        }
        emit(
            "\(array.text)[\(left.joined(separator: ", "))] = \(other.text)[\(right.joined(separator: ", "))]")
    }

    /// A divided array that lies otherwise than the part that it is assigned to.
    private func dealtElements() {
        guard let array = pickArray({ $0.isVariable && $0.shape.count == 1 }) else { return }
        let whole = array.shape[0]
        guard
            let other = pickArray({
                $0.type == array.type && $0.shape.count == 1 && array.meets($0) && 2 * $0.shape[0].value < whole.value
                    && !$0.shape[0].text.hasPrefix("size(")
            })
        else { return }
        let (count, step) = (other.shape[0], 1 + random.below(2))
        let from = random.below(whole.value - step * count.value)
        let stride = step == 1 ? "" : " by \(step)"
        emit("\(array.text)[\(from)..\(from) + \(step) * \(count.text)\(stride)] = \(other.text)")
    }

    /// Those that a condition selects, or a triangle.
    private func selectedElements() {
        guard let array = pickArray({ $0.isVariable }) else { return }
        let inner = readable(array.shape, divided: array.divided)
        let names = indices(array.shape.count)
        var bounds = zip(names, array.shape).map { "\($0) in 0..\($1.text)" }
        if names.count > 1, random.once(in: 2) {
            bounds[1] =
                random.once(in: 2)
                ? "\(names[1]) in 0..min(i + 1, \(array.shape[1].text))"
                : "\(names[1]) in min(i, \(array.shape[1].text))..\(array.shape[1].text)"
        }
        let value = formula(array.type, 2, inner)
        let condition: Term = random.once(in: 3) ? "" : " if \(formula(.bool, 2, inner))"
        emit(
            "\(array.text)[\(names.joined(separator: ", "))] = \(value) for \(bounds.joined(separator: ", "))\(condition)"
        )
    }

    private func multiplesOfIndices() {
        guard let array = pickArray({ $0.isVariable && $0.shape.count == 1 && $0.shape[0].value > 0 }) else { return }
        let (extent, factor) = (array.shape[0], 1 + random.below(3))
        var inner = scope
        inner.arrays = []
        inner.indices = ["i"]
        inner.numbers.append(.init(text: "i", type: .i64))
        let value = formula(array.type, 2, inner)
        if random.once(in: 3) {
            emit("\(array.text)[\(extent.text) - 1 - i] = \(value) for i in 0..\(extent.text)")
        } else {
            let shift = random.below(min(3, extent.value))
            let count = (extent.value - shift + factor - 1) / factor
            emit("\(array.text)[\(factor) * i + \(shift)] = \(value) for i in 0..\(count)")
        }
    }

    /// Records whose fields see what all of them were.
    private func assignedRecords() {
        guard let array = pickArray({ $0.type == .f64 && $0.shape.count == 1 && $0.shape[0].value > 0 }) else { return }
        let (all, extent) = (name("b"), array.shape[0])
        let reads = readable(array.shape, divided: array.divided)
        let range = ranges(array.shape, divided: array.divided)
        emit("var \(all) = [\(prefix)Pair(\(array.text)[i], \(formula(.i64, 2, reads))) for \(range)]")
        emit(
            "\(all)[i] = \(prefix)Pair(\(all)[i].x + f64(\(all)[i].k), i64(\(all)[i].x > 0.0)) for i in 0..\(extent.text) if \(formula(.bool, 2, reads))"
        )
        emit("\(all)[0].k += 3")
        emit("\(all).x = \(all).x * 0.5")
        let (x, k) = (name("a"), name("a"))
        emit("let (\(x), \(k)) = (\(all).x, \(all).k)")
        define(array: x, .f64, array.shape, isScattered: array.isScattered)
        define(array: k, .i64, array.shape, isScattered: array.isScattered)
    }
}
