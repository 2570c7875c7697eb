import Language

/// Reads beside the own element, views, updates of boxes, loops over time.
extension ProgramGenerator {
    /// A box inside a shape, and how far around it the array still reaches.
    struct Box {
        /// A clause for each axis: `i in 1..n - 2`.
        var ranges: [String]
        var reach: [ClosedRange<Int>]
        /// nil: the extents are not as simple as a difference.
        var shape: [Extent]?
        var counts: [Int]
    }

    /// A name or call that shows more than the array has.
    private func view(of array: Scope.Array) -> String {
        let kind = random.pick(["periodic", "clamped", "padded"])
        let fill = leaf(array.type, Scope()).text
        let call = kind == "padded" ? "padded(\(array.text), \(fill))" : "\(kind)(\(array.text))"
        guard random.once(in: 2) else { return call }
        let text = name("z")
        emit("let \(text) = \(call)")
        return text
    }

    func box(in shape: [Extent]) -> Box {
        var box = Box(ranges: [], reach: [], shape: [], counts: [])
        for (index, extent) in zip(indices(shape.count), shape) {
            let low = min(random.below(3), extent.value)
            let high = min(random.below(3), extent.value - low)
            let (step, count) = (random.once(in: 6) ? 2 + random.below(2) : 1, extent.value - low - high)
            let upper = high == 0 ? extent.text : "\(extent.text) - \(high)"
            box.ranges.append("\(index) in \(low)..\(upper)\(step == 1 ? "" : " by \(step)")")
            box.reach.append(-low...high)
            box.counts.append((count + step - 1) / step)
            if step != 1 { box.shape = nil }
            let text = low + high == 0 ? extent.text : "(\(extent.text) - \(low + high))"
            box.shape?.append(Extent(text: text, value: count))
        }
        return box
    }

    /// Subscripts at fixed distances from the indices.
    private func offsets(_ reach: [ClosedRange<Int>]) -> String {
        zip(indices(reach.count), reach).map { index, reach in
            let offset = random.once(in: 2) ? 0 : min(max(random.below(8) - 4, reach.lowerBound), reach.upperBound)
            return offset == 0 ? index : "\(index) \(offset < 0 ? "-" : "+") \(abs(offset))"
        }.joined(separator: ", ")
    }

    /// Reads of an array at a few places around the indices, and little else.
    private func around(_ text: String, _ array: Scope.Array, _ reach: [ClosedRange<Int>], _ whole: Scope) -> Scope {
        var inner = whole
        inner.numbers = whole.numbers.filter { _ in random.once(in: 3) }
        for _ in 0..<(2 + random.below(3)) {
            inner.numbers.append(.init(text: "\(text)[\(offsets(reach))]", type: array.type))
        }
        if array.type.isNumeric, random.once(in: 4) {
            inner.numbers.append(.init(text: window(text, array.type, reach), type: array.type))
        }
        return inner
    }

    /// A reduction over a few places around the index of the first axis.
    private func window(_ text: String, _ type: ElementType, _ reach: [ClosedRange<Int>]) -> String {
        let function = type == .i32 || type == .u32 ? "max" : random.pick(["sum", "min", "max"])
        let rest = indices(reach.count).dropFirst().map { ", \($0)" }.joined()
        let first = reach[0].lowerBound
        let width = 1 + random.below(reach[0].count)
        return "\(function)(\(text)[i + w\(first == 0 ? "" : " - \(-first)")\(rest)] for w in 0..\(width))"
    }

    private func everywhere(_ rank: Int) -> [ClosedRange<Int>] { Array(repeating: -4...4, count: rank) }

    /// The reads of a view, or of an array inside of its ends; with the clauses that go with them.
    private func reads(of array: Scope.Array) -> (scope: Scope, box: Box, text: String) {
        let isViewed = random.once(in: 2)
        var box = box(in: array.shape)
        if isViewed, random.once(in: 2) {
            box.ranges = zip(indices(array.shape.count), array.shape).map { "\($0) in 0..\($1.text)" }
            (box.shape, box.counts) = (array.shape, array.shape.map(\.value))
        }
        let text = isViewed ? view(of: array) : array.text
        let whole = readable(array.shape, divided: array.divided)
        return (around(text, array, isViewed ? everywhere(array.shape.count) : box.reach, whole), box, text)
    }

    /// Whether a comprehension with that element is divided without saying so.
    private func readsScattered(_ element: Term, _ read: String) -> Bool {
        let text = element.text
        return ([read] + scope.arrays.filter(\.isScattered).map(\.text)).contains { text.contains("\($0)[") }
    }

    func stencil() {
        guard let array = pickArray({ _ in true }) else { return }
        let (inner, box, read) = reads(of: array)
        let type = random.once(in: 3) ? random.pick(Self.types) : array.type
        var clauses = box.ranges.joined(separator: ", ")
        if random.once(in: 4), type.isNumeric {
            let (text, function) = (name("r"), random.pick(["sum", "min", "max"]))
            let condition: Term = random.once(in: 3) ? " if \(formula(.bool, 1, inner))" : ""
            emit("let \(text) = \(function)(\(formula(type, 2, inner)) for \(clauses)\(condition))")
            return define(number: text, resultType(function, of: type))
        }
        let (text, isVariable) = (name("y"), random.once(in: 2))
        let element = formula(type, 3, inner)
        if let axis = array.divided, !readsScattered(element, read) {
            let index = indices(array.shape.count)[axis]
            clauses.replace("\(index) in ", with: "\(index) in scattered ", maxReplacements: 1)
        }
        emit("\(isVariable ? "var" : "let") \(text) = [\(element) for \(clauses)]")
        let shape = random.once(in: 2) ? box.shape : nil
        define(
            array: text, type, shape ?? sizes(of: text, box.counts), divided: array.divided,
            isVariable: isVariable)
    }

