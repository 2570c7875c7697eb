import Language

/// Complex numbers: made of two formulas, computed with, transformed, and taken apart into what other statements use.
extension ProgramGenerator {
    func complexNumbers() {
        let part: ElementType = random.once(in: 3) ? .f32 : .f64
        let shape = shape()
        let divided = random.pick([0, 0, nil, shape.count - 1])
        let inner = readable(shape, divided: divided)
        let z = name("z")
        let clauses = ranges(shape, divided: divided)
        emit("let \(z) = [complex(\(formula(part, 2, inner)), \(formula(part, 2, inner))) for \(clauses)]")
        let w = name("z")
        emit("let \(w) = \(complexFormula(z, rank: shape.count))")
        define(parts: w, part, shape, divided: divided)
        let total = name("x")
        emit("let \(total) = \(random.pick(["sum", "prod", "mean"]))(\(w))")
        emit("print \"= {\(total)}\"")
        define(number: "\(total).real", part)
        define(number: "\(total).imag", part)
        if random.once(in: 2) { complexUpdates(w, part, shape, divided: divided) }
    }

    private func define(parts text: String, _ part: ElementType, _ shape: [Extent], divided: Int?) {
        for field in ["real", "imag"] { define(array: "\(text).\(field)", part, shape, divided: divided) }
    }

    /// An array like z, of its width.
    private func complexFormula(_ z: String, rank: Int) -> String {
        let axis = random.below(rank)
        return random.pick([
            "\(z) * \(z) + 1i", "\(z) * conj(\(z)) - \(z).imag", "\(z) / (\(z) - 2)", "sqrt(\(z))", "exp(\(z) * 0.5i)",
            "log(\(z))", "\(z) ** 3", "-\(z) + 1", "where(\(z).real > 0.0, \(z), 1i)", "reversed(\(z), axis: \(axis))",
            "scan(+, \(z), axis: \(axis))", "fft(\(z), axis: \(axis))", "ifft(\(z), axis: \(axis))", "fftn(\(z))",
            "ifft(fft(\(z)))", "complex(abs(\(z)), arg(\(z)))", "1 / \(z)",
            rank == 1 ? "[v * v - 1i for v in \(z)]" : "\(z) * \(z) - 1i",
        ])
    }

    /// A variable of complex numbers, assigned in parts.
    private func complexUpdates(_ text: String, _ part: ElementType, _ shape: [Extent], divided: Int?) {
        let v = name("v")
        emit("var \(v) = \(text)")
        let at = indices(shape.count).joined(separator: ", ")
        let clauses = ranges(shape, divided: nil)
        emit(
            Term(
                random.pick([
                    "\(v)[\(at)] = \(text)[\(at)] * 2i for \(clauses)",
                    "\(v)[\(at)] += \(text)[\(at)] for \(clauses) if \(text)[\(at)].real > 0.0",
                    "\(v)[\(at)].imag = \(text)[\(at)].real for \(clauses)", "\(v) *= 0.5 + 1i", "\(v)[..] -= 1i",
                ])))
        define(parts: v, part, shape, divided: divided)
    }
}
