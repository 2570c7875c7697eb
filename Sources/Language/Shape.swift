import CNumerics

/// Which extents an array can have.
public enum Shape {
    /// So many elements of 16 bytes fill what an address can name.
    public static let mostElements = Int(pdl_most_elements)

    public enum Verdict: Equatable, Sendable {
        /// How many elements it has.
        case count(Int)
        /// The extent of an axis is negative, or makes too many elements of the `count` that there are for each of its indices.
        case impossible(axis: Int, count: Int)
    }

    public static func verdict(_ extents: [Int]) -> Verdict {
        var count = 1
        for (axis, extent) in extents.enumerated() {
            let (product, overflow) = count.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !overflow, product <= mostElements else { return .impossible(axis: axis, count: count) }
            count = product
        }
        return .count(count)
    }
}
