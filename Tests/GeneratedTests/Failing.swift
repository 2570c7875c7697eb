import Language

/// Programs that end with an error at one place, which every player on every number of ranks must name.
extension ProgramGenerator {
    static func failingProgram(seed: UInt64) -> [Statement] {
        let generator = ProgramGenerator(seed: seed)
        generator.beginning()
        for _ in 0..<(1 + generator.random.below(6)) { generator.statement() }
        if generator.random.once(in: 4) {
            let turn = generator.name("t")
            var (loop, choice) = (Statement("for \(turn) in 0..3"), Statement("if \(turn) == 1"))
            choice.body = generator.block { generator.fault() }
            loop.body = [choice]
            generator.statements.append(loop)
        } else {
            generator.fault()
        }
        return generator.lateParameters + generator.statements
    }

    /// A number that the compiler does not know.
    private func parameter(_ value: Int) -> String {
        let text = name("p")
        lateParameters.append(Statement("param \(text): i64 = \(value)"))
        return text
    }

    private func fault() {
        switch random.below(4) {
        case 0: badIndex()
        case 1: badDivision()
        case 2: badKey()
        default: badExtent()
        }
    }

    /// A line of numbers one of which is replaced by another: `if i == 7 { 100 } else { i % 5 }`.
    private func spoiled(_ length: Int, below extent: Int) -> (element: String, at: String) {
        let bad = random.pick([-1, extent, extent + 5, .max, .min + 1])
        let at = random.below(length)
        return ("if i == \(at) { \(bad) } else { i % \(max(extent, 1)) }", String(at))
    }

    private func badIndex() {
        let length = random.pick([1, 7, 100, 1000])
        let (text, extent) = (name("x"), random.pick([1, 5, 64]))
        let element = spoiled(length, below: extent).element
        let place = random.once(in: 2) ? "scattered " : ""
        switch random.below(5) {
        case 0:
            emit("let \(text) = [f64(i) for i in 0..\(extent)]")
            emit("show [\(text)[\(element)] for i in \(place)0..\(length)]")
        case 1:
            let index = name("q")
            emit("let \(text) = [f64(i) for i in \(random.pick(["", "scattered "]))0..\(extent)]")
            emit("let \(index) = [\(element) for i in \(place)0..\(length)]")
            emit("let \(name("y")) = \(text)[\(index)]")
        case 2:
            emit("var \(text) = [f64(i) for i in \(place)0..\(extent)]")
            emit("\(text)[\(parameter(random.pick([-1, extent, extent + 3])))] = 1.0")
        case 3:
            emit("let \(text) = [f64(i) for i in 0..\(extent)]")
            emit("let \(name("y")) = [\(text)[i + \(parameter(1))] * 0.5 for i in \(place)0..\(extent)]")
        default:
            emit("let \(text) = [f64(i) for i in 0..\(extent)]")
            emit("print \"{sum(\(text)[i + \(parameter(random.pick([1, 3])))] for i in 0..\(extent))}\"")
        }
    }

    private func badDivision() {
        let type = random.pick([ElementType.i32, .i64, .u32, .u64]).rawValue
        let length = random.pick([1, 9, 100, 1000])
        let zero = "\(type)(i) - \(type)(\(random.below(length)))"
        let clause = "for i in \(random.pick(["", "scattered "]))0..\(length)"
        let value: Term = "(\(formula(.i64, 1, scope)) + i)"
        emit("let \(name("y")) = [\(type)(\(value)) \(random.pick(["//", "%"])) (\(zero)) \(clause)]")
    }

    private func badKey() {
        let (length, count) = (random.pick([1, 7, 100, 1000]), random.pick([1, 4, 9]))
        let (keys, text) = (name("k"), name("h"))
        let clause = "for i in \(random.pick(["", "scattered "]))0..\(length)"
        emit("let \(keys) = [\(spoiled(length, below: count).element) \(clause)]")
        switch random.below(3) {
        case 0: emit("let \(text) = count_by(\(keys), \(count))")
        case 1: emit("let \(text) = sum_by(\(keys), [f64(i) \(clause)], \(count))")
        default:
            emit("var \(text) = zeros(\(count))")
            emit("\(text)[\(keys)[i]] += 1.5 for i in 0..\(length)")
        }
    }

    private func badExtent() {
        let text = name("x")
        let extent = random.pick([1, 5, 64])
        let place = random.pick(["", "scattered "])
        emit("let \(text) = [f64(i) for i in \(place)0..\(extent)]")
        let result = name("y")
        switch random.below(9) {
        case 0: emit("let \(result) = zeros(\(parameter(-3)))")
        case 1: emit("let \(result) = [i for i in \(place)\(extent)..\(parameter(random.pick([-1, 0])))]")
        case 2: emit("let \(result) = \(text)[\(parameter(extent))..0]")
        case 3: emit("let \(result) = \(text)[..\(parameter(extent + 2))]")
        case 4: emit("let \(result) = reshape(\(text), \(parameter(extent + 1)), \(random.pick(["1", "2"])))")
        case 5: emit("let \(result) = top_k(\(text), \(parameter(random.pick([-1, extent + 1]))))")
        case 6: emit("assert \(parameter(extent)) < 0, \"extent {size(\(text))}\"")
        case 7:
            let (p, q) = (parameter(3), parameter(4))
            emit("let \(result) = \(prefix)blend(scatter(zeros(\(p))), scatter(zeros(\(q))), 1)")
        default:
            let (p, q) = (parameter(2), parameter(5))
            emit(
                "let \(result) = \(random.pick(["concat(zeros(3, \(p)), zeros(1, \(q)))", "zeros(3, \(p)) @ zeros(\(q), 2)", "zeros(\(p)) + ones(\(q))"]))"
            )
        }
    }
}
