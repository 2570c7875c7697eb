/// Arrays over a grid of ranks, each beside a twin that every rank has.
extension ProgramGenerator {
    func overGrid() {
        guard let array = pickArray({ $0.shape.count == 2 && $0.type.isNumeric }) else { return }
        let (over, twin) = (name("g"), name("w"))
        let sides = array.shape.map { "/\($0.text)" }.joined(separator: ", ")
        emit("var \(twin) = \(array.isScattered ? "allgather(\(array.text))" : array.text)")
        emit("var \(over): \(array.type.rawValue)[\(sides)] = scatter(\(twin))")
        for _ in 0..<(1 + random.below(3)) { gridStep(over, twin, array) }
        let (whole, sum, gap) = (name("a"), name("x"), name("x"))
        emit("let \(whole) = allgather(\(over))")
        let function = random.pick(["sum", "min", "max"])
        emit("let \(sum) = \(function)(\(over))")
        emit("let \(gap) = count(\(whole) != \(twin))")
        define(array: whole, array.type, array.shape, divided: nil)
        define(number: sum, resultType(function, of: array.type))
        define(number: gap, .i64)
    }

    /// The same with both.
    private func gridStep(_ over: String, _ twin: String, _ array: Scope.Array) {
        let (rows, columns) = (array.shape[0].text, array.shape[1].text)
        let (i, j) = (random.below(5) - 2, random.below(5) - 2)
        switch random.below(5) {
        case 0:
            let view = random.pick(["periodic(V)", "clamped(V)", "padded(periodic(V, axis: 0), 1, axis: 1)"])
            let read = "\(view)[i + \(i), j + \(j)]"
            both(over, twin, "V = [V[i, j] + \(read) for i in 0..\(rows), j in 0..\(columns)]")
        case 1 where array.shape[0].value > 2 && array.shape[1].value > 2:
            both(
                over, twin,
                "V[i, j] = V[i - 1, j + 1] - V[i + 1, j - 1] for i in 1..\(rows) - 1, j in 1..\(columns) - 1")
        case 2 where array.shape[0].value > 0:
            both(over, twin, "V[0, j] += V[0, j] for j in 0..\(columns) by \(1 + random.below(3))")
        case 3:
            emit("\(over) = redistribute(redistribute(\(over), axis: \(random.below(2))), [/\(rows), /\(columns)])")
        default: both(over, twin, "V = V + V")
        }
    }

    private func both(_ over: String, _ twin: String, _ step: String) {
        for name in [over, twin] { emit(Term(step.replacing("V", with: name))) }
    }
}
