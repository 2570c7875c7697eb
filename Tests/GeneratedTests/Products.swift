import Language

/// Products of matrices and vectors, pairs, arrays chosen by a condition.
extension ProgramGenerator {
    private static let factors: Set<ElementType> = [.f64, .f32, .i64, .i32, .u64]

    func product() {
        let matrix = pickArray { $0.shape.count == 2 && Self.factors.contains($0.type) }
        guard let matrix, !random.once(in: 4) else { return vectorProduct() }
        let text = name("d")
        switch random.below(4) {
        case 0:
            let divided = random.pick([nil, 0, 1])
            multiply(matrix, made(matrix.type, [matrix.shape[1], random.pick(smallExtents)], divided: divided))
        case 1:
            // With another matrix of as many columns.
            let other = pickArray { other in
                other.shape.count == 2 && other.type == matrix.type && other.shape[1] == matrix.shape[1]
            }
            guard let other else { return }
            let turned = name("t")
            emit("let \(turned) = transpose(\(other.text))")
            multiply(
                matrix,
                Scope.Array(
                    text: turned, type: other.type, shape: other.shape.reversed(), divided: other.divided.map { 1 - $0 }
                ))
        case 2:
            let vector = made(matrix.type, [matrix.shape[1]], divided: random.pick([nil, 0]))
            emit("let \(text) = \(matrix.text) @ \(vector.text)")
            define(
                array: text, resultType("sum", of: matrix.type), [matrix.shape[0]], isScattered: matrix.divided == 0)
        default:
            let vector = made(matrix.type, [matrix.shape[0]], divided: random.pick([nil, 0]))
            emit("let \(text) = \(vector.text) @ \(matrix.text)")
            define(
                array: text, resultType("sum", of: matrix.type), [matrix.shape[1]], isScattered: matrix.divided == 1)
        }
    }

    /// Divided rows of the left stay, else divided columns of the right; a divided inner axis is a sum over the ranks.
    private func multiply(_ a: Scope.Array, _ b: Scope.Array) {
        let text = name("d")
        emit("let \(text) = \(a.text) @ \(b.text)")
        let divided = a.divided == 0 ? 0 : b.divided == 1 ? 1 : nil
        let isSum = divided == nil && (a.isScattered || b.isScattered)
        define(
            array: text, isSum ? resultType("sum", of: a.type) : a.type, [a.shape[0], b.shape[1]], divided: divided)
    }

    private func vectorProduct() {
        guard let x = pickArray({ $0.shape.count == 1 && Self.factors.contains($0.type) }) else { return }
        let text = name("d")
        if random.once(in: 2), let y = pickArray({ $0.shape.count == 1 && $0.type == x.type && !$0.isScattered }) {
            guard x.shape[0].value * y.shape[0].value < 20_000 else { return }
            emit("let \(text) = outer(\(x.text), \(y.text))")
            return define(array: text, x.type, [x.shape[0], y.shape[0]], isScattered: x.isScattered)
        }
        guard let y = pickArray({ $0.shape == x.shape && $0.type == x.type && $0.isScattered == x.isScattered }) else {
            return
        }
        emit("let \(text) = \(random.once(in: 2) ? "dot(\(x.text), \(y.text))" : "\(x.text) @ \(y.text)")")
        define(number: text, x.type == .i32 ? .i64 : x.type)
    }

    /// A new array of a shape.
    private func made(_ type: ElementType, _ shape: [Extent], divided: Int?) -> Scope.Array {
        let text = name("b")
        let element = formula(type, 2, readable(shape, divided: divided))
        emit("let \(text) = [\(element) for \(ranges(shape, divided: divided))]")
        define(array: text, type, shape, divided: divided)
        return scope.arrays[scope.arrays.count - 1]
    }

    // MARK: Pairs and choices

    /// Two values from one expression, or two variables that change places.
    func pairs() {
        let (a, b) = (name("x"), name("x"))
        let (first, second) = (random.pick(Self.types), random.pick(Self.types))
        switch random.below(3) {
        case 0:
            emit("let (\(a), \(b)) = (\(formula(first, 2, scope)), \(formula(second, 2, scope)))")
            define(number: a, first)
            define(number: b, second)
        case 1:
            emit("let (\(a), \(b)) = \(prefix)both(\(formula(.f64, 2, scope)), \(formula(.i64, 2, scope)))")
            define(number: a, .f64)
            define(number: b, .i64)
        default:
            guard let x = pickArray({ $0.isVariable }),
                let y = pickArray({
                    $0.isVariable && $0.type == x.type && $0.shape == x.shape && $0.divided == x.divided
                })
            else { return }
            emit("let \(a) = \(x.text)")
            emit("\(x.text) = \(y.text)")
            emit("\(y.text) = \(a)")
        }
    }

    func chosen() {
        guard let x = pickArray({ _ in true }),
            let y = pickArray({
                $0.type == x.type && $0.shape == x.shape && $0.divided == x.divided
            })
        else { return }
        let text = name("w")
        let other = x.type.isNumeric && random.once(in: 2) ? "\(y.text) * \(y.text)" : y.text
        emit("let \(text) = if \(formula(.bool, 2, scope)) { \(x.text) } else { \(other) }")
        define(array: text, x.type, x.shape, divided: x.divided)
    }
}
