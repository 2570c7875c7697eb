import CodeGen
import Embedded
import Evaluation
import FoundationEssentials
import Glibc
import Language

/// A library that a kind of file needs: found by pkg-config when a program names such a file, with the part of the runtime that uses it.
struct FileLibrary {
    /// What people call it.
    let name: String
    /// The part of the runtime.
    let source: String
    /// pkg-config's names for it, the first that is there counts.
    let packages: [String]
    let debianPackage: String

    init?(_ kind: FileKind, _ family: Toolchain.Family? = nil) {
        switch kind {
        case .npy, .csv, .pgm: return nil
        case .npz: (name, source, packages, debianPackage) = ("zlib", "npz.c", ["zlib"], "zlib1g-dev")
        case .png: (name, source, packages, debianPackage) = ("libpng", "png.c", ["libpng"], "libpng-dev")
        case .hdf5:
            // Ranks write in place: any HDF5 will do, and one for an MPI must be this MPI's.
            let parallel = family == .openMPI ? ["hdf5-openmpi"] : family == .mpich ? ["hdf5-mpich"] : []
            (name, source, debianPackage) = ("HDF5", "hdf5.c", "libhdf5-dev")
            packages = ["hdf5-serial", "hdf5"] + parallel
        }
    }

    /// What the compiler and the linker are told. Paths of libraries stand in the program, so that it finds them where it runs.
    func flags(for kind: FileKind) async throws -> (compile: [String], link: [String]) {
        guard Files.executable("pkg-config") != nil else {
            throw UsageError("cannot look for \(name), which .\(kind.rawValue) files need: install pkg-config")
        }
        for package in packages {
            let compile = try await Tool.run(["pkg-config", "--cflags", package])
            let link = try await Tool.run(["pkg-config", "--libs", package])
            guard compile.succeeded, link.succeeded else { continue }
            let words = link.output.split(whereSeparator: \.isWhitespace).map(String.init)
            let folders = words.filter { $0.hasPrefix("-L") }.map { "-Wl,-rpath,\($0.dropFirst(2))" }
            return (compile.output.split(whereSeparator: \.isWhitespace).map(String.init), words + folders)
        }
        throw UsageError(
            "cannot find \(name), which .\(kind.rawValue) files need; install it, for example "
                + "`apt install \(debianPackage)`")
    }
}

/// The libraries of the kinds of files that a program names, compiled when they are first needed, then kept.
public struct FileLibraryCache {
    let cache: Cache

    public init(cache: Cache) { self.cache = cache }

    /// What a program is linked with.
    func objects(
        for kinds: Set<FileKind>, toolchain: Toolchain, target: Target
    ) async throws -> (files: [String], flags: [String]) {
        var (files, flags) = ([String](), [String]())
        for kind in kinds.sorted(by: { $0.rawValue < $1.rawValue }) {
            guard let library = FileLibrary(kind, toolchain.family) else { continue }
            let found = try await library.flags(for: kind)
            let recipe = ObjectRecipe(
                sources: [library.source], compiler: toolchain.mpicc, identity: toolchain.identity, ending: ".o",
                options: ["-c"] + target.runtimeFlags + found.compile)
            files.append(try await made(by: recipe))
            flags += found.link
        }
        return (files, flags)
    }

    /// Loaded into this process, for the interpreter.
    public func loaded(_ kinds: Set<FileKind>) async throws -> FileLibraries {
        var libraries = FileLibraries()
        for kind in kinds {
            guard let library = FileLibrary(kind), let symbol = FileLibraries.symbol(of: kind) else { continue }
            guard let compiler = Files.executable("cc") else { throw UsageError("cannot find the C compiler cc") }
            let found = try await library.flags(for: kind)
            // What the runtime would have beside it.
            let recipe = ObjectRecipe(
                sources: [library.source, "npy_header.c", "format.c"], compiler: compiler, identity: compiler,
                ending: ".so", options: ["-shared"] + found.compile, link: found.link)
            let file = try await made(by: recipe)
            guard let handle = dlopen(file, RTLD_NOW | RTLD_LOCAL), let table = dlsym(handle, symbol) else {
                throw UsageError("cannot load \(library.name): \(String(cString: dlerror()))")
            }
            libraries.add(kind, table)
        }
        return libraries
    }

    /// Parts of the runtime in a file of their own.
    private struct ObjectRecipe {
        var sources: [String]
        var compiler: String
        /// What tells this compiler from others.
        var identity: String
        var ending: String
        var options: [String]
        /// What stands behind the sources.
        var link: [String] = []
        var flags: [String] { ["-std=gnu11", "-O2", "-fPIC", "-Wall"] + options }
    }

    /// The file, made unless it is there.
    private func made(by recipe: ObjectRecipe) async throws -> String {
        let (compiler, flags) = (recipe.compiler, recipe.flags)
        let isOwn = { (name: String) in recipe.sources.contains(Files.name(of: name)) }
        var key = Fingerprint(recipe.identity, (flags + recipe.link).joined(separator: " "))
        for file in RuntimeSources.files where isOwn(file.name) || file.name.hasSuffix(".h") { key.add(file.text) }
        let output = cache.path("files", key, recipe.ending)
        guard !FileManager.default.fileExists(atPath: output) else { return output }
        let folder = Files.temporaryName(beside: output)
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try RuntimeSources.write(into: folder)
        let paths = RuntimeSources.files.map(\.name).filter(isOwn).map { "\(folder)/\($0)" }
        let made = "\(folder)/made\(recipe.ending)"
        let outcome = try await Tool.run([compiler] + flags + ["-I\(folder)"] + paths + ["-o", made] + recipe.link)
        guard outcome.succeeded else {
            throw CompilerFault("\(compiler) cannot compile \(recipe.sources[0]):\n\(outcome.errors)")
        }
        try Files.move(made, to: output)
        return output
    }
}
