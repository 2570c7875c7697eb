import Language

/// Statements that move data, change variables and steer.
extension ProgramGenerator {
    // MARK: Keys

    private func keyed(_ isWanted: (Scope.Array) -> Bool) -> (array: Scope.Array, keys: String, count: Extent)? {
        guard let array = pickArray({ $0.type.isNumeric && isWanted($0) }),
            let count = smallExtents.first(where: { $0.value > 0 })
        else { return nil }
        let (keys, rows) = (name("k"), [array.shape[0]])
        let inner = readable(rows, scattered: array.divided == 0)
        let range = ranges(rows, scattered: array.divided == 0)
        emit("let \(keys) = [\(formula(.i64, 2, inner)) % \(count.text) for \(range)]")
        return (array, keys, count)
    }

    func byKey() {
        guard let (array, keys, count) = keyed({ _ in true }) else { return }
        let (text, function) = (name("h"), random.pick(["sum_by", "min_by", "max_by"]))
        let (call, shape) = ("\(function)(\(keys), \(array.text), \(count.text))", [count] + array.shape.dropFirst())
        let type = resultType(function == "sum_by" ? "sum" : function, of: array.type)
        switch random.below(5) {
        case 0:
            emit("let \(text) = count_by(\(keys), \(count.text))")
            define(array: text, .i64, [count], isScattered: false)
        case 1 where array.divided == 0:
            emit("let \(text) = reduce_scatter(local \(call))")
            define(array: text, type, shape, isScattered: true)
        case 2 where array.divided == 0:
            let (counts, total) = (name("h"), name("x"))
            let sum = name("x")
            emit(
                "let (\(text), \(counts), \(total)) = allreduce(local \(call), local count_by(\(keys), \(count.text)), local sum(\(array.text)))"
            )
            emit("let \(sum) = \(total)")
            define(array: text, type, shape, isScattered: false)
            define(array: counts, .i64, [count], isScattered: false)
            define(number: sum, resultType("sum", of: array.type))
        default:
            emit("let \(text) = \(call)")
            define(array: text, type, shape, divided: array.divided == 0 ? nil : array.divided)
        }
    }

    func updatesByKey() {
        guard let (array, keys, count) = keyed({ $0.shape.count == 1 }) else { return }
        let text = name("h")
        let isScattered = array.isScattered && random.once(in: 2)
        emit(
            "var \(text) = \(isScattered ? "scatter(" : "")full(\(array.type.rawValue)(1), \(count.text))\(isScattered ? ")" : "")"
        )
        let update = random.pick(["+=", "min=", "max="])
        emit("\(text)[\(keys)[i]] \(update) \(array.text)[i] for i in 0..\(array.shape[0].text)")
        define(array: text, array.type, [count], isScattered: isScattered, isVariable: true)
    }

    // MARK: Variables

    /// Some elements of a variable get new values.
    func region() {
        guard let array = pickArray({ $0.isVariable }) else { return }
        let inner = readable(array.shape, divided: array.divided)
        let names = indices(array.shape.count)
        let bounds = zip(names, array.shape).map { name, extent -> String in
            guard extent.value > 3, random.once(in: 2) else { return "\(name) in 0..\(extent.text)" }
            let low = random.below(3)
            return random.once(in: 3)
                ? "\(name) in \(low)..\(extent.text) by \(1 + random.below(4))"
                : "\(name) in \(low)..\(extent.text) - \(random.below(2))"
        }
        let update = array.type.isNumeric ? random.pick(["=", "=", "+="]) : "="
        let value = formula(array.type, 3, inner)
        emit("\(array.text)[\(names.joined(separator: ", "))] \(update) \(value) for \(bounds.joined(separator: ", "))")
    }

    func assignment() {
        let variables = scope.numbers.filter { $0.isVariable }
        if !variables.isEmpty, random.once(in: 2) {
            let variable = random.pick(variables)
            let update = variable.type.isNumeric ? random.pick(["=", "+=", "*="]) : "="
            emit("\(variable.text) \(update) \(formula(variable.type, 3, scope))")
        } else if let array = pickArray({ $0.isVariable }) {
            if random.once(in: 2) {
                emit("\(array.text) = \(wholeFormula(like: array, array.type))")
            } else {
                let element = formula(array.type, 2, readable(array.shape, divided: array.divided))
                emit("\(array.text) = [\(element) for \(ranges(array.shape, divided: array.divided))]")
            }
        }
    }

