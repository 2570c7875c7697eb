import Language

/// The statements of generated programs.
extension ProgramGenerator {
    func statement() {
        switch random.below(58) {
        case 0: number()
        case 1, 2: arrayOfComprehension(scattered: true)
        case 3: arrayOfComprehension(scattered: false)
        case 4, 5: arrayOfFormula()
        case 6, 7: reduction()
        case 8: alongAxis()
        case 9, 10: parts()
        case 11: places()
        case 12: byKey()
        case 13: updatesByKey()
        case 14: region()
        case 15: movement()
        case 16: localBlock()
        case 17, 18: rearranged()
        case 19: product()
        case 20: made()
        case 21: output()
        case 22: sliced()
        case 23, 24: if nesting < 2 { control() }
        case 25...27: stencil()
        case 28, 29: update()
        case 30: if nesting < 2 { evolution() }
        case 31: throughFunctions()
        case 32: gathered()
        case 33: gathersInLoop()
        case 34: scanned()
        case 35: ordered()
        case 36: selected()
        case 37: pairs()
        case 38: chosen()
        case 39, 40: columns()
        case 41: records()
        case 42, 43: ownOperator()
        case 44: recordMoves()
        case 45: tuples()
        case 46: cutAndGathered()
        case 47: sizedCall()
        case 48: if nesting < 2 { convergence() }
        case 49: ownRows()
        case 50: overGrid()
        case 51...53: assignedParts()
        case 54, 55: complexNumbers()
        default: assignment()
        }
    }

    func define(number text: String, _ type: ElementType) {
        scope.numbers.append(.init(text: text, type: type))
    }

    func define(
        array text: String, _ type: ElementType, _ shape: [Extent], divided: Int?, isVariable: Bool = false
    ) {
        scope.arrays.append(
            .init(text: text, type: type, shape: shape, divided: divided, isVariable: isVariable))
    }

    /// The same of an array that is divided along its first axis or not at all.
    func define(
        array text: String, _ type: ElementType, _ shape: [Extent], isScattered: Bool, isVariable: Bool = false
    ) {
        define(array: text, type, shape, divided: isScattered ? 0 : nil, isVariable: isVariable)
    }

    /// Extents that are no simple formula, under the array's own name.
    func sizes(of text: String, _ counts: [Int]) -> [Extent] {
        counts.enumerated().map { Extent(text: "size(\(text), axis: \($0))", value: $1) }
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
        (inner.indices, inner.domain) = (indices, shape)
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

    func ranges(_ shape: [Extent], scattered: Bool) -> String { ranges(shape, divided: scattered ? 0 : nil) }

    func ranges(_ shape: [Extent], divided: Int?) -> String {
        zip(indices(shape.count), shape).enumerated().map { axis, pair in
            "\(pair.0) in \(axis == divided ? "scattered " : "")0..\(pair.1.text)"
        }.joined(separator: ", ")
    }

    func readable(_ shape: [Extent], scattered: Bool) -> Scope { readable(shape, divided: scattered ? 0 : nil) }

    /// Comprehensions must not read arrays that are divided, or otherwise.
    func readable(_ shape: [Extent], divided: Int?) -> Scope {
        let whole = scope
        scope.arrays.removeAll { $0.isScattered && $0.divided != divided }
        defer { scope = whole }
        return inside(shape, indices(shape.count))
    }

    func arrayOfComprehension(scattered: Bool) {
        let (type, text) = (random.pick(Self.types), name("a"))
        var (shape, divided) = (shape(), scattered ? 0 : nil)
        if scattered, shape.count > 1, random.once(in: 3) {
            divided = random.below(shape.count)
            if random.once(in: 2) { shape.swapAt(0, divided ?? 0) }
        }
        let element = formula(type, 3, readable(shape, divided: divided))
        let isVariable = random.once(in: 2)
        emit("\(isVariable ? "var" : "let") \(text) = [\(element) for \(ranges(shape, divided: divided))]")
        define(array: text, type, shape, divided: divided, isVariable: isVariable)
    }

    /// Formulas over whole arrays of one shape; the first operand makes sure that the result is an array.
    func wholeFormula(like array: Scope.Array, _ type: ElementType) -> Term {
        var lifted = Scope(numbers: scope.numbers)
        for other in scope.arrays where other.shape == array.shape && array.meets(other) {
            lifted.numbers.append(.init(text: other.text, type: other.type))
        }
        let inner = formula(type, 2, lifted, lifts: true)
        return "where(\(array.text) == \(array.text), \(inner), \(leaf(type, Scope())))"
    }

    func arrayOfFormula() {
        guard let array = pickArray({ _ in true }) else { return }
        let (type, text) = (random.pick(Self.types), name("w"))
        emit("let \(text) = \(wholeFormula(like: array, type))")
        define(array: text, type, array.shape, divided: array.divided)
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
            define(array: text, .i64, [extent], isScattered: true, isVariable: true)
        case 1:
            emit("let \(text) = linspace(0.0, 3.0, \(extent.text))")
            define(array: text, .f64, [extent], isScattered: false)
        case 2:
            emit("var \(text) = scatter(full(\(formula(.f64, 1, scope)), \(extent.text)))")
            define(array: text, .f64, [extent], isScattered: true, isVariable: true)
        default:
            guard let like else { return }
            emit("var \(text) = \(random.pick(["zeros_like", "ones_like"]))(\(like.text))")
            var array = like
            (array.text, array.isVariable) = (text, true)
            scope.arrays.append(array)
        }
    }

