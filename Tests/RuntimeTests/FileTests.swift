import Foundation
import Testing

/// .npy files against NumPy.
@Suite(.serialized) struct FileTests {
    let folder = Workshop.folder.appendingPathComponent("files").path

    func numpy(_ what: String) throws {
        let script = Workshop.programs.appendingPathComponent("npy_files.py").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let outcome = try Workshop.run("python3", [script, what, folder])
        #expect(outcome.errors == "")
        #expect(outcome.code == 0)
    }

    @Test func everyTypeAndVersionThereAndBack() throws {
        try numpy("make")
        for launch in Launch.each where launch.ranks != 2 || launch.mpi == .mpich {
            let outcome = try Workshop.check(launch, "--mode", "copy", "--path", folder)
            #expect(outcome.errors == "")
            #expect(outcome.output == "copy ok\n")
            try numpy("compare")
        }
    }

    @Test func filesThatCannotBeLoaded() throws {
        try numpy("make")
        let unreadable = "is not a .npy file that NumPy wrote (versions 1 to 3), or its header is damaged"
        let problems: [(file: String, more: [String], message: String)] = [
            ("f32", [], "holds f32 (float32), the program wants f64: save x.astype('float64') or declare f32"),
            ("bigendian", [], "holds big-endian numbers (>f8): save x.astype('float64')"),
            (
                "half", [],
                "holds elements of the type <f2, which PDL does not have; the program wants f64: save x.astype('float64')"
            ),
            ("fortran", ["--axes", "2"], "is in Fortran order: save np.ascontiguousarray(x)"),
            ("good", ["--axes", "2"], "has the shape (12,), the program wants (*, *)"),
            ("good", ["--extent", "13"], "has the shape (12,), the program wants (13,)"),
            ("short", [], "is short by 20 bytes: its header promises 96 bytes of elements, and 76 are there"),
            ("header", [], unreadable), ("damaged", [], unreadable), ("version", [], unreadable),
            ("text", [], unreadable), ("empty", [], unreadable),
        ]
        let program = try Workshop.program(MPI.installed.last ?? .mpich)
        for problem in problems {
            let path = "\(folder)/\(problem.file).npy"
            let outcome = try Workshop.run(program, ["--mode", "load", "--path", path] + problem.more)
            #expect(outcome.errors == "check.pdl:3:5: error: \(path) \(problem.message)\n")
            #expect(outcome.code == 1)
        }
        for file in ["good", "column"] {
            let outcome = try Workshop.run(program, ["--mode", "load", "--path", "\(folder)/\(file).npy"])
            #expect(outcome.output == "load ok\n")
        }
    }

    @Test(arguments: Launch.together) func aMissingFileIsOneMessage(_ launch: Launch) throws {
        let outcome = try Workshop.check(launch, "--mode", "load", "--path", "\(folder)/nowhere.npy")
        #expect(
            outcome.errors == "check.pdl:3:5: error: cannot read \(folder)/nowhere.npy: No such file or directory\n")
        #expect(outcome.code == 1)
    }

    /// The second save of 80,000 bytes may not grow beyond 60,000: the first one's file stays.
    @Test(arguments: Launch.most) func savingThatFailsKeepsTheOldFile(_ launch: Launch) throws {
        let path = "\(folder)/kept-\(launch.mpi).npy"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try Workshop.check(launch, "--mode", "save", "--path", path)
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let outcome = try Workshop.check(launch, "--mode", "save", "--path", path, "--big", "true")
        #expect(outcome.errors == "check.pdl:3:5: error: cannot save \(path): File too large\n")
        #expect(outcome.code == 1)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.contains(".pdl-") }
        #expect(left == [])
    }
}
