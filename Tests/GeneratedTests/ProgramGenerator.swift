import Language

/// Makes one small well-typed program from a seed. All its names begin with a prefix, so that programs can stand in one file.
final class ProgramGenerator {
    var random: SeededGenerator
    let prefix: String
    var scope = Scope()
    var statements: [Statement] = []
    /// To stand at the head of the program.
    var lateParameters: [Statement] = []
    var hasGenericFunction = false
    var hasTypedFunction = false
    private var names = 0
    /// Loops and conditionals around the next statement.
    var nesting = 0
    private(set) var extents: [Extent] = []
    private(set) var smallExtents: [Extent] = []

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        prefix = "s\(seed)_"
    }

    static func program(seed: UInt64) -> [Statement] {
        let generator = ProgramGenerator(seed: seed)
        generator.beginning()
        for _ in 0..<(4 + generator.random.below(14)) { generator.statement() }
        generator.ending()
        return generator.statements
    }

    func name(_ letter: String) -> String {
        names += 1
        return "\(prefix)\(letter)\(names)"
    }

    func emit(_ term: Term) { statements.append(Statement(term)) }

    /// Statements that `make` emits, with the names that it defines forgotten.
    func block(_ make: () -> Void) -> [Statement] {
        let outside = (statements, scope)
        statements = []
        nesting += 1
        make()
        nesting -= 1
        let inside = statements
        (statements, scope) = outside
        return inside
    }

    /// Extents of which some are options of the program, functions, and arrays to begin with.
    func beginning() {
        for (list, values) in [
            ([0, 1, 2, 3, 5, 7, 8, 13, 17, 31, 64, 100, 257, 1000, 1031, 2050], 2), ([1, 1, 2, 3, 4, 8, 9, 0], 2),
        ] {
            for _ in 0..<values {
                let value = random.pick(list)
                var extent = Extent(text: String(value), value: value)
                if !random.once(in: 3) {
                    extent.text = name("n")
                    emit("param \(extent.text): i64 = \(Term(String(value)).of("extent"))")
                    scope.numbers.append(.init(text: extent.text, type: .i64))
                }
                if extents.count < 2 { extents.append(extent) } else { smallExtents.append(extent) }
            }
        }
        functions()
        arrayOfComprehension(scattered: true)
        arrayOfComprehension(scattered: false)
    }

    private func functions() {
        var parameters = Scope()
        parameters.numbers = [.init(text: "x", type: .f64), .init(text: "k", type: .i64)]
        emit("fn \(prefix)typed(x: f64, k: i64) -> f64 = \(formula(.f64, 3, parameters))")
        let body = random.pick(["x * x + y", "max(x, y) - x", "x - y * x", "min(x * y, y)", "abs(x) + y"])
        emit("fn \(prefix)generic(x, y) = \(body)")
        emit("fn \(prefix)apply(f, x) = f(x)")
        emit("fn \(prefix)total(a: f64[/n]) -> f64 = sum(a * 0.5) + f64(size(a))")
        var turn = Statement("while k > 1 and c < 40")
        turn.body = [
            Statement("k = if k % 2 == 0 { k // 2 } else { 3 * k + 1 }"), Statement("c += 1"),
        ]
        var loop = Statement("fn \(prefix)steps(start: i64) -> i64")
        loop.body = [
            Statement("var k = start % 50"), Statement("var c = 0"),
            turn, Statement("return c"),
        ]
        statements.append(loop)
        emit("fn \(prefix)both(x: f64, k: i64) = (\(formula(.f64, 2, parameters)), \(formula(.i64, 2, parameters)))")
        emit("fn \(prefix)weighed(a) = sum(a[i] * a[i] * (i % 3 + 1) for i in 0..size(a))")
        sizedFunctions()
        recordDeclarations()
        stencilFunctions()
        (hasGenericFunction, hasTypedFunction) = (true, true)
    }

    /// What has been computed is shown: lines that begin with `=` must not depend on the number of ranks.
    private func ending() {
        for number in scope.numbers where !random.once(in: 3) { emit("print \"= {\(number.text)}\"") }
        for array in scope.arrays where random.once(in: 3) { emit("show \(array.text)") }
        for array in scope.arrays where !random.once(in: 3) { digest(of: array) }
    }

    /// Numbers that tell of every bit of every element; of floats the finite ones, brought near to each other.
    private func digest(of array: Scope.Array) {
        let names = indices(array.shape.count)
        let at = "\(array.text)[\(names.joined(separator: ", "))]"
        let weight = "((\(zip(names, ["1", "3", "5"]).map { "\($0) * \($1)" }.joined(separator: " + "))) % 13 + 1)"
        let clauses = ranges(array.shape, scattered: false)
        guard array.type.isFloat else { return emit("print \"= {sum(u64(\(at)) * u64\(weight) for \(clauses))}\"") }
        let value = "f64(\(at))"
        emit(
            "print \"= {sum((\(value) - 97.0 * floor(\(value) / 97.0)) * f64\(weight) for \(clauses) if isfinite(\(at)))} {count(isnan(\(at)) for \(clauses))} {min(\(at) for \(clauses))} {max(\(at) for \(clauses))}\""
        )
    }

    /// A shape of rank 1 to 3; only the first axis is long.
    func shape() -> [Extent] {
        let rank = random.pick([1, 1, 1, 2, 2, 3])
        return [random.pick(extents)] + (1..<rank).map { _ in random.pick(smallExtents) }
    }
}