    /// A copy that is then changed inside, or an array that may change, by what stood around.
    func update() {
        guard var array = pickArray({ _ in true }) else { return }
        if !array.isVariable {
            let copy = name("v")
            emit("var \(copy) = \(array.text)")
            (array.text, array.isVariable) = (copy, true)
            scope.arrays.append(array)
        }
        if random.once(in: 3) { return edge(of: array) }
        let (inner, box, _) = reads(of: array)
        let operation = array.type.isNumeric ? random.pick(["=", "=", "=", "+=", "min="]) : "="
        let names = indices(array.shape.count).joined(separator: ", ")
        emit(
            "\(array.text)[\(names)] \(operation) \(formula(array.type, 2, inner)) for \(box.ranges.joined(separator: ", "))"
        )
    }

    /// One row or element, from the row beside it.
    private func edge(of array: Scope.Array) {
        let axis = random.below(array.shape.count)
        let extent = array.shape[axis]
        guard extent.value > 1, array.shape.allSatisfy({ $0.value > 0 }) else { return }
        let (at, beside) = random.pick([("0", "1"), ("\(extent.text) - 1", "\(extent.text) - 2"), ("1", "0")])
        func element(_ place: String) -> String {
            var indices = indices(array.shape.count)
            indices[axis] = place
            return "\(array.text)[\(indices.joined(separator: ", "))]"
        }
        var inner = Scope(numbers: scope.numbers.filter { _ in random.once(in: 2) })
        inner.numbers.append(.init(text: element(beside), type: array.type))
        var clauses = zip(indices(array.shape.count), array.shape).map { "\($0) in 0..\($1.text)" }
        clauses.remove(at: axis)
        let domain = clauses.isEmpty ? "" : " for \(clauses.joined(separator: ", "))"
        emit("\(element(at)) = \(formula(array.type, 2, inner))\(domain)")
    }

    /// New values from old ones, again and again; the arrays change places.
    func evolution() {
        guard let array = pickArray({ _ in true }) else { return }
        let (old, new, turn) = (name("u"), name("v"), name("t"))
        var state = array
        (state.text, state.isVariable) = (old, true)
        emit("var \(old) = \(array.text)")
        let way = random.below(4)
        if way > 1 { emit("var \(new) = \(old)") }
        var loop = Statement("for \(turn) in 0..\(random.pick(["0", "1", "2", "3", "5"]))")
        loop.body = block {
            scope.numbers.append(.init(text: turn, type: .i64))
            let (inner, box, _) = reads(of: state)
            let value = formula(state.type, 2, inner)
            let whole = zip(indices(state.shape.count), state.shape).map { "\($0) in 0..\($1.text)" }
            if way == 0, box.ranges == whole {
                emit("let \(new) = [\(value) for \(box.ranges.joined(separator: ", "))]")
            } else {
                if way < 2 { emit("var \(new) = \(old)") }
                let names = indices(state.shape.count).joined(separator: ", ")
                emit("\(new)[\(names)] = \(value) for \(box.ranges.joined(separator: ", "))")
            }
            if random.once(in: 2), state.type.isNumeric { emit("print \"= {max(\(new))} {sum(\(old))}\"") }
            if random.once(in: 3) { statement() }
            if way == 3 {
                let third = name("w")
                emit("let \(third) = \(old)")
                emit("\(old) = \(new)")
                emit("\(new) = \(third)")
            } else {
                emit("\(old) = \(new)")
            }
        }
        statements.append(loop)
        scope.arrays.append(state)
        if way > 1 { define(array: new, state.type, state.shape, divided: state.divided, isVariable: true) }
    }

    // MARK: Through functions

    /// Functions whose reads beside the own element reach through their parameters.
    func stencilFunctions() {
        for (function, rank, typed) in [("smooth", 1, true), ("near", 1, false), ("grid", 2, false)] {
            let parameter = Scope.Array(text: "x", type: .f64, shape: [], divided: 0)
            let names = indices(rank)
            let sizes = (0..<rank).map { typed ? "m" : "size(x, axis: \($0))" }
            var function = Statement(
                "fn \(prefix)\(function)(x\(typed ? ": f64[/m]" : ""))\(typed ? " -> f64[/m]" : "")")
            var value: Term = "0.0"
            function.body = block {
                let text = view(of: parameter)
                let own = Scope(numbers: names.map { .init(text: "f64(\($0))", type: .f64) })
                let inner = around(text, parameter, everywhere(rank), own)
                value = formula(.f64, 2, inner)
                // What reads nothing of x would not be divided.
                if !value.text.contains("\(text)[") { value = "\(value) + x[\(names.joined(separator: ", "))]" }
            }
            let clauses = zip(names, sizes).map { "\($0) in 0..\($1)" }.joined(separator: ", ")
            function.body?.append(Statement("return [\(value) for \(clauses)]"))
            statements.append(function)
        }
    }

    func throughFunctions() {
        guard let array = pickArray({ $0.type == .f64 && $0.shape.count < 3 }) else { return }
        let choices = array.shape.count == 2 ? ["grid"] : array.isScattered ? ["smooth", "near"] : ["near"]
        var call = array.text
        for _ in 0..<(1 + random.below(3)) { call = "\(prefix)\(random.pick(choices))(\(call))" }
        let text = name("y")
        emit("let \(text) = \(call)\(random.once(in: 3) ? " + 0.5 * \(array.text)" : "")")
        define(array: text, .f64, array.shape, divided: array.divided)
    }
}
