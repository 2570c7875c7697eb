import CEmbedded
import FoundationEssentials

/// A file that pdlc carries as text.
public struct EmbeddedFile: Sendable {
    /// Its path inside its folder.
    public let name: String
    public let text: [UInt8]

    fileprivate static func all(_ first: UnsafePointer<pdl_embedded_file>?) -> [EmbeddedFile] {
        var files: [EmbeddedFile] = []
        var row = first
        while let file = row?.pointee, let name = file.name, let text = file.text {
            files.append(EmbeddedFile(name: String(cString: name), text: Array(String(cString: text).utf8)))
            row = row?.successor()
        }
        return files
    }
}

/// The runtime's C sources, as pdlc hands them to the user's `mpicc`.
public enum RuntimeSources {
    /// The translation unit that includes all others.
    public static let main = "runtime.c"
    public static let files = EmbeddedFile.all(pdl_embedded_runtime())

    /// Writes them into a folder that exists; `main` is the one file to compile there.
    public static func write(into folder: String) throws {
        for file in files {
            let path = "\(folder)/\(file.name)"
            if let slash = path.lastIndex(of: "/") {
                try FileManager.default.createDirectory(
                    atPath: String(path[..<slash]), withIntermediateDirectories: true)
            }
            try Data(file.text).write(to: URL(fileURLWithPath: path))
        }
    }
}

/// The library written in PDL, `Sources/Library`.
public enum LibrarySources {
    public static let files = EmbeddedFile.all(pdl_embedded_library())
}

/// Batch scripts and profiles with places to fill in, `Sources/Templates`.
public enum TemplateSources {
    public static let files = EmbeddedFile.all(pdl_embedded_templates())
}
