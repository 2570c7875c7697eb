/// A way to number the ranks, and so to cut an axis over them: all one after the other, or as a grid. With c columns, rank r stands in
/// row r / c and in column r % c of the grid.
public enum Direction: String, CaseIterable, Hashable, Sendable {
    case all, rows, columns
}
