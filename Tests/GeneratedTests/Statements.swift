import Language

/// The statements of generated programs.
extension ProgramGenerator {
    func statement() {
        switch random.below(25) {
        case 0: number()
        case 1, 2: arrayOfComprehension(scattered: true)
        case 3: arrayOfComprehension(scattered: false)
        case 4, 5: arrayOfFormula()
        case 6, 7: reduction()
        case 8: alongAxis()
        case 9: parts()
        case 10: places()
        case 11: byKey()
        case 12: updatesByKey()
        case 13, 14: region()
        case 15: movement()
        case 16: localBlock()
        case 17: rearranged()
        case 18: product()
        case 19: made()
        case 20: output()
        case 21: sliced()
        case 22, 23: if nesting < 2 { control() }
        default: assignment()
        }
    }

    private func define(number text: String, _ type: ElementType) {
        scope.numbers.append(.init(text: text, type: type))
    }

    func number() {
        let type = random.pick(Self.types)
        let text = name("x")
        let isVariable = random.once(in: 2)
        emit("\(isVariable ? "var" : "let") \(text): \(type.rawValue) = \(formula(type, 3, scope))")
        scope.numbers.append(.init(text: text, type: type, isVariable: isVariable))
    }

    // MARK: Arrays

    /// What can be read at the indices of a domain of that shape.
    func inside(_ shape: [Extent], _ indices: [String]) -> Scope {
        var inner = scope
        for index in indices { inner.numbers.append(.init(text: index, type: .i64)) }
        for array in scope.arrays {
            if array.shape == shape {
                inner.numbers.append(.init(text: "\(array.text)[\(indices.joined(separator: ", "))]", type: array.type))
            } else if !array.isScattered, array.shape.allSatisfy({ $0.value > 0 }) {
                let at = array.shape.map {
                    "(\(random.pick(indices)) * \(1 + random.below(3)) + \(random.below(4))) % \($0.text)"
                }
                inner.numbers.append(.init(text: "\(array.text)[\(at.joined(separator: ", "))]", type: array.type))
            }
        }
        return inner
    }

    func indices(_ rank: Int) -> [String] { Array(["i", "j", "k"].prefix(rank)) }

    func ranges(_ shape: [Extent], scattered: Bool) -> String {
        zip(indices(shape.count), shape).enumerated().map { axis, pair in
            "\(pair.0) in \(scattered && axis == 0 ? "scattered " : "")0..\(pair.1.text)"
        }.joined(separator: ", ")
    }

    /// Replicated comprehensions must not read scattered arrays.
    func readable(_ shape: [Extent], scattered: Bool) -> Scope {
        let whole = scope
        if !scattered { scope.arrays.removeAll { $0.isScattered } }
        defer { scope = whole }
        return inside(shape, indices(shape.count))
    }

    func arrayOfComprehension(scattered: Bool) {
        let (type, shape, text) = (random.pick(Self.types), shape(), name("a"))
        let element = formula(type, 3, readable(shape, scattered: scattered))
        let isVariable = random.once(in: 2)
        emit("\(isVariable ? "var" : "let") \(text) = [\(element) for \(ranges(shape, scattered: scattered))]")
        scope.arrays.append(
            .init(text: text, type: type, shape: shape, isScattered: scattered, isVariable: isVariable))
    }

    /// Formulas over whole arrays of one shape; the first operand makes sure that the result is an array.
    func wholeFormula(like array: Scope.Array, _ type: ElementType) -> Term {
        var lifted = Scope(numbers: scope.numbers)
        for other in scope.arrays where other.shape == array.shape && (!other.isScattered || array.isScattered) {
            lifted.numbers.append(.init(text: other.text, type: other.type))
        }
        let inner = formula(type, 2, lifted, lifts: true)
        return "where(\(array.text) == \(array.text), \(inner), \(leaf(type, Scope())))"
    }

    func arrayOfFormula() {
        guard let array = pickArray({ _ in true }) else { return }
        let (type, text) = (random.pick(Self.types), name("w"))
        emit("let \(text) = \(wholeFormula(like: array, type))")
        scope.arrays.append(.init(text: text, type: type, shape: array.shape, isScattered: array.isScattered))
    }

    func pickArray(_ isWanted: (Scope.Array) -> Bool) -> Scope.Array? {
        let wanted = scope.arrays.filter(isWanted)
        return wanted.isEmpty ? nil : random.pick(wanted)
    }

