import CRuntimeText

/// The runtime's C sources by file name, as pdlc hands them to the user's `mpicc`: written into one folder, `main` is the
/// one file to compile; it includes the others.
public enum RuntimeSources {
    /// The translation unit that includes all others.
    public static let main = "runtime.c"

    public static let files: [(name: String, text: [UInt8])] = {
        var files: [(name: String, text: [UInt8])] = []
        var row = pdl_source_files()
        while let file = row?.pointee, let name = file.name, let text = file.text {
            files.append((String(cString: name), Array(String(cString: text).utf8)))
            row = row?.successor()
        }
        return files
    }()
}
