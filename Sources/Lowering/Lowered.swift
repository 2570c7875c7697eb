import IR
import Language
import TypedTree

/// What an expression became.
indirect enum Lowered {
    /// A number, an array or a text.
    case value(Value)
    case part(Part)
    /// The empty tuple is nothing at all: what a function without a result gives.
    case tuple([Lowered])

    static var nothing: Lowered { .tuple([]) }

    /// The values in it, in order; nil when there is a part, which is more than values.
    var values: [Value]? {
        switch self {
        case .value(let value): return [value]
        case .part: return nil
        case .tuple(let elements):
            var values: [Value] = []
            for element in elements {
                guard let inner = element.values else { return nil }
                values += inner
            }
            return values
        }
    }

    /// The opposite of `values`: takes as many values as the type has numbers and arrays.
    init?(_ values: inout ArraySlice<Value>, as type: ValueType) {
        var leaves = values.map(Lowered.value)[...]
        self.init(&leaves, as: type)
        values = values.suffix(leaves.count)
    }

    /// The same of values and parts.
    init?(_ leaves: inout ArraySlice<Lowered>, as type: ValueType) {
        switch type {
        case .array, .string:
            guard let leaf = leaves.popFirst() else { return nil }
            self = leaf
        case .tuple, .record:
            var elements: [Lowered] = []
            for type in type.components ?? [] {
                guard let element = Lowered(&leaves, as: type) else { return nil }
                elements.append(element)
            }
            self = .tuple(elements)
        case .void: self = .nothing
        case .error: return nil
        }
    }
}

extension ValueType {
    /// The numbers, arrays and texts in a value of this type, in order; text is nil.
    var leaves: [ArrayType?] {
        switch self {
        case .array(let type): [type]
        case .string: [nil]
        case .tuple, .record: (components ?? []).flatMap(\.leaves)
        case .void, .error: []
        }
    }
}

/// What a part-typed expression became: values that ranks contribute to, and what is to be done to their combinations.
///
/// Scaling by a number and the like commute with the combination, so they are done once, after it.
struct Part {
    indirect enum Formula {
        /// A basic part (one component of it, for minloc and maxloc).
        case combined(Value)
        case number(Value)
        case apply(ScalarOperator, [Formula])
        case convert(ElementType, Formula)
    }
    var formula: Formula
    /// The basic parts that the formula mentions: one value each, or (value, index).
    var basics: [[Value]]
}
