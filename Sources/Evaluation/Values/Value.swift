import Language

/// What an expression has become.
enum Value {
    case number(Word)
    case array(ArrayValue)
    case part(Part)
    case tuple([Value])
    case text(String)
    case void
}

/// A partial value: every rank holds the leaves that it contributed, and a function waits for their combination.
indirect enum Part {
    /// One component of what a reduction left on its ranks (1 is the index of minloc and maxloc).
    case leaves(ReductionLeaves, component: Int)
    /// A primitive that commutes with the combination; operands are parts or replicated values.
    case apply(ElementwiseFunction, [Value])

    /// The combination over all ranks.
    func combined() throws -> Value {
        try finished { leaves in try leaves.combine(leaves.leaves[...]) }
    }

    /// The combination of what one rank holds.
    func held(by rank: Int) throws -> Value {
        try finished { leaves in try leaves.combine(leaves.held(by: rank)) }
    }

    /// The value when `combine` tells what becomes of each set of leaves: the components of its combination.
    private func finished(_ combine: (ReductionLeaves) throws -> [ArrayValue]) throws -> Value {
        switch self {
        case .leaves(let leaves, let component):
            let value = try combine(leaves)[component]
            return value.extents.isEmpty ? .number(value.elements[0]) : .array(value)
        case .apply(let function, let operands):
            let values = try operands.map { operand in
                if case .part(let part) = operand { try part.finished(combine) } else { operand }
            }
            return try function.apply(to: values)
        }
    }
}

extension Value {
    func number() throws -> Word {
        guard case .number(let word) = self else { throw Fault("a number was expected") }
        return word
    }

    /// A number counts as an array of rank 0.
    func array() throws -> ArrayValue {
        switch self {
        case .array(let array): return array
        case .number(let word): return ArrayValue(word)
        default: throw Fault("an array was expected")
        }
    }

    func part() throws -> Part {
        guard case .part(let part) = self else { throw Fault("a part was expected") }
        return part
    }

    func tuple() throws -> [Value] {
        guard case .tuple(let values) = self else { throw Fault("a tuple was expected") }
        return values
    }

    func text() throws -> String {
        guard case .text(let text) = self else { throw Fault("a text was expected") }
        return text
    }
}
