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
        var isScattered: Bool
        var isVariable = false

        var typeText: String { Self.typeText(type, shape, isScattered: isScattered) }

        static func typeText(_ type: ElementType, _ shape: [Extent], isScattered: Bool) -> String {
            let extents = shape.enumerated().map { ($0 == 0 && isScattered ? "/" : "") + $1.text }
            return "\(type.rawValue)[\(extents.joined(separator: ", "))]"
        }
    }

    var numbers: [Number] = []
    var arrays: [Array] = []
    /// Inside a comprehension: its indices and their extents.
    var indices: [String] = []
    var domain: [Extent] = []

    func texts(of type: ElementType) -> [String] { numbers.filter { $0.type == type }.map(\.text) }
}
