import FoundationEssentials
import Glibc
import Source

/// What `-o` names is written over only where nothing of the user's is lost.
public struct Outputs: Sendable {
    /// Write over anything but the program itself.
    public var force: Bool
    /// The program and what it imports.
    let inputs: [SourceFile]

    public init(of compilation: Compilation, force: Bool) throws {
        self.force = force
        inputs = [compilation.file] + ((try? compilation.typed().imports) ?? [])
    }

    /// What pdlc built has this in its table of symbols.
    private static let symbol = Array("pdl_main".utf8)

    /// - Throws: `UsageError` when the path is one of the program's sources, or a file that no `pdlc build` made.
    public func checkBuilt(_ path: String) throws {
        try check(path) { $0.firstRange(of: Self.symbol) != nil }
    }

    /// The same for a library and the files beside it, which say that pdlc made them.
    public func checkLibrary(_ path: String) throws {
        let name = try LibraryCompilation.libraryName(path)
        let beside = "\(Files.folder(of: path))/\(name)"
        let marks = [
            (path, "\(name)_open"), ("\(beside).h", "made by pdlc of"), ("\(beside).f90", "made by pdlc of"),
            ("\(beside).json", "\"\(name)_open\""),
        ]
        for (path, mark) in marks { try check(path) { $0.firstRange(of: Array(mark.utf8)) != nil } }
    }

    /// - Throws: `UsageError` when the path is one of the program's sources, or a file that does not begin like `text`.
    public func checkText(_ path: String, _ text: String) throws {
        func firstWord(_ bytes: some Sequence<UInt8>) -> [UInt8] { Array(bytes.prefix { $0 > UInt8(ascii: " ") }) }
        let word = firstWord(text.utf8)
        try check(path) { firstWord($0) == word }
    }

    /// A profile's file, which an option of its own names.
    public func checkProfile(_ path: String) throws {
        try check(path, by: "that option") { $0.firstRange(of: Array("\"measuredRanks\":".utf8)) != nil }
    }

    private func check(_ path: String, by option: String = "-o", isOurs: ([UInt8]) -> Bool) throws {
        var (existing, source) = (stat(), stat())
        guard stat(path, &existing) == 0 else { return }
        let isInput = inputs.contains { input in
            stat(input.path, &source) == 0 && source.st_dev == existing.st_dev && source.st_ino == existing.st_ino
        }
        if isInput { throw UsageError("\(path) is the program itself: name another file by \(option)") }
        guard existing.st_mode & S_IFMT == S_IFREG else {
            throw UsageError("\(path) is not a file that could be written over: name another one by \(option)")
        }
        guard !force, let bytes = Files.read(path), !bytes.isEmpty, !isOurs(bytes) else { return }
        let force = option == "-o" ? ", or say --force" : ""
        throw UsageError("\(path) exists and pdlc did not make it: name another file by \(option)\(force)")
    }
}
