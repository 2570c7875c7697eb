import Language

/// What numbers of a type are made of. The same formulas lift to arrays: `lifts` leaves out what does not.
extension ProgramGenerator {
    static let types: [ElementType] = [.bool, .i32, .i64, .u32, .u64, .f32, .f64]
    static let numeric: [ElementType] = [.i32, .i64, .u32, .u64, .f32, .f64, .f64, .i64]

    func formula(_ type: ElementType, _ depth: Int, _ scope: Scope, lifts: Bool = false) -> Term {
        guard depth > 0, !random.once(in: 5) else { return leaf(type, scope) }
        if depth > 1, !lifts, type != .bool, random.once(in: 8), let term = innerReduction(type, depth, scope) {
            return term.of(type.rawValue)
        }
        let make = Formulas(generator: self, depth: depth - 1, scope: scope, lifts: lifts)
        let term: Term =
            if type == .bool { make.condition() } else if type.isInteger { make.integer(type) } else {
                make.float(type)
            }
        return term.of(type.rawValue)
    }

    /// A name or a literal whose type does not depend on where it stands.
    func leaf(_ type: ElementType, _ scope: Scope) -> Term {
        let names = scope.texts(of: type)
        if !names.isEmpty, !random.once(in: 4) { return Term(random.pick(names)).of(type.rawValue) }
        let integers = type == .i64 || random.once(in: 3) ? [] : scope.texts(of: .i64)
        if !integers.isEmpty {
            // Indices make elements differ.
            let index = Term(random.pick(integers))
            let term: Term = type == .bool ? "(\(index) % 3 == 1)" : "\(type.rawValue)(\(index))"
            return term.of(type.rawValue)
        }
        switch type {
        case .bool: return Term(random.pick(["true", "false"])).of("bool")
        case .i64, .f64: return Term(literal(type)).of(type.rawValue)
        default: return Term("\(type.rawValue)(\(literal(type)))").of(type.rawValue)
        }
    }

    /// A reduction over what every rank has, or over the rest of an array whose first axes are those of the comprehension around.
    private func innerReduction(_ type: ElementType, _ depth: Int, _ scope: Scope) -> Term? {
        let index = "q\(depth)"
        guard !scope.indices.contains(index) else { return nil }
        var (extent, reads) = (random.pick(smallExtents), [Scope.Number]())
        for array in scope.arrays {
            if array.shape.count == scope.domain.count + 1, Array(array.shape.dropLast()) == scope.domain,
                !scope.domain.isEmpty
            {
                let own = array.shape[array.shape.count - 1]
                if reads.isEmpty { extent = own }
                guard own == extent else { continue }
                let at = (scope.indices + [index]).joined(separator: ", ")
                reads.append(.init(text: "\(array.text)[\(at)]", type: array.type))
            } else if !array.isScattered, array.shape == [extent] {
                reads.append(.init(text: "\(array.text)[\(index)]", type: array.type))
            }
        }
        guard extent.value < 20 else { return nil }
        var inner = scope
        (inner.indices, inner.domain) = (scope.indices + [index], scope.domain + [extent])
        inner.numbers += [.init(text: index, type: .i64)] + reads + reads
        let condition: Term = random.once(in: 4) ? " if \(formula(.bool, 1, inner))" : ""
        let clause = "for \(index) in 0..\(extent.text)"
        if type == .i64, random.once(in: 2) {
            let arg = random.pick(["argmin", "argmax"])
            return "\(arg)(\(formula(.f64, depth - 2, inner)) \(clause)\(condition))"
        }
        let function =
            type == .i32 || type == .u32 ? random.pick(["min", "max"]) : random.pick(["sum", "min", "max", "prod"])
        return "\(function)(\(formula(type, depth - 2, inner)) \(clause)\(condition))"
    }

    func literal(_ type: ElementType) -> String {
        if type.isFloat {
            return random.pick([
                "0.0", "1.0", "0.5", "0.1", "1.25", "2.0", "3.0", "1e-3", "1e10", "123.456", "(-1.5)", "(-0.0)",
                "(-0.7)", "nan", "inf",
            ])
        }
        let common = ["0", "1", "2", "3", "5", "7", "10", "100", "12345", "2147483647"]
        return random.pick(type.isSigned ? common + ["(-1)", "(-3)", "(-100)"] : common)
    }
}

/// One formula of a type, over formulas one level lower.
struct Formulas {
    let generator: ProgramGenerator
    let depth: Int
    let scope: Scope
    let lifts: Bool

    private func inner(_ type: ElementType) -> Term { generator.formula(type, depth, scope, lifts: lifts) }
    private func pick<Choice>(_ choices: [Choice]) -> Choice { generator.random.pick(choices) }
    private func below(_ limit: Int) -> Int { generator.random.below(limit) }

