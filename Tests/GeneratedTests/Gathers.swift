import Language

/// Statements that bring elements to other places.
extension ProgramGenerator {
    // MARK: Index arrays

    /// `x[idx]` for every pair of placements.
    func gathered() {
        guard let array = pickArray({ $0.shape[0].value > 0 && $0.shape.count < 3 }) else { return }
        let (index, text) = (name("q"), name("g"))
        // Rows of which every rank has a part are taken at indices that every rank has.
        let scattered = (array.divided ?? 0) == 0 && !random.once(in: 3)
        let shape =
            array.shape.count == 1 && random.once(in: 3)
            ? [random.pick(extents), random.pick(smallExtents)] : [random.pick(extents)]
        indexArray(index, below: array.shape[0], shape, scattered: scattered)
        emit("let \(text) = \(array.text)[\(index)\(random.once(in: 3) && array.shape.count == 2 ? ", .." : "")]")
        let rows = array.divided.flatMap { $0 > 0 ? shape.count + $0 - 1 : nil }
        define(array: text, array.type, shape + array.shape.dropFirst(), divided: rows ?? (scattered ? 0 : nil))
        if random.once(in: 3), array.type.isNumeric { emit("print \"= {sum(\(array.text)[\(index)])}\"") }
    }

    func indexArray(_ text: String, below extent: Extent, _ shape: [Extent], scattered: Bool) {
        let narrow = random.once(in: 4) ? random.pick([ElementType.i32, .u32]) : .i64
        let number = formula(.i64, 2, readable(shape, scattered: scattered))
        let element: Term = "\(number) % \(extent.text)"
        emit(
            "\(random.once(in: 2) ? "var" : "let") \(text) = [\(narrow == .i64 ? element : "\(narrow.rawValue)(\(element))") for \(ranges(shape, scattered: scattered))]"
        )
    }

    /// `x[mask]`, `m[idx, 1]`, `m[idx, 2..5]`, `m[1, idx]`.
    func cutAndGathered() {
        guard let array = pickArray({ $0.shape.count < 3 && $0.shape.allSatisfy { $0.value > 0 } }) else { return }
        let text = name("g")
        guard array.shape.count == 2 else {
            emit("let \(text) = \(array.text)[\(array.text) == \(array.text)]")
            return defineUnknown(text, array)
        }
        let (index, shape, scattered) = (name("q"), [random.pick(extents)], !random.once(in: 3))
        let (rows, columns) = (array.shape[0], array.shape[1])
        switch random.below(3) {
        case 0:
            indexArray(index, below: rows, shape, scattered: scattered)
            emit("let \(text) = \(array.text)[\(index), \(random.below(columns.value))]")
            define(array: text, array.type, shape, isScattered: scattered)
        case 1:
            let low = random.below(columns.value)
            let count = random.below(columns.value - low + 1)
            let isAcross = array.divided == 1
            indexArray(index, below: rows, shape, scattered: scattered && !isAcross)
            emit("let \(text) = \(array.text)[\(index), \(low)..\(low + count)]")
            let shape = shape + sizes(of: text, [0, count])[1...]
            define(array: text, array.type, shape, divided: isAcross ? 1 : scattered ? 0 : nil)
        default:
            indexArray(index, below: columns, shape, scattered: scattered)
            emit("let \(text) = \(array.text)[\(random.below(rows.value)), \(index)]")
            define(array: text, array.type, shape, isScattered: scattered)
        }
    }

    /// The same indices again and again, and indices that change.
    func gathersInLoop() {
        guard let array = pickArray({ $0.shape.count == 1 && $0.shape[0].value > 0 && $0.type.isNumeric }) else {
            return
        }
        let (index, text, turn) = (name("q"), name("y"), name("t"))
        let extent = array.shape[0]
        let scope = readable(array.shape, scattered: array.isScattered)
        emit(
            "var \(index) = [\(formula(.i64, 2, scope)) % \(extent.text) for \(ranges(array.shape, scattered: array.isScattered))]"
        )
        emit("var \(text) = \(array.text)")
        var loop = Statement("for \(turn) in 0..\(1 + random.below(3))")
        loop.body = [
            Statement(
                "\(text) = \(random.pick(["\(text) + \(text)[\(index)]", "\(text)[\(index)]", "\(array.text)[\(index)] - \(text)"]))"
            )
        ]
        if random.once(in: 3) { loop.body?.append(Statement("\(index) = (\(index) * 3 + \(turn)) % \(extent.text)")) }
        statements.append(loop)
        define(array: text, array.type, array.shape, divided: array.divided, isVariable: true)
    }

    // MARK: Slices

