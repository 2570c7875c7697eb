import Language

/// An extent of a generated array: how programs write it, and how much it is.
struct Extent: Hashable {
    var text: String
    var value: Int
}

/// What a generated program has named so far.
struct Scope {
    struct Number {
        var text: String
        var type: ElementType
        var isVariable = false
    }
    struct Array {
        var text: String
        var type: ElementType
        var shape: [Extent]
        /// The axis that is divided over the ranks.
        var divided: Int?
        var isVariable = false

        var isScattered: Bool { divided != nil }

        /// Whether an element of the other may be read where one of this is made.
        func meets(_ other: Array) -> Bool { other.divided == nil || other.divided == divided }

        /// The axis that is divided when one has gone.
        func divided(without axis: Int) -> Int? {
            divided.flatMap { $0 == axis ? nil : $0 - (axis < $0 ? 1 : 0) }
        }
    }

    /// An array of the program's record.
    struct Records {
        var text: String
        var extent: Extent
        var isScattered: Bool
    }

    var numbers: [Number] = []
    var arrays: [Array] = []
    var records: [Records] = []
    /// Inside a comprehension: its indices and their extents.
    var indices: [String] = []
    var domain: [Extent] = []

    func texts(of type: ElementType) -> [String] { numbers.filter { $0.type == type }.map(\.text) }
}
