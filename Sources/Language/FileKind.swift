/// How a file holds arrays, by the ending of its name. `CNumerics/file_kind.c` has the same table, for names that only a run knows.
public enum FileKind: String, CaseIterable, Sendable {
    /// NumPy's format.
    case npy
    /// A table of numbers, as text.
    case csv
    /// A picture in levels of grey.
    case pgm
    /// A picture, in colours where a map of them is given.
    case png
    /// NumPy's archive of several arrays.
    case npz
    /// Datasets of HDF5.
    case hdf5 = "h5"

    /// nil: the name ends in none of these.
    public init?(path: String) {
        let path = path.hasSuffix(".hdf5") ? path.dropLast(4) + "h5" : path[...]
        guard let kind = FileKind.allCases.first(where: { path.hasSuffix("." + $0.rawValue) }) else { return nil }
        self = kind
    }

    public enum Direction: Sendable { case load, save }

    /// Whether arrays go that way.
    public func goes(_ direction: Direction) -> Bool {
        switch self {
        case .npy, .csv, .pgm, .hdf5: true
        case .png: direction == .save
        case .npz: direction == .load
        }
    }

    /// What `load` or `save` may be told besides the path.
    public func label(_ direction: Direction) -> String? {
        switch (self, direction) {
        case (.hdf5, _), (.npz, .load): "dataset"
        case (.png, .save): "colors"
        case (.csv, .save): "header"
        case (.csv, .load): "column"
        default: nil
        }
    }

    /// Whether complex numbers go there.
    public var holdsComplex: Bool { self == .npy || self == .npz }

    /// Whether it must be told.
    public var needsLabel: Bool { self == .hdf5 || self == .npz }

    /// Whether arrays of records go that way, each field under its name.
    public func holdsRecords(_ direction: Direction) -> Bool {
        self == .hdf5 || direction == .load && (self == .npz || self == .csv)
    }

    /// Whether it holds pictures: matrices of integers.
    public var isPicture: Bool { self == .pgm || self == .png }
}