    func condition() -> Term {
        let type = pick(ProgramGenerator.numeric)
        switch below(7) {
        case 0: return "(\(inner(.bool)) \(pick(["and", "or", "==", "!="])) \(inner(.bool)))"
        case 1: return "(not \(inner(.bool)))"
        case 2:
            let float = pick([ElementType.f32, .f64])
            return "\(pick(["isnan", "isinf", "isfinite"]))(\(inner(float)))"
        case 3: return "(\(inner(.i64)) % \(pick(["2", "3", "7"])) == \(pick(["0", "1"])))"
        case 4: return "bool(\(inner(type)))"
        default: return "(\(inner(type)) \(pick(["<", "<=", ">", ">=", "==", "!="])) \(inner(type)))"
        }
    }

    func integer(_ type: ElementType) -> Term {
        switch below(16) {
        case 0...2: return "(\(inner(type)) \(pick(["+", "-", "*"])) \(inner(type)))"
        case 3: return "(\(inner(type)) \(pick(["+", "-", "*"])) \(pick(["1", "3", "17"])))"
        case 4: return "(\(inner(type)) \(pick(["//", "%"])) \(pick(["2", "3", "7", "10", "64"])))"
        case 5: return "(\(inner(type)) \(pick(["//", "%"])) (\(type.rawValue)(1) + \(inner(type)) % 5))"
        case 6: return "(\(inner(type)) \(pick(["&", "|", "^"])) \(inner(type)))"
        case 7: return "(\(inner(type)) \(pick(["<<", ">>"])) \(pick(["0", "1", "5", "31", "33", "65"])))"
        case 8: return type.isSigned ? "(-\(inner(type)))" : "(~\(inner(type)))"
        case 9: return "\(pick(["abs", "sign"]))(\(inner(type)))"
        case 10: return "(\(inner(type)) ** \(pick(["0", "1", "2", "3", "5"])))"
        case 11:
            // The least type that both widen to; a literal alone would take the other's.
            guard type == .i64 else { return converted(type) }
            return "(\(inner(pick([.i32, .u32]))) \(pick(["+", "-", "*"])) i64(\(inner(.i64))))"
        case 12: return converted(type)
        case 13 where type == .i64 && generator.hasTypedFunction && !lifts:
            return "\(generator.prefix)steps(\(inner(.i64)))"
        case 14 where type == .i64 && !lifts: return "random_int(3, \(inner(.i64)), -5, 50)"
        case 14 where type == .u64 && !lifts: return "random_bits(3, \(inner(.i64)))"
        default: return shared(type)
        }
    }

    func float(_ type: ElementType) -> Term {
        let functions = [
            "sqrt", "cbrt", "erf", "erfc", "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sin", "cos", "tan",
            "asin",
            "acos", "atan", "sinh", "cosh", "tanh", "asinh", "acosh", "atanh", "floor", "ceil", "round", "trunc", "abs",
            "sign",
        ]
        switch below(16) {
        case 0...3: return "(\(inner(type)) \(pick(["+", "-", "*", "/"])) \(inner(type)))"
        case 4: return "(\(inner(type)) \(pick(["+", "-", "*", "/"])) \(pick(["0.5", "3.0", "0.1"])))"
        case 5: return "(\(inner(type)) * \(inner(type)) \(pick(["+", "-"])) \(inner(type)))"
        case 6, 7: return "\(pick(functions))(\(inner(type)))"
        case 8: return "\(pick(["atan2", "hypot"]))(\(inner(type)), \(inner(type)))"
        case 9: return "fma(\(inner(type)), \(inner(type)), \(inner(type)))"
        case 10: return "(-\(inner(type)))"
        case 11: return "(\(inner(type)) ** \(pick(["0", "2", "3", "0.5"])))"
        case 12:
            guard type == .f64 else { return converted(type) }
            let other = inner(pick([.i32, .i64, .u32, .u64, .f32]))
            return "(\(other) \(pick(["+", "-", "*", "/"])) f64(\(inner(.f64))))"
        case 13: return converted(type)
        default: return shared(type)
        }
    }

    private func converted(_ type: ElementType) -> Term {
        "\(type.rawValue)(\(inner(pick(ProgramGenerator.types))))"
    }

    /// What every numeric type has.
    private func shared(_ type: ElementType) -> Term {
        switch below(6) {
        case 0: return "\(pick(["min", "max"]))(\(inner(type)), \(inner(type)))"
        case 1: return "where(\(inner(.bool)), \(inner(type)), \(inner(type)))"
        case 2: return "clamp(\(inner(type)), \(inner(type)), \(inner(type)))"
        case 3 where generator.hasGenericFunction:
            return "\(generator.prefix)generic(\(inner(type)), \(inner(type)))"
        case 4 where generator.hasGenericFunction:
            return "\(generator.prefix)apply(t => t * t, \(inner(type)))"
        case 5 where type == .f64 && generator.hasTypedFunction && !lifts:
            return "\(generator.prefix)typed(\(inner(.f64)), \(inner(.i64)))"
        case 5 where type == .f64 && !lifts:
            return "\(pick(["random", "random", "random_normal"]))(\(pick(["1", "7"])), \(inner(.i64)))"
        default:
            guard !lifts else { return "max(\(inner(type)), \(inner(type)))" }
            return "(if \(inner(.bool)) { \(inner(type)) } else { \(inner(type)) })"
        }
    }
}
