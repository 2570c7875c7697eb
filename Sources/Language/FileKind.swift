/// How a file holds an array, by the ending of its name.
public enum FileKind: String, CaseIterable, Sendable {
    /// NumPy's format.
    case npy
    /// A picture in levels of grey.
    case pgm

    /// nil: the name ends in none of these.
    public init?(path: String) {
        guard let kind = FileKind.allCases.first(where: { path.hasSuffix("." + $0.rawValue) }) else { return nil }
        self = kind
    }
}
