import Embedded
import Foundation

/// One of the MPI libraries on this machine.
enum MPI: String, CaseIterable, Sendable {
    case openmpi, mpich

    static let installed = allCases.filter { mpi in
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains { folder in
            FileManager.default.isExecutableFile(atPath: "\(folder)/mpicc.\(mpi.rawValue)")
        }
    }

    /// Launches that are worth their time: MPICH spins, so it gets no more ranks than there are cores.
    var rankCounts: [Int] { self == .openmpi ? [1, 2, 3, 4] : [1, 2] }
}

/// One way of starting a program.
struct Launch: Sendable, CustomStringConvertible {
    let mpi: MPI
    let ranks: Int
    var environment: [String: String] = [:]
    var description: String { "\(mpi) at \(ranks) \(environment)" }

    static let each = MPI.installed.flatMap { mpi in mpi.rankCounts.map { Launch(mpi: mpi, ranks: $0) } }
    static let most = MPI.installed.map { Launch(mpi: $0, ranks: $0.rankCounts.last ?? 1) }
    static let together = MPI.installed.map { Launch(mpi: $0, ranks: 4) }
}

struct Outcome: Sendable {
    let code: Int32
    let output: String
    let errors: String
}

enum WorkshopError: Error { case failed(String) }

/// Where the runtime and its test programs are compiled, once for each MPI.
enum Workshop {
    static let programs = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("programs")
    static let folder = programs.appendingPathComponent("../../../.build/runtime-tests").standardizedFileURL

    private static let built: [MPI: Result<String, WorkshopError>] = {
        var built: [MPI: Result<String, WorkshopError>] = [:]
        for mpi in MPI.installed { built[mpi] = build(mpi) }
        return built
    }()

    private static func build(_ mpi: MPI) -> Result<String, WorkshopError> {
        let sources = folder.appendingPathComponent("sources-\(mpi)")
        let program = folder.appendingPathComponent("check-\(mpi)").path
        do {
            try FileManager.default.createDirectory(at: sources, withIntermediateDirectories: true)
            try RuntimeSources.write(into: sources.path)
            let outcome = try run(
                "mpicc.\(mpi)",
                ["-std=gnu11", "-O1", "-g", "-march=native", "-Wall", "-Wextra", "-Werror", "-I", sources.path]
                    + [programs.appendingPathComponent("check_runtime.c").path, "-o", program, "-lm"])
            return outcome.code == 0 ? .success(program) : .failure(.failed(outcome.errors))
        } catch {
            return .failure(.failed("\(error)"))
        }
    }

    /// The path of the test program.
    static func program(_ mpi: MPI) throws -> String {
        try built[mpi, default: .failure(.failed("no \(mpi)"))].get()
    }

    /// Runs the test program in one of its modes.
    static func check(_ launch: Launch, _ arguments: String...) throws -> Outcome {
        try run(
            "mpiexec.\(launch.mpi)", ["-n", "\(launch.ranks)", program(launch.mpi)] + arguments,
            environment: launch.environment)
    }

    static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], output: String? = nil
    ) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging([
            "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
            "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_orte_execute_quiet": "1",
        ]) { $1 }.merging(environment) { $1 }
        // Files, not pipes: nobody has to read while the program runs.
        let name = UUID().uuidString
        let out = URL(fileURLWithPath: output ?? folder.appendingPathComponent("\(name).out").path)
        let errors = folder.appendingPathComponent("\(name).err")
        for file in [out, errors] where file.path != output { try Data().write(to: file) }
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: errors)
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        let outcome = Outcome(
            code: process.terminationStatus, output: output == nil ? try String(contentsOf: out, encoding: .utf8) : "",
            errors: try String(contentsOf: errors, encoding: .utf8))
        for file in [out, errors] where file.path != output { try FileManager.default.removeItem(at: file) }
        return outcome
    }
}
