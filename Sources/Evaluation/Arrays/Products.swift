import Language
import Source

extension ArrayValue {
    /// The product of matrices: every element is a chain of fused multiply-adds over the inner index, from 0.
    func product(_ other: ArrayValue, _ element: ElementType, at span: Span) throws -> ArrayValue {
        let (n, k, m) = (extents[0], extents[1], other.extents[1])
        guard other.extents[0] == k else { throw Fault("a product of matrices that do not fit") }
        let add = try link(element)
        var result = [Word](repeating: Constant.zero(element).word, count: n * m)
        for i in 0..<n {
            for p in 0..<k {
                let left = elements[i * k + p]
                for j in 0..<m { result[i * m + j] = add(left, other.elements[p * m + j], result[i * m + j]) }
            }
        }
        return ArrayValue(extents: [n, m], elements: result)
    }

    /// a·b + c: rounded once, or wrapping.
    private func link(_ element: ElementType) throws -> (Word, Word, Word) -> Word {
        if element.isFloat { return try ScalarFunctions.ternary(.fma, element) }
        let multiply = try ScalarFunctions.binary(.multiply, element)
        let add = try ScalarFunctions.binary(.add, element)
        return { add(multiply($0, $1), $2) }
    }
}
