import CodeGen
import Embedded
import Foundation
import IR
import Source

/// Modules in text form, compiled, linked with the runtime and run as one rank.
enum NativeProgram {
    /// What the program prints, a line each, at that optimisation level.
    static func run(_ text: String, optimisation: Int) throws -> [String] {
        try run(try module(text), optimisation: optimisation)
    }

    static func run(_ module: Module, optimisation: Int) throws -> [String] {
        let code = try CodeGenerator.generate(module, options: CodeGenOptions(optimisation: optimisation))
        let folder = try Folder()
        let objects = try code.objects().enumerated().map { index, bytes in
            let object = folder.url.appending(path: "program.\(index).o")
            try Data(bytes).write(to: object)
            return object.path
        }
        let executable = folder.url.appending(path: "program")
        try execute(
            compiler,
            ["-o", executable.path] + objects + [try runtime.get().url.appending(path: "runtime.o").path]
                + ["-lsleef", "-lm"])
        return try execute(executable.path, []).split(separator: "\n").map(String.init)
    }

    static func code(_ text: String, optimisation: Int, debugInfo: Bool = false) throws -> GeneratedCode {
        try CodeGenerator.generate(
            try module(text), options: CodeGenOptions(optimisation: optimisation, debugInfo: debugInfo))
    }

    /// A local module with that body.
    static func module(_ text: String) throws -> Module {
        try IRParser.parse(SourceFile(path: "test.pdl", "local module\n" + text + "yield\n"))
    }

    /// A folder that goes away with the last reference to it.
    final class Folder: Sendable {
        let url: URL
        init() throws {
            url = FileManager.default.temporaryDirectory.appending(path: "pdlc-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        }
        deinit { try? FileManager.default.removeItem(at: url) }
    }

    struct Failure: Error { let message: String }

    /// MPICH starts a single rank faster.
    private static let compiler =
        FileManager.default.isExecutableFile(atPath: "/usr/bin/mpicc.mpich") ? "mpicc.mpich" : "mpicc"

    private static let runtime = Result {
        let folder = try Folder()
        try RuntimeSources.write(into: folder.url.path)
        let object = folder.url.appending(path: "runtime.o")
        try execute(compiler, ["-O1", "-c", "-o", object.path, folder.url.appending(path: RuntimeSources.main).path])
        return folder
    }

    @discardableResult
    private static func execute(_ command: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [command] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        var environment = ProcessInfo.processInfo.environment
        environment["OMPI_ALLOW_RUN_AS_ROOT"] = "1"
        environment["OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"] = "1"
        process.environment = environment
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        guard process.terminationStatus == 0 else {
            throw Failure(message: "\(command) exited with \(process.terminationStatus): \(text)")
        }
        return text
    }
}
