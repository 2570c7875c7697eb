import FoundationEssentials
import Testing

@testable import Compiler

/// A folder that is gone after the test.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = "/tmp/pdlc-test-\(UInt64.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    var cache: Cache { Cache(folder: path) }

    func script(_ name: String, _ text: String) throws {
        try Files.write(Array("#!/bin/sh\n\(text)\n".utf8), to: "\(path)/\(name)")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(path)/\(name)")
    }

    /// A wrapper that says what MPICH's says, and counts how often it is asked.
    func wrapper(_ name: String, shown: String = "gcc -I/opt/x -lmpi") throws {
        try script(
            name,
            """
            echo asked >> "\(path)/log"
            [ "$1" = -show ] && echo '\(shown)' && exit
            echo '#define MPICH_VERSION "9.8.7"'
            """)
    }
}

@Suite struct ToolchainTests {
    @Test func theLauncherHasTheWrappersSuffix() async throws {
        let folder = try Folder()
        try folder.wrapper("mpicc.foo")
        try folder.script("mpiexec.foo", "")
        try folder.script("mpiexec", "")
        let toolchain = try await Toolchain(mpicc: folder.path + "/mpicc.foo", cache: folder.cache)
        #expect(toolchain.family == .mpich)
        #expect(toolchain.version == "9.8.7")
        #expect(toolchain.command == ["gcc", "-I/opt/x", "-lmpi"])
        #expect(try toolchain.launcher() == folder.path + "/mpiexec.foo")
    }

    @Test func aLinkLeadsToTheFamilysOwnLauncher() async throws {
        // As Debian's alternatives have it: mpicc and mpiexec may be links into different families.
        let folder = try Folder()
        try folder.wrapper("mpicc.foo")
        try folder.script("mpiexec.foo", "")
        try folder.script("mpiexec", "")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/mpicc", withDestinationPath: folder.path + "/mpicc.foo")
        let toolchain = try await Toolchain(mpicc: folder.path + "/mpicc", cache: folder.cache)
        #expect(try toolchain.launcher() == folder.path + "/mpiexec.foo")
    }

    @Test func theWrapperIsAskedOnce() async throws {
        let folder = try Folder()
        try folder.wrapper("mpicc")
        for _ in 0..<3 { _ = try await Toolchain(mpicc: folder.path + "/mpicc", cache: folder.cache) }
        let log = Files.read(folder.path + "/log") ?? []
        #expect(log.count { $0 == UInt8(ascii: "\n") } == 2)  // macros and -show
    }

    @Test func quotedFlagsAreLeftToTheWrapper() async throws {
        let folder = try Folder()
        try folder.wrapper("mpicc", shown: "gcc -DNAME=\"a b\" -lmpi")
        let toolchain = try await Toolchain(mpicc: folder.path + "/mpicc", cache: folder.cache)
        #expect(toolchain.command == [folder.path + "/mpicc"])
    }

    @Test func noLauncherIsSaidClearly() async throws {
        let folder = try Folder()
        try folder.wrapper("mpicc")
        let toolchain = try await Toolchain(mpicc: folder.path + "/mpicc", cache: folder.cache)
        #expect(throws: UsageError.self) { try toolchain.launcher() }
    }
}
