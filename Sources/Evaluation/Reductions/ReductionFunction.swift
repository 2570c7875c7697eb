import Language

/// What a reduction combines at one point: a number, or for minloc and maxloc a number and its index, or as many numbers as the
/// operator's values have.
struct Contribution {
    var value: Word
    var index: Word = 0
    /// The numbers after the second.
    var rest: [Word] = []

    subscript(component: Int) -> Word { component == 0 ? value : component == 1 ? index : rest[component - 2] }

    init(value: Word, index: Word = 0) {
        self.value = value
        self.index = index
    }

    init(_ words: [Word]) {
        value = words[0]
        index = words.count > 1 ? words[1] : 0
        rest = Array(words.dropFirst(2))
    }
}

/// A reduction's operator for one element type: its identity and its combination, lower positions on the left.
struct ReductionFunction {
    let identity: Contribution
    let combine: (Contribution, Contribution) throws -> Contribution
    /// Where contributions are gathered in another way than values are combined.
    private var moments: Moments?

    init(identity: Contribution, combine: @escaping (Contribution, Contribution) throws -> Contribution) {
        self.identity = identity
        self.combine = combine
    }

    @inline(__always)
    func gather(_ lane: Contribution, _ contribution: Contribution) throws -> Contribution {
        try moments?.gather(lane, contribution) ?? combine(lane, contribution)
    }

    func gathered(_ lane: Contribution) -> Contribution { moments?.gathered(lane) ?? lane }

    init(_ op: ReductionOperator, _ element: ElementType) throws {
        guard let identity = op.identity(element) else {
            throw Fault("\(op.symbol) has no identity in \(element.rawValue)")
        }
        self.identity = Contribution(identity.map(\.word))
        switch op {
        case .minloc, .maxloc:
            let better = try ScalarFunctions.binary(op == .minloc ? .less : .greater, element)
            let isNumber = try ReductionFunction.isNumber(element)
            combine = { a, b in
                if isNumber(a.value) != isNumber(b.value) { return isNumber(a.value) ? b : a }
                if better(a.value, b.value) != 0 { return a }
                if better(b.value, a.value) != 0 { return b }
                return Int64(word: a.index) <= Int64(word: b.index) ? a : b
            }
        case .moment, .comoment:
            let moments = Moments(variables: op.variables)
            self.moments = moments
            combine = moments.combine
        case .min, .max:
            // Of two equal floats the left one stays.
            let function = try ScalarFunctions.binary(op.scalar(), element)
            combine = { Contribution(value: function($1.value, $0.value)) }
        default:
            let function = try ScalarFunctions.binary(op.scalar(), element)
            combine = { Contribution(value: function($0.value, $1.value)) }
        }
    }

    private static func isNumber(_ element: ElementType) throws -> (Word) -> Bool {
        guard element.isFloat else { return { _ in true } }
        let isNaN = try ScalarFunctions.unary(.isnan, element)
        return { isNaN($0) == 0 }
    }
}

extension ReductionOperator {
    /// The primitive that combines two values; minloc and maxloc compare with it.
    fileprivate func scalar() throws -> ScalarOperator {
        switch self {
        case .sum: .add
        case .product: .multiply
        case .min, .minloc: .min
        case .max, .maxloc: .max
        case .and: .and
        case .or: .or
        case .bitAnd: .bitAnd
        case .bitOr: .bitOr
        case .bitXor: .bitXor
        case .moment, .comoment, .user: throw Fault("\(symbol) is no primitive")
        }
    }
}
