import Language

/// Records, arrays of them, and reductions by the program's own operators.
extension ProgramGenerator {
    /// A record, and operators with an identity that may combine in any grouping.
    func recordDeclarations() {
        let pair = "\(prefix)Pair"
        emit("record \(pair) { x: f64, k: i64 }")
        emit("fn \(prefix)least(a: \(pair), b: \(pair)) -> \(pair) = if b.x < a.x { b } else { a }")
        emit("fn \(prefix)moved(p: \(pair), d: f64) -> \(pair) = \(pair)(p.x - d, p.k * 3 + 1)")
        emit("fn \(prefix)join(a, b) = a + b + a * b")
    }

    func records() {
        let (shape, text, scattered) = ([random.pick(extents)], name("b"), !random.once(in: 3))
        let inner = readable(shape, scattered: scattered)
        let clauses = ranges(shape, scattered: scattered)
        emit("let \(text) = [\(prefix)Pair(\(formula(.f64, 2, inner)), \(formula(.i64, 2, inner))) for \(clauses)]")
        define(records: text, shape[0], isScattered: scattered)
        let least = name("c")
        emit("let \(least) = reduce(\(prefix)least, \(prefix)Pair(inf, -1), \(text))")
        emit("print \"= {\(least)}\"")
        define(number: "\(least).x", .f64)
        define(number: "\(least).k", .i64)
    }

    /// An operator of the program's own over numbers.
    func ownOperator() {
        guard let array = pickArray({ $0.type == .i64 || $0.type == .u64 }) else { return }
        let text = name("r")
        let inner = readable(array.shape, divided: array.divided)
        let clauses = ranges(array.shape, divided: array.divided)
        let zero = array.type == .i64 ? "0" : "u64(0)"
        let join = "\(prefix)join"
        switch random.below(5) {
        case 0:
            emit("let \(text) = \(random.pick(["scan", "exscan"]))(\(join), \(zero), \(array.text))")
            return define(array: text, array.type, array.shape, divided: array.divided)
        case 1 where array.shape.count > 1:
            var shape = array.shape
            let axis = random.below(shape.count)
            shape.remove(at: axis)
            emit("let \(text) = reduce(\(join), \(zero), \(array.text), axis: \(axis))")
            return define(array: text, array.type, shape, divided: array.divided(without: axis))
        case 2 where array.isScattered:
            let part = name("p")
            emit("let \(part) = local reduce(\(join), \(zero), \(array.text))")
            emit("let \(text) = allreduce(\(part))")
        case 3: emit("let \(text) = reduce(\(join), \(zero), \(array.text))")
        default:
            emit("let \(text) = reduce(\(join), \(zero), \(formula(array.type, 2, inner)) for \(clauses))")
        }
        define(number: text, array.type)
    }
}
