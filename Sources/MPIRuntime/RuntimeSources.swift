/// The runtime's C sources by file name, as pdlc hands them to the user's `mpicc`.
public enum RuntimeSources {
    public static let files: [(name: String, text: [UInt8])] = [
        ("pdl.h", PackageResources.pdl_h)
    ]
}
