import Language

/// Functions whose parameters' types bind sizes, loops that end when the data says so, and blocks of every rank's own.
extension ProgramGenerator {
    func sizedFunctions() {
        emit(
            "fn \(prefix)blend(a: f64[/n], b: f64[/n], k: i64) -> f64[/n] = [a[i] * 0.5 - b[i] * f64(k + i % n) for i in 0..n]"
        )
        emit("fn \(prefix)rows(a: i64[/n, m]) -> i64[/n] = [sum(a[i, j] * (j + m) for j in 0..m) for i in 0..n]")
        emit("fn \(prefix)longer(a: f64[/n], k: i64) -> f64[/n + k] = concat(a, scatter(full(f64(n), k)))")
        emit("fn \(prefix)inner(a) = [a[i] - a[size(a) - 1 - i] for i in 0..size(a)]")
    }

    func sizedCall() {
        let text = name("y")
        switch random.below(4) {
        case 0:
            guard let a = pickArray({ $0.type == .f64 && $0.shape.count == 1 && $0.isScattered }),
                let b = pickArray({ $0.type == .f64 && $0.shape == a.shape && $0.isScattered })
            else { return }
            emit("let \(text) = \(prefix)blend(\(a.text), \(b.text), \(formula(.i64, 1, scope)))")
            define(array: text, .f64, a.shape, isScattered: true)
        case 1:
            guard let a = pickArray({ $0.type == .i64 && $0.shape.count == 2 && $0.divided == 0 }) else { return }
            emit("let \(text) = \(prefix)rows(\(a.text))")
            define(array: text, .i64, [a.shape[0]], isScattered: true)
        case 2:
            guard let a = pickArray({ $0.type == .f64 && $0.shape.count == 1 && $0.isScattered }) else { return }
            let more = random.below(4)
            emit("let \(text) = \(prefix)longer(\(a.text), \(more))")
            define(
                array: text, .f64,
                [
                    Extent(
                        text: "(\(a.shape[0].text) + \(more))",
                        value: a.shape[0].value == 0 ? 0 : a.shape[0].value + more)
                ],
                isScattered: true)
        default:
            guard let a = pickArray({ $0.type.isNumeric && $0.shape.count == 1 && !$0.isScattered }) else { return }
            emit("let \(text) = \(prefix)inner(\(a.text))")
            define(array: text, a.type, a.shape, isScattered: false)
        }
    }

    /// Again until little is left.
    func convergence() {
        guard let array = pickArray({ $0.type == .f64 }) else { return }
        let (text, turn) = (name("u"), name("c"))
        emit("var \(text) = where(isfinite(\(array.text)), \(array.text), 1.0)")
        emit("var \(turn) = 0")
        let test = random.pick(["max(abs(\(text))) > 0.5", "sum(\(text) * \(text)) > 1.0", "count(\(text) > 0.1) > 0"])
        var loop = Statement("while \(turn) < \(1 + random.below(5)) and \(test)")
        loop.body = block {
            emit("\(turn) += 1")
            scope.numbers.append(.init(text: turn, type: .i64))
            if random.once(in: 3) { statement() }
            emit(
                "\(text) = \(random.pick(["0.5 * \(text)", "\(text) / (2.0 + \(text) * \(text))", "0.25 * \(text) - 0.1"]))"
            )
        }
        statements.append(loop)
        define(array: text, .f64, array.shape, isScattered: array.isScattered, isVariable: true)
        define(number: turn, .i64)
    }

    /// Arrays and numbers of every rank's own, from its block.
    func ownRows() {
        guard let array = pickArray({ $0.isScattered && $0.shape.count == 1 && $0.type.isNumeric }) else { return }
        let text = name("l")
        var own = Statement("let \(text) = local")
        let block = name("z")
        own.body = [
            Statement(
                "let \(block) = [\(array.text)[i] \(random.pick(["+", "-", "*"])) \(array.text)[size(\(array.text)) - 1 - i] for i in 0..size(\(array.text))]"
            )
        ]
        own.value = Term(
            random.pick([
                "sum(\(block)) + sum(\(array.text))", "max(\(block))",
                "if rank() % 2 == 0 { min(\(block)) } else { max(\(block)) }",
                block,
            ]))
        statements.append(own)
        emit("show \(text)")
    }
}
