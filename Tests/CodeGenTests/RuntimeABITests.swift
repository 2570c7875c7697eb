import CodeGen
import Embedded
import Foundation
import Testing

/// What the compiler knows of the runtime's functions, structs and numbers is what pdl.h says.
@Suite struct RuntimeABITests {
    @Test func headerAndTableAgree() throws { #expect(try problems(in: RuntimeABI.check) == "") }

    /// The check sees another type, another field and another number.
    @Test(arguments: [
        ("int64_t pdl_rank(void)", "int32_t pdl_rank(void)", "conflicting types"),
        ("offsetof(pdl_halo, low) == 24", "offsetof(pdl_halo, low) == 32", "static assertion failed"),
        ("PDL_F64 == 6", "PDL_F64 == 5", "static assertion failed"),
    ])
    func aDifferenceIsSeen(_ right: String, _ wrong: String, _ message: String) throws {
        let text = RuntimeABI.check.replacingOccurrences(of: right, with: wrong)
        #expect(text != RuntimeABI.check)
        #expect(try problems(in: text).contains(message))
    }

    /// What a C compiler has to say.
    private func problems(in text: String) throws -> String {
        let folder = try NativeProgram.Folder()
        try RuntimeSources.write(into: folder.url.path)
        let file = folder.url.appending(path: "check.c")
        try Data(text.utf8).write(to: file)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["cc", "-std=gnu11", "-fsyntax-only", file.path]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let data = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}
