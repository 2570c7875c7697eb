import FoundationEssentials
import Glibc
import Source

/// The few things that the compiler does with files.
public enum Files {
    /// The absolute path of an executable: a path with a slash as it is, a bare name looked up on PATH.
    static func executable(_ name: String) -> String? {
        if name.contains("/") { return access(name, X_OK) == 0 && !isFolder(name) ? absolute(name) : nil }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin"
        return path.split(separator: ":").map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 && !isFolder($0) }
    }

    static func isFolder(_ path: String) -> Bool {
        var isFolder: Bool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }

    public static func absolute(_ path: String) -> String {
        path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    }

    /// A path and what its symbolic links lead to, step by step.
    static func linkChain(_ path: String) -> [String] {
        var chain = [path]
        while chain.count < 16, let target = try? FileManager.default.destinationOfSymbolicLink(atPath: chain.last!) {
            chain.append(target.hasPrefix("/") ? target : folder(of: chain.last!) + "/" + target)
        }
        return chain
    }

    public static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    public static func name(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path
    }

    /// `name` without its last extension: `samples/psum.pdl` gives `psum`.
    static func stem(of path: String) -> String {
        let name = name(of: path)
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return name }
        return String(name[..<dot])
    }

    public static func read(_ path: String) -> [UInt8]? {
        FileManager.default.contents(atPath: path).map { Array($0) }
    }

    /// All of it.
    fileprivate static func standardInput() -> [UInt8] {
        var (text, buffer): ([UInt8], [UInt8]) = ([], Array(repeating: 0, count: 1 << 16))
        while true {
            let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
            guard count > 0 else { return text }
            text += buffer[..<count]
        }
    }

    /// Writes under another name first, so that nobody ever sees half a file.
    public static func write(_ bytes: [UInt8], to path: String) throws {
        let temporary = temporaryName(beside: path)
        guard FileManager.default.createFile(atPath: temporary, contents: Data(bytes)) else {
            throw UsageError("cannot write \(path): \(lastProblem)")
        }
        try move(temporary, to: path)
    }

    static func move(_ source: String, to path: String) throws {
        guard rename(source, path) == 0 else {
            let problem = lastProblem
            unlink(source)
            throw UsageError("cannot write \(path): \(problem)")
        }
    }

    static func temporaryName(beside path: String) -> String {
        "\(path).\(getpid())-\(UInt32.random(in: .min ... .max)).tmp"
    }

    /// Size and time of the last change: what a cache compares instead of the content of a large file.
    static func signature(_ path: String) -> String {
        var status = stat()
        guard stat(path, &status) == 0 else { return "\(path) absent" }
        return "\(path) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }

    /// What the system said last: "No space left on device".
    static var lastProblem: String { String(cString: strerror(errno)) }
}

extension SourceFile {
    /// A file named by the user; `-` is standard input.
    public convenience init(reading path: String) throws {
        if path == "-" {
            self.init(path: "<stdin>", text: Files.standardInput())
            return
        }
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
            throw UsageError("\(path) is \(Files.isFolder(path) ? "a folder" : "a device or a pipe"), not a PDL file")
        }
        guard let text = Files.read(path) else {
            throw UsageError(
                "cannot read \(path): \(access(path, F_OK) == 0 ? Files.lastProblem : "there is no such file")")
        }
        self.init(path: path, text: text)
    }
}

extension Files {
    /// What `-march=native` looks at: the first processor's list of features, empty where the system has no such list.
    static func processorFeatures() -> [UInt8] {
        guard let text = FileManager.default.contents(atPath: "/proc/cpuinfo") else { return [] }
        let lines = text.split(separator: UInt8(ascii: "\n"))
        return lines.first { $0.starts(with: Array("flags".utf8)) || $0.starts(with: Array("Features".utf8)) }.map(
            Array.init)
            ?? []
    }
}
