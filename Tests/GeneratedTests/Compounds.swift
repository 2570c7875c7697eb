import Language

/// Tuples, and whole arrays of records: what moves arrays moves them too.
extension ProgramGenerator {
    /// Makes the fields of an array of records known.
    func define(records text: String, _ extent: Extent, isScattered: Bool) {
        scope.records.append(.init(text: text, extent: extent, isScattered: isScattered))
        for (field, type) in [("x", ElementType.f64), ("k", .i64)] {
            define(array: "\(text).\(field)", type, [extent], isScattered: isScattered)
        }
    }

    func recordMoves() {
        guard !scope.records.isEmpty else { return records() }
        let bodies = random.pick(scope.records)
        let text = name("b")
        switch random.below(6) {
        case 0:
            let low = random.below(min(bodies.extent.value, 3) + 1)
            let count = bodies.extent.value - low
            emit("let \(text) = \(bodies.text)[\(low)..]")
            define(records: text, sizes(of: text, [count])[0], isScattered: bodies.isScattered)
        case 1:
            guard bodies.extent.value > 0 else { return }
            let (index, shape, scattered) = (name("q"), [random.pick(extents)], !random.once(in: 3))
            indexArray(index, below: bodies.extent, shape, scattered: scattered)
            emit("let \(text) = \(bodies.text)[\(index)]")
            define(records: text, shape[0], isScattered: scattered)
        case 2 where bodies.isScattered:
            emit("let \(text) = allgather(\(bodies.text))")
            define(records: text, bodies.extent, isScattered: false)
        case 3 where !bodies.isScattered:
            emit("let \(text) = scatter(\(bodies.text))")
            define(records: text, bodies.extent, isScattered: true)
        case 4:
            emit("print \"= {reduce(\(prefix)least, \(prefix)Pair(inf, -1), \(bodies.text))}\"")
        default:
            emit("let \(text) = [\(prefix)moved(p, \(formula(.f64, 1, scope))) for p in \(bodies.text)]")
            define(records: text, bodies.extent, isScattered: bodies.isScattered)
        }
    }

    /// One comprehension that makes several arrays; tuples in tuples.
    func tuples() {
        let (a, b) = (name("e"), name("e"))
        let (first, second) = (random.pick(Self.types), random.pick(Self.types))
        if random.once(in: 2) {
            let (shape, scattered) = (shape(), !random.once(in: 3))
            let inner = readable(shape, scattered: scattered)
            let clauses = ranges(shape, scattered: scattered)
            emit("let (\(a), \(b)) = [(\(formula(first, 2, inner)), \(formula(second, 2, inner))) for \(clauses)]")
            define(array: a, first, shape, isScattered: scattered)
            define(array: b, second, shape, isScattered: scattered)
        } else {
            emit(
                "let \(a) = (\(formula(first, 2, scope)), (\(formula(second, 2, scope)), \(formula(.f64, 1, scope))))")
            define(number: "\(a).0", first)
            define(number: "\(a).1.0", second)
            define(number: "\(a).1.1", .f64)
        }
    }
}
