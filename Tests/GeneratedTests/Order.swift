import Language

/// Scans, and what sorts and selects: extents that only the run knows.
extension ProgramGenerator {
    func scanned() {
        guard let array = pickArray({ _ in true }) else { return }
        let operators: [String] =
            if array.type == .bool { ["and", "or", "+"] } else if array.type.isInteger {
                ["+", "*", "min", "max", "&", "|", "^"]
            } else { ["+", "*", "min", "max"] }
        let (op, axis, text) = (random.pick(operators), random.below(array.shape.count), name("s"))
        let label = axis > 0 || random.once(in: 3) ? ", axis: \(axis)" : ""
        emit("let \(text) = \(random.pick(["scan", "exscan"]))(\(op), \(array.text)\(label))")
        let type = op == "+" || op == "*" ? resultType("sum", of: array.type) : array.type
        define(array: text, type, array.shape, divided: array.divided)
    }

    func ordered() {
        guard let array = pickArray({ $0.shape.count == 1 }) else { return }
        let text = name("o")
        switch random.below(6) {
        case 0, 1:
            emit("let \(text) = sort(\(array.text))")
            define(array: text, array.type, array.shape, isScattered: array.isScattered)
        case 2:
            emit("let \(text) = argsort(\(array.text))")
            define(array: text, .i64, array.shape, isScattered: array.isScattered)
            if array.shape[0].value > 0 { emit("show \(array.text)[\(text)]") }
        case 3:
            emit("let \(text) = unique(\(array.text))")
            defineUnknown(text, array)
        case 4:
            let (values, places) = (name("o"), name("p"))
            let count = random.below(min(array.shape[0].value, 5) + 1)
            emit("let (\(values), \(places)) = top_k(\(array.text), \(count))")
            let shape = [Extent(text: String(count), value: count)]
            define(array: values, array.type, shape, isScattered: false)
            define(array: places, .i64, shape, isScattered: false)
        default: emit("print \"= {max(\(array.type.isNumeric ? "" : "i64")(sort(\(array.text))))}\"")
        }
    }

    func selected() {
        guard let array = pickArray({ _ in true }) else { return }
        let (text, mask, rows) = (name("o"), name("m"), [array.shape[0]])
        let isOwn = array.shape.count == 1 && array.type.isNumeric && random.once(in: 2)
        if !isOwn {
            let scattered = array.divided == 0 && !random.once(in: 3)
            let condition = formula(.bool, 2, readable(rows, scattered: scattered))
            emit("let \(mask) = [\(condition) for \(ranges(rows, scattered: scattered))]")
        }
        let condition = isOwn ? "\(array.text) > \(literal(array.type))" : mask
        emit("let \(text) = \(random.pick(["compress", "filter"]))(\(array.text), \(condition))")
        defineUnknown(text, array)
    }

    /// An array like another whose first extent is not known; zero is the least it may be.
    func defineUnknown(_ text: String, _ array: Scope.Array) {
        emit("print \"= {size(\(text), axis: 0)}\"")
        let shape = [Extent(text: "size(\(text), axis: 0)", value: 0)] + array.shape.dropFirst()
        define(array: text, array.type, shape, divided: array.divided)
    }
}
