import IR
import Language

/// Bytes of arrays on a rank, as a sum that a person can read: `24*n*n/P + 8*n`.
struct MemoryBytes {
    private struct Term: Hashable {
        var elements: Formula
        var isDivided: Bool
    }

    /// Bytes of an element, in the order in which terms came.
    private var sizes: [(term: Term, bytes: Int)] = []

    init() {}

    /// What a rank holds of an array.
    init(of type: IRType, _ sizes: Sizes) {
        let term = Term(elements: sizes.elements(of: type), isDivided: type.placement.isDivided)
        self.sizes = [(term, type.element?.byteSize ?? 0)]
    }

    static func += (sum: inout MemoryBytes, other: MemoryBytes) {
        for (term, bytes) in other.sizes {
            if let index = sum.sizes.firstIndex(where: { $0.term == term }) {
                sum.sizes[index].bytes += bytes
            } else {
                sum.sizes.append((term, bytes))
            }
        }
    }

    var formula: Formula {
        sizes.reduce(.number(0)) { sum, size in
            let whole = Formula.number(size.bytes) * size.term.elements
            return sum + (size.term.isDivided ? whole / .ranks : whole)
        }
    }

    /// `16*n = 1600`.
    func text(_ known: [String: Int]) -> String { Amount.exactly(formula).text(known) }
}
