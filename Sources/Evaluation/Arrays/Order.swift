import Language
import Source
import TypedTree

// Sorting and selecting.

/// When one element stands before another in a sorted array: NaN comes last, zeros are equal.
struct ElementOrder {
    private let less: (Word, Word) -> Word
    private let isNaN: (Word) -> Bool

    init(_ element: ElementType) throws {
        less = try ScalarFunctions.binary(.less, element)
        let test = element.isFloat ? try ScalarFunctions.unary(.isnan, element) : { _ in 0 }
        isNaN = { test($0) != 0 }
    }

    func precedes(_ a: Word, _ b: Word) -> Bool {
        if isNaN(a) || isNaN(b) { return !isNaN(a) }
        return less(a, b) != 0
    }

    func areEqual(_ a: Word, _ b: Word) -> Bool {
        isNaN(a) && isNaN(b) || !precedes(a, b) && !precedes(b, a)
    }
}

extension ArrayValue {
    /// The indices of the elements in rising or falling order; of equal ones the lower index comes first.
    func sortedIndices(_ order: ElementOrder, falling: Bool = false) -> [Int] {
        elements.indices.sorted { i, j in
            let (a, b) = falling ? (elements[j], elements[i]) : (elements[i], elements[j])
            if order.areEqual(a, b) { return i < j }
            return order.precedes(a, b)
        }
    }

    func selecting(_ indices: some Sequence<Int>) -> ArrayValue { ArrayValue(indices.map { elements[$0] }) }

    /// An array of one axis.
    init(_ elements: [Word]) { self.init(extents: [elements.count], elements: elements) }

    /// Every line along an axis in rising order: its elements, or their old indices in it.
    func sorted(along axis: Int, _ order: ElementOrder, byIndex: Bool) -> ArrayValue {
        let step = extents[(axis + 1)...].reduce(1, *)
        var result = self
        for first in elements.indices where first / step % extents[axis] == 0 {
            let line = ArrayValue((0..<extents[axis]).map { elements[first + $0 * step] })
            for (place, source) in line.sortedIndices(order).enumerated() {
                result.elements[first + place * step] = byIndex ? source.word : line.elements[source]
            }
        }
        return result
    }

    /// The different values in rising order.
    func unique(_ order: ElementOrder) -> ArrayValue {
        var kept: [Word] = []
        for index in sortedIndices(order) {
            if let last = kept.last, order.areEqual(last, elements[index]) { continue }
            kept.append(elements[index])
        }
        return ArrayValue(kept)
    }

    /// The rows where the mask is true.
    func compressed(_ mask: ArrayValue) -> ArrayValue {
        let row = extents.dropFirst().reduce(1, *)
        let kept = mask.elements.indices.filter { mask.elements[$0] != 0 }
        return ArrayValue(
            extents: [kept.count] + extents.dropFirst(),
            elements: kept.flatMap { elements[$0 * row..<($0 + 1) * row] })
    }

    /// The greatest elements in falling order, and their indices.
    func greatest(_ count: Int, _ order: ElementOrder, at span: Span) throws -> [ArrayValue] {
        guard 0...elements.count ~= count else {
            throw Failure("top_k: \(count) of \(elements.count) elements are wanted", at: span)
        }
        let indices = sortedIndices(order, falling: true).prefix(count)
        return [selecting(indices), ArrayValue(indices.map(\.word))]
    }
}
