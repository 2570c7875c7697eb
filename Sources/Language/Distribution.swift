/// How an array is cut over the ranks, axis by axis, and so how it lies in memory.
///
/// Checker, passes and code generator ask it; that one axis is cut, and which one, they do not know.
public struct Distribution: Hashable, Sendable {
    /// How one axis is cut.
    public enum Cut: Hashable, Sendable {
        /// Whoever has a part of the array has the whole axis.
        case whole
        /// Every rank has one run of its indices: `pdl_block_begin` says where each begins.
        case block
    }

    /// A cut for each axis. Whole ones at the end are left out: so a distribution fits arrays of any rank, and equal ones are equal.
    private let cuts: [Cut]

    public init(_ cuts: [Cut]) {
        let last = cuts.lastIndex { $0 != .whole }
        self.cuts = Array(cuts.prefix((last ?? -1) + 1))
    }

    /// Not cut at all.
    public static let whole = Distribution([])
    public static func block(axis: Int) -> Distribution {
        Distribution(Array(repeating: .whole, count: axis) + [.block])
    }

    /// What `scatter` makes where nothing else is asked for.
    public static let rows = block(axis: 0)
    /// The first two axes over a grid of ranks.
    public static let grid = Distribution([.block, .block])

    // MARK: Questions

    public subscript(axis: Int) -> Cut { cuts.indices.contains(axis) ? cuts[axis] : .whole }
    public var isDivided: Bool { !cuts.isEmpty }
    /// The axes that are cut, in order.
    public var dividedAxes: [Int] { cuts.indices.filter { cuts[$0] != .whole } }
    /// The axis that is cut.
    public var dividedAxis: Int? { dividedAxes.first }
    /// Whether two axes are cut, one over the rows of a grid of ranks and one over its columns.
    public var isGrid: Bool { dividedAxes.count == 2 }
    /// Whether a reduction to a number over it goes by tiles: over a grid of ranks, where the order matters.
    public func isTiled(_ op: ReductionOperator, _ element: ElementType) -> Bool {
        isGrid && op.dependsOnOrder(element)
    }
    /// Over which ranks an axis is cut.
    public func direction(axis: Int) -> Direction { isGrid ? axis == dividedAxis ? .rows : .columns : .all }
    /// Whether each rank that has a part of the array has all of that axis.
    public func isWhole(axis: Int) -> Bool { self[axis] == .whole }

    // MARK: Memory

    /// The order in which the axes lie in memory: what is cut comes first, so that a rank's block is a run of rows.
    public var storageOrder: StorageOrder { StorageOrder(first: dividedAxis ?? 0) }

    /// How the array is cut as it is stored.
    public var stored: Distribution { Distribution(storageOrder.stored(cuts)) }

    /// Whether the axes are in the order in which they are stored.
    public var isStored: Bool { self == stored }
}