    func made() {
        let (text, extent) = (name("m"), random.pick(extents))
        let like = pickArray { $0.type.isNumeric }
        switch random.below(5) {
        case 0:
            emit("var \(text) = scatter(arange(\(extent.text)))")
            scope.arrays.append(.init(text: text, type: .i64, shape: [extent], isScattered: true, isVariable: true))
        case 1:
            emit("let \(text) = linspace(0.0, 3.0, \(extent.text))")
            scope.arrays.append(.init(text: text, type: .f64, shape: [extent], isScattered: false))
        case 2:
            emit("var \(text) = scatter(full(\(formula(.f64, 1, scope)), \(extent.text)))")
            scope.arrays.append(.init(text: text, type: .f64, shape: [extent], isScattered: true, isVariable: true))
        default:
            guard let like else { return }
            emit("var \(text) = \(random.pick(["zeros_like", "ones_like"]))(\(like.text))")
            var array = like
            (array.text, array.isVariable) = (text, true)
            scope.arrays.append(array)
        }
    }

    // MARK: Reductions

    private func resultType(_ reduction: String, of type: ElementType) -> ElementType {
        guard reduction == "sum" || reduction == "prod" else { return type }
        switch type {
        case .bool, .i32: return .i64
        case .u32: return .u64
        default: return type
        }
    }

    func reduction() {
        let text = name("r")
        if random.once(in: 2), let array = pickArray({ $0.type.isNumeric }) {
            let function = random.pick(["sum", "min", "max", "prod", "mean", "norm", "count", "any", "all", "total"])
            switch function {
            case "count", "any", "all":
                emit("let \(text) = \(function)(\(array.text) > \(literal(array.type)))")
                define(number: text, function == "count" ? .i64 : .bool)
            case "mean", "norm", "total":
                guard array.type == .f64, function != "total" || (array.isScattered && array.shape.count == 1) else {
                    return
                }
                emit("let \(text) = \(function == "total" ? prefix : "")\(function)(\(array.text))")
                define(number: text, .f64)
            default:
                emit("let \(text): \(resultType(function, of: array.type).rawValue) = \(function)(\(array.text))")
                define(number: text, resultType(function, of: array.type))
            }
            return
        }
        let (type, shape, scattered) = (random.pick(Self.numeric), shape(), !random.once(in: 4))
        let inner = readable(shape, scattered: scattered)
        let function = random.pick(["sum", "min", "max", "prod"])
        let condition: Term = random.once(in: 3) ? " if \(formula(.bool, 2, inner))" : ""
        emit(
            "let \(text) = \(function)(\(formula(type, 2, inner)) for \(ranges(shape, scattered: scattered))\(condition))"
        )
        define(number: text, resultType(function, of: type))
    }

    func alongAxis() {
        guard let array = pickArray({ $0.shape.count > 1 && $0.type.isNumeric }) else { return }
        let (axis, text) = (random.below(array.shape.count), name("s"))
        let function = random.pick(["sum", "min", "max"])
        emit("let \(text) = \(function)(\(array.text), axis: \(axis))")
        var shape = array.shape
        shape.remove(at: axis)
        scope.arrays.append(
            .init(
                text: text, type: resultType(function, of: array.type), shape: shape,
                isScattered: array.isScattered && axis > 0))
    }

    func parts() {
        guard let a = pickArray({ $0.isScattered && $0.type.isNumeric }),
            let b = pickArray({ $0.isScattered && $0.type.isNumeric })
        else { return }
        let (p, q, x, y) = (name("p"), name("q"), name("x"), name("y"))
        let (first, second) = (random.pick(["sum", "max"]), random.pick(["sum", "min", "max"]))
        emit("let \(p) = local \(first)(\(a.text))")
        emit("let \(q) = local \(second)(\(b.text))")
        emit("let (\(x), \(y)) = allreduce(\(p), \(q))")
        define(number: x, resultType(first, of: a.type))
        define(number: y, resultType(second, of: b.type))
        if random.once(in: 3) { emit("show \(p)") }
        if random.once(in: 3) { emit("show reduce(\(q))") }
        if first == "sum", a.type == .f64 {
            let z = name("x")
            emit("let \(z) = allreduce(\(random.pick(["2.0 * ", "-", "0.1 * "]))\(p))")
            define(number: z, .f64)
        }
    }

    func places() {
        guard let array = pickArray({ $0.shape.count == 1 && $0.type.isNumeric }) else { return }
        let (value, at) = (name("v"), name("i"))
        emit("let (\(value), \(at)) = \(random.pick(["minloc", "maxloc"]))(\(array.text))")
        emit("print \"= {\(at)} {\(random.pick(["argmin", "argmax"]))(\(array.text))}\"")
        define(number: value, array.type)
        define(number: at, .i64)
    }
}
