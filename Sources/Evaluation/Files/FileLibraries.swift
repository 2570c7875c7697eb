import CNumerics
import Language

/// The libraries for kinds of files, loaded into this process: what `linked/hdf5.c`, `npz.c` and `png.c` of the runtime define.
public struct FileLibraries {
    private var tables: [FileKind: UnsafeRawPointer] = [:]

    public init() {}

    /// The C name of a kind's table of functions; nil: it needs no library.
    public static func symbol(of kind: FileKind) -> String? {
        switch kind {
        case .hdf5: "pdl_hdf5"
        case .npz: "pdl_npz"
        case .png: "pdl_png"
        case .npy, .csv, .pgm: nil
        }
    }

    /// `table` stays as long as the process.
    public mutating func add(_ kind: FileKind, _ table: UnsafeRawPointer) { tables[kind] = table }

    func has(_ kind: FileKind) -> Bool { tables[kind] != nil }

    func members(_ kind: FileKind?) -> pdl_file_library? {
        kind.flatMap { tables[$0] }?.load(as: pdl_file_library.self)
    }

    var pictures: pdl_picture_library? { tables[.png]?.load(as: pdl_picture_library.self) }
}