    // MARK: Reductions

    func resultType(_ reduction: String, of type: ElementType) -> ElementType {
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
        let (type, shape) = (random.pick(Self.numeric), shape())
        let divided = random.once(in: 4) ? nil : random.once(in: 3) ? random.below(shape.count) : 0
        let inner = readable(shape, divided: divided)
        let function = random.pick(["sum", "min", "max", "prod"])
        let condition: Term = random.once(in: 3) ? " if \(formula(.bool, 2, inner))" : ""
        emit(
            "let \(text) = \(function)(\(formula(type, 2, inner)) for \(ranges(shape, divided: divided))\(condition))"
        )
        define(number: text, resultType(function, of: type))
    }

    func alongAxis() {
        guard let array = pickArray({ $0.shape.count > 1 && $0.type.isNumeric }) else { return }
        let (axis, text) = (random.below(array.shape.count), name("s"))
        var function = random.pick(["sum", "min", "max", "prod", "sum", "count", "any", "all", "argmin", "argmax"])
        if function.hasPrefix("arg"), array.divided == axis { function = "max" }
        var shape = array.shape
        shape.remove(at: axis)
        var type = resultType(function, of: array.type)
        var operand = array.text
        switch function {
        case "count", "any", "all":
            operand = "\(array.text) > \(literal(array.type))"
            type = function == "count" ? .i64 : .bool
        case "argmin", "argmax": type = .i64
        default: break
        }
        emit("let \(text) = \(function)(\(operand), axis: \(axis))")
        define(array: text, type, shape, divided: array.divided(without: axis))
    }

    func parts() {
        guard let a = pickArray({ $0.isScattered && $0.type.isNumeric }),
            let b = pickArray({ $0.isScattered && $0.type.isNumeric }), let axis = b.divided
        else { return }
        let (p, q, x, y) = (name("p"), name("q"), name("x"), name("y"))
        let (first, second) = (random.pick(["sum", "max"]), random.pick(["sum", "min", "max"]))
        let ofRows = b.shape.count > 1 && random.once(in: 2)
        emit("let \(p) = local \(first)(\(a.text))")
        emit("let \(q) = local \(second)(\(b.text)\(ofRows ? ", axis: \(axis)" : ""))")
        emit("let (\(x), \(y)) = allreduce(\(p), \(q))")
        define(number: x, resultType(first, of: a.type))
        if random.once(in: 3) { emit("show \(p)") }
        if random.once(in: 3) { emit("show reduce(\(q))") }
        if ofRows {
            let type = resultType(second, of: b.type)
            var shape = b.shape
            shape.remove(at: axis)
            define(array: y, type, shape, isScattered: false)
            let z = name("z")
            emit("let \(z) = reduce_scatter(\(q))")
            define(array: z, type, shape, isScattered: true)
        } else {
            define(number: y, resultType(second, of: b.type))
        }
        if first == "sum", a.type == .f64 {
            let z = name("x")
            emit("let \(z) = allreduce(\(random.pick(["2.0 * ", "-", "0.1 * ", "\(p) - 3.0 * "]))\(p))")
            define(number: z, .f64)
        }
    }

    /// Where the least and the greatest are; of a comprehension too.
    func places() {
        guard let array = pickArray({ $0.type.isNumeric }) else { return }
        let (value, at) = (name("v"), name("i"))
        if random.once(in: 2) {
            let inner = readable(array.shape, divided: array.divided)
            let clauses = ranges(array.shape, divided: array.divided)
            let condition: Term = random.once(in: 3) ? " if \(formula(.bool, 1, inner))" : ""
            let element = formula(array.type, 2, inner)
            emit("let (\(value), \(at)) = \(random.pick(["minloc", "maxloc"]))(\(element) for \(clauses)\(condition))")
        } else {
            emit("let (\(value), \(at)) = \(random.pick(["minloc", "maxloc"]))(\(array.text))")
        }
        emit("print \"= {\(at)} {\(random.pick(["argmin", "argmax"]))(\(array.text))}\"")
        define(number: value, array.type)
        define(number: at, .i64)
    }

    // MARK: Nested comprehensions

    /// A reduction over the divided rows for each of a few columns, or for each pair of them.
    func columns() {
        guard let array = pickArray({ $0.shape.count == 2 && $0.type.isNumeric && $0.shape[1].value < 10 }) else {
            return
        }
        let (text, function) = (name("y"), random.pick(["sum", "min", "max"]))
        let isPair = array.divided != 1 && random.once(in: 2)
        var inner = Scope(numbers: scope.numbers.filter { _ in random.once(in: 3) })
        for index in ["i", "a"] { inner.numbers.append(.init(text: index, type: .i64)) }
        inner.numbers.append(.init(text: "\(array.text)[i, a]", type: array.type))
        if isPair { inner.numbers.append(.init(text: "\(array.text)[i, b]", type: array.type)) }
        let (rows, width) = (array.shape[0], array.shape[1])
        emit(
            "let \(text) = [\(function)(\(formula(array.type, 2, inner)) * \(array.text)[i, \(isPair ? "b" : "a")] for i in 0..\(rows.text)) for a in 0..\(width.text)\(isPair ? ", b in 0..\(width.text)" : "")]"
        )
        define(
            array: text, resultType(function, of: array.type), isPair ? [width, width] : [width],
            isScattered: array.divided == 1)
    }
}
