import Checking
import CodeGen
import Desugaring
import Embedded
import FoundationEssentials
import IR
import Language
import Lowering
import Passes
import Source
import TypedTree

/// The functions of a file on their way to a shared library.
public struct LibraryCompilation {
    private let compilation: Compilation
    private let exports: [Export]

    /// A function, and its IR before any pass.
    private struct Export {
        let function: LibraryFunction
        let module: Module
    }

    /// - Throws: `ProgramErrors` where a function cannot be exported.
    public init(_ compilation: Compilation) throws {
        self.compilation = compilation
        let (exports, diagnostics) = try Self.checked(compilation)
        guard let exports else { throw ProgramErrors(diagnostics) }
        self.exports = exports
    }

    /// Everything that there is to say about the file as a library.
    public static func diagnostics(of compilation: Compilation) throws -> [Diagnostic] {
        let isProgram = !compilation.diagnostics.contains { $0.severity == .error }
        return isProgram ? try checked(compilation).diagnostics : compilation.diagnostics
    }

    /// What the checker says, what the lowering refuses, and which contracts are broken.
    private static func checked(
        _ compilation: Compilation
    ) throws -> (exports: [Export]?, diagnostics: [Diagnostic]) {
        let (functions, remarks) = checkLibrary(
            compilation.tree, file: compilation.file, importer: compilation.importer)
        guard let functions else { return (nil, remarks) }
        var (exports, faults): ([Export], [Diagnostic]) = ([], [])
        for function in functions {
            do {
                let module = try lower(desugar(function))
                exports.append(Export(function: function, module: module))
                faults += Compilation.broken(function.program.contracts, module)
            } catch let refusal as Diagnostic {
                faults.append(refusal)
            }
        }
        return (faults.isEmpty ? exports : nil, remarks + unique(faults))
    }

    /// Functions that call the same one have its faults in common.
    private static func unique(_ faults: [Diagnostic]) -> [Diagnostic] {
        faults.reduce(into: []) { unique, fault in
            let isKnown = unique.contains { $0.message == fault.message && $0.span.coincides(with: fault.span) }
            if !isKnown { unique.append(fault) }
        }
    }

    /// What the library of `samples/psum.pdl` is called: `libpsum.so`.
    public var fileName: String { "lib\(Self.identifier(Files.stem(of: compilation.file.path))).so" }

    /// Writes libNAME.so (`output`), and beside it NAME.h, NAME.f90 and NAME.json.
    public func build(to output: String, toolchain: Toolchain, cache: Cache) async throws {
        let name = try Self.libraryName(output)
        let description = LibraryDescription(
            exports.map(\.function), library: name, source: Files.name(of: compilation.file.path))
        let interface = LibraryInterface(description: description)
        var objects: [[UInt8]] = []
        for export in exports { objects += try object(of: export) }
        let linker = Linker(cache: cache, toolchain: toolchain, target: compilation.options.target)
        let kinds = exports.reduce(into: Set<FileKind>()) { $0.formUnion($1.function.program.fileKinds) }
        try await linker.linkLibrary(name, interface, objects: objects, fileKinds: kinds, to: output)
        let folder = Files.folder(of: output)
        try Files.write(Array(interface.header.utf8), to: "\(folder)/\(name).h")
        try Files.write(Array(interface.fortran.utf8), to: "\(folder)/\(name).f90")
        try Files.write(description.json, to: "\(folder)/\(name).json")
    }

    private func object(of export: Export) throws -> [[UInt8]] {
        let options = compilation.options
        var module = export.module
        try Pipeline.run(&module, options.pipeline) { _, _ in }
        let symbol = LibraryInterface.programSymbol(export.function.name)
        return try CodeGenerator.generate(module, options: options.codeGeneration(symbol: symbol)).objects()
    }

    /// `libpsum.so` makes the library psum.
    static func libraryName(_ output: String) throws -> String {
        let file = Files.name(of: output)
        guard file.hasSuffix(".so") else { throw UsageError("a library's name ends in .so, not \(file)") }
        let stem = file.dropLast(3)
        let name = String(stem.hasPrefix("lib") ? stem.dropFirst(3) : stem)
        guard !name.isEmpty, name == identifier(name) else {
            throw UsageError(
                "\(file): functions of a library begin with its name, which \(name) cannot be; choose libNAME.so by -o")
        }
        return name
    }

    /// A name in C: what is no letter or digit becomes `_`.
    private static func identifier(_ name: String) -> String {
        let mapped = name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" }
        return (mapped.first?.isNumber == true ? "_" : "") + String(mapped)
    }
}

extension Linker {
    /// Objects, the runtime and the code of the interface → shared library. Only names that begin with the library's are seen outside.
    func linkLibrary(
        _ name: String, _ interface: LibraryInterface, objects: [[UInt8]], fileKinds: Set<FileKind>, to output: String
    ) async throws {
        let runtime = try await RuntimeCache(
            cache: cache, toolchain: toolchain, target: target, isForLibrary: true
        ).object()
        let libraries = try await FileLibraryCache(cache: cache).objects(
            for: fileKinds, toolchain: toolchain, target: target)
        let folder = Files.temporaryName(beside: "\(cache.folder)/library")
        let manager = FileManager.default
        try manager.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? manager.removeItem(atPath: folder) }
        try RuntimeSources.write(into: folder)
        try Files.write(Array(interface.header.utf8), to: "\(folder)/\(name).h")
        try Files.write(Array(interface.glue.utf8), to: "\(folder)/interface.c")
        try Files.write(Array("{ global: \(name)_*; local: *; };\n".utf8), to: "\(folder)/exported")
        let files = objects.indices.map { "\(folder)/function.\($0).o" }
        for (file, object) in zip(files, objects) { try Files.write(object, to: file) }
        try await link(
            ["\(folder)/interface.c"] + files + [runtime] + libraries.files, to: output,
            flags: [
                "-std=gnu11", "-O2", "-Wall", "-fPIC", "-shared", "-I\(folder)", "-Wl,-soname,lib\(name).so",
                "-Wl,--version-script,\(folder)/exported",
            ], libraries: libraries.flags)
    }
}