    func sliced() {
        guard let array = pickArray({ $0.shape.contains { $0.value > 0 } }) else { return }
        var (cuts, counts): ([String], [Int]) = ([], [])
        let kept = random.below(array.shape.count)
        var divided = array.divided
        for (axis, extent) in array.shape.enumerated() {
            let value = extent.value
            if axis != kept, value > 0, random.once(in: 3) {
                cuts.append(random.pick(["0", "\(extent.text) - 1", String(random.below(value))]))
                // Where the divided axis goes, the first of those that stay is divided.
                if let before = array.divided, axis <= before {
                    divided = axis == before ? 0 : divided.map { max($0 - 1, 0) }
                }
                continue
            }
            let low = random.below(min(value, 4) + 1)
            let high = low + random.below(value - low + 1)
            switch random.below(value == 0 ? 1 : 5) {
            case 0:
                cuts.append("..")
                counts.append(value)
            case 1:
                cuts.append("\(low)..\(high)")
                counts.append(high - low)
            case 2:
                cuts.append("..\(high)")
                counts.append(high)
            case 3:
                cuts.append("\(low)..")
                counts.append(value - low)
            default:
                let step = 2 + random.below(4)
                cuts.append("\(low)..\(extent.text) by \(step)")
                counts.append((value - low + step - 1) / step)
            }
        }
        let text = name("z")
        emit("let \(text) = \(array.text)[\(cuts.joined(separator: ", "))]")
        define(array: text, array.type, sizes(of: text, counts), divided: divided)
    }

    // MARK: Rearranged arrays

    func rearranged() {
        switch random.below(6) {
        case 0: transposed()
        case 1: joined()
        case 2: permuted()
        case 3: reshaped()
        case 4: across()
        default:
            guard let array = pickArray({ _ in true }) else { return }
            let (text, axis) = (name("t"), random.below(array.shape.count))
            emit("let \(text) = reversed(\(array.text)\(axis > 0 ? ", axis: \(axis)" : ""))")
            define(array: text, array.type, array.shape, divided: array.divided)
        }
    }

    private func transposed() {
        guard let array = pickArray({ $0.shape.count > 1 }) else { return }
        let text = name("t")
        emit("let \(text) = transpose(\(array.text))")
        let last = array.shape.count - 1
        define(array: text, array.type, array.shape.reversed(), divided: array.divided.map { last - $0 })
    }

    private func joined() {
        guard let array = pickArray({ _ in true }) else { return }
        let axis = random.below(array.shape.count)
        func fits(_ other: Scope.Array) -> Bool {
            guard other.type == array.type, other.shape.count == array.shape.count, array.meets(other) else {
                return false
            }
            return other.shape.indices.allSatisfy { $0 == axis || other.shape[$0] == array.shape[$0] }
        }
        let parts = [array] + (0...random.below(2)).compactMap { _ in pickArray(fits) }
        let text = name("t")
        emit(
            "let \(text) = concat(\(parts.map(\.text).joined(separator: ", "))\(axis > 0 ? ", axis: \(axis)" : ""))")
        var shape = array.shape
        let values = parts.map { $0.shape[axis].value }
        shape[axis] = Extent(
            text: "(\(parts.map { $0.shape[axis].text }.joined(separator: " + ")))",
            value: values.contains(0) ? 0 : values.reduce(0, +))
        define(array: text, array.type, shape, divided: array.divided)
    }

    private func permuted() {
        guard let array = pickArray({ $0.shape[0].value > 0 }) else { return }
        let (text, extent) = (name("t"), array.shape[0])
        let scattered = (array.divided ?? 0) == 0 && random.once(in: 2)
        let line = pickArray { $0.shape == [extent] && $0.isScattered == scattered }
        let range = "i in \(scattered ? "scattered " : "")0..\(extent.text)"
        let index = random.pick([
            "[\(extent.text) - 1 - i for \(range)]",
            "[(i + \(random.below(9))) % \(extent.text) for \(range)]",
            line.map { "argsort(\($0.text))" } ?? "[i for \(range)]",
        ])
        emit("let \(text) = permute(\(array.text), \(index))")
        define(array: text, array.type, array.shape, divided: array.divided ?? (scattered ? 0 : nil))
    }

    private func reshaped() {
        guard let array = pickArray({ _ in true }) else { return }
        let text = name("t")
        let extent = array.shape[0]
        var shape = array.shape
        if array.shape.count == 1, let divisor = [2, 3, 5].filter({ extent.value > 0 && extent.value % $0 == 0 }).first
        {
            let parts = [
                Extent(text: "(\(extent.text) // \(divisor))", value: extent.value / divisor),
                Extent(text: String(divisor), value: divisor),
            ]
            shape = random.once(in: 2) ? parts : parts.reversed()
        } else if array.shape.count == 1 {
            shape.insert(Extent(text: "1", value: 1), at: random.below(2))
        } else if random.once(in: 3) {
            shape.reverse()
        } else {
            shape = [
                Extent(text: "(\(shape.map(\.text).joined(separator: " * ")))", value: shape.map(\.value).reduce(1, *))
            ]
        }
        emit("let \(text) = reshape(\(array.text), \(shape.map(\.text).joined(separator: ", ")))")
        define(array: text, array.type, shape, isScattered: array.isScattered)
    }

    /// A matrix read across.
    private func across() {
        guard let array = pickArray({ $0.isScattered && $0.shape.count == 2 }), let axis = array.divided else { return }
        let (text, shape) = (name("c"), Array(array.shape.reversed()))
        emit("let \(text) = [\(array.text)[j, i] for i in 0..\(shape[0].text), j in 0..\(shape[1].text)]")
        define(array: text, array.type, shape, divided: 1 - axis)
    }
}