    func control() {
        let count = 1 + random.below(4)
        let body = { [self] in for _ in 0..<count { statement() } }
        switch random.below(4) {
        case 0:
            let index = name("t")
            let extent = random.pick(["0", "1", "2", "3", "5"])
            var loop = Statement("for \(index) in 0..\(extent)")
            loop.body = block {
                scope.numbers.append(.init(text: index, type: .i64))
                body()
            }
            statements.append(loop)
        case 1:
            let counter = name("c")
            emit("var \(counter) = 0")
            var loop = Statement(
                "while \(counter) < \(random.below(4)) and (\(counter) < 1 or \(formula(.bool, 2, scope)))")
            loop.body = block {
                emit("\(counter) += 1")
                scope.numbers.append(.init(text: counter, type: .i64))
                body()
            }
            statements.append(loop)
        default:
            var choice = Statement("if \(formula(.bool, 2, scope))")
            choice.body = block(body)
            if random.once(in: 2) { choice.otherwise = block(body) }
            statements.append(choice)
        }
    }

    // MARK: Movement

    func movement() {
        guard let array = pickArray({ $0.isScattered }) else { return }
        let (text, again) = (name("g"), name("g"))
        var moved = array
        switch random.below(5) {
        case 0:
            emit("let \(text) = allgather(\(array.text))")
            (moved.text, moved.divided, moved.isVariable) = (text, nil, false)
        case 1:
            emit("let \(text) = gather(\(array.text))")
            if random.once(in: 2) { emit("show \(text)") }
            emit("let \(again) = bcast(\(text))")
            (moved.text, moved.divided, moved.isVariable) = (again, nil, false)
        case 2:
            let axis = random.below(array.shape.count)
            emit("let \(text) = gather(\(array.text))")
            emit("var \(again) = scatter(\(text)\(axis == 0 ? "" : ", axis: \(axis)"))")
            (moved.text, moved.divided, moved.isVariable) = (again, axis, true)
        default:
            let axis = random.below(array.shape.count)
            emit("var \(text) = redistribute(\(array.text), axis: \(axis))")
            (moved.text, moved.divided, moved.isVariable) = (text, axis, true)
        }
        scope.arrays.append(moved)
    }

    /// What every rank does for itself; shown, because its value is another one on every rank.
    func localBlock() {
        guard let array = pickArray({ $0.isScattered && $0.shape.count == 1 && $0.type.isNumeric }) else { return }
        let (text, sum) = (name("l"), name("u"))
        let type = array.type.rawValue
        var own = Statement("let \(text) = local")
        var loop = Statement("for i in 0..size(\(array.text))")
        loop.body = [Statement("\(sum) = \(sum) \(random.pick(["+", "-", "*"])) \(array.text)[i]")]
        if random.once(in: 2) {
            var choice = Statement("if \(array.text)[i] > \(literal(array.type))")
            choice.body = loop.body
            loop.body = [choice]
        }
        own.body = [Statement("var \(sum) = \(type)(\(random.pick(["rank()", "ranks()", "1"])))"), loop]
        own.value = Term(sum)
        statements.append(own)
        emit("show \(text)")
    }

    // MARK: Output

    func output() {
        if random.once(in: 3), let array = pickArray({ _ in true }) { return emit("show \(array.text)") }
        let type = random.pick(Self.types)
        let format = type.isFloat ? random.pick(["", ":.3", ":12.5", ":.2e", ":9"]) : random.pick(["", ":6"])
        let text = name("x")
        emit("let \(text) = \(formula(type, 3, scope))")
        emit("print \"= \(random.pick(["", "so: ", "\\{"])){\(text)\(type == .bool ? "" : format)}\"")
        scope.numbers.append(.init(text: text, type: type))
    }
}
