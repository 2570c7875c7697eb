import Foundation
import Testing

/// The runtime under every installed MPI. Launches cost time: one of them checks many things.
@Suite(.serialized) struct RuntimeTests {
    @Test func anMPIIsInstalled() { #expect(!MPI.installed.isEmpty) }

    @Test(arguments: Launch.each) func treesMemoryAndCollectives(_ launch: Launch) throws {
        let outcome = try Workshop.check(launch, "--mode", "all", "--seed", "\(launch.ranks)")
        #expect(outcome.errors == "")
        #expect(outcome.output == "all ok\n")
        #expect(outcome.code == 0)
    }

    @Test(arguments: Launch.most) func mergingOperatorAndPieces(_ launch: Launch) throws {
        var launch = launch
        launch.environment = ["PDL_ALLREDUCE": "tree", "PDL_PIECE_BYTES": "100"]
        let outcome = try Workshop.check(launch, "--mode", "all", "--seed", "11")
        #expect(outcome.errors == "")
        #expect(outcome.output == "all ok\n")
    }

    @Test func whatShowPrints() throws {
        for mpi in MPI.installed {
            let outcome = try Workshop.check(Launch(mpi: mpi, ranks: 2), "--mode", "shows")
            #expect(
                outcome.output == """
                    u: f64[/6, 2]
                      rank 0: [[0.0, 0.1], [0.2, 0.30000000000000004], [0.4, 0.5]]
                      rank 1: [[1.0, 1.1], [1.2000000000000002, 1.3], [1.4000000000000001, 1.5]]
                    x: f64
                      rank 0: 0.5
                      rank 1: 0.5
                    s: root f64
                      rank 0: 0.5
                      rank 1: -
                    l: local f64[_]
                      rank 0: [1.0]
                      rank 1: [1.0, 2.0]
                    e: f64[/1]
                      rank 0: [0.0]
                      rank 1: []

                    """)
        }
    }

    // MARK: Failure

    @Test(arguments: Launch.together) func oneMessageWhenAllFail(_ launch: Launch) throws {
        for _ in 0..<3 {
            let outcome = try Workshop.check(launch, "--mode", "everyone-fails")
            #expect(outcome.errors == "check.pdl:3:5: error: they all say the same\n")
            #expect(outcome.code == 1)
        }
    }

    @Test(arguments: Launch.together) func oneRankEndsAll(_ launch: Launch) throws {
        let outcome = try Workshop.check(launch, "--mode", "last-fails")
        #expect(
            outcome.errors == "check.pdl:3:5: error: index 9 is out of range: axis 1 has the indices 0 to 3\n")
        #expect(outcome.code == 1)
    }

    @Test(arguments: MPI.installed) func outOfMemory(_ mpi: MPI) throws {
        let outcome = try Workshop.run(Workshop.program(mpi), ["--mode", "memory"])
        #expect(outcome.errors.hasPrefix("check: error: out of memory: rank 0 cannot have 1152921504606846976 bytes"))
        #expect(outcome.errors.split(separator: "\n").count == 1)
        #expect(outcome.code == 1)
    }

    @Test(arguments: MPI.installed) func fullDiskUnderStandardOutput(_ mpi: MPI) throws {
        let outcome = try Workshop.run(Workshop.program(mpi), ["--mode", "print"], output: "/dev/full")
        #expect(outcome.errors == "check: error: cannot write to standard output: No space left on device\n")
        #expect(outcome.code == 1)
    }

    @Test(.enabled(if: MPI.installed.count == 2)) func anotherLauncher() throws {
        for mpi in MPI.installed {
            let other: MPI = mpi == .mpich ? .openmpi : .mpich
            let outcome = try Workshop.run(
                "mpiexec.\(other)", ["-n", "4", Workshop.program(mpi), "--mode", "print"])
            #expect(outcome.errors.contains("that makes 4 programs of one rank each"))
            #expect(outcome.errors.split(separator: "\n").count == 1)
            #expect(outcome.output == "")
            #expect(outcome.code == 1)
        }
    }

    // MARK: The command line

    @Test(arguments: MPI.installed) func help(_ mpi: MPI) throws {
        let outcome = try Workshop.check(Launch(mpi: mpi, ranks: 2), "--help")
        #expect(
            outcome.output == """
                Usage: check [--PARAMETER VALUE]...

                  --mode text    what to check (required)
                  --seed i64     (default 1)
                  --scale f64    a number that is not used (default 1.0)
                  --big bool     (default false)
                  --path text    the file (default "x.npy")
                  --axes i64     (default 1)
                  --extent i64   (default -1)
                  --status FILE  Write how far it has come to the file, as JSON.
                  --help         Show this.

                """)
        #expect(outcome.code == 0)
    }

    @Test func wrongUsage() throws {
        let cases: [([String], String)] = [
            ([], "--mode (text) must be given"),
            (["--mode", "x", "--seed", "abc"], "--seed wants an i64, got 'abc'"),
            (["--mode", "x", "--seed=99999999999999999999"], "--seed wants an i64, got '99999999999999999999'"),
            (["--mode", "x", "--scale", "1.5x"], "--scale wants an f64, got '1.5x'"),
            (["--mode", "x", "--big", "yes"], "--big wants a bool (true or false), got 'yes'"),
            (["--mode", "x", "--sed", "1"], "there is no parameter --sed; did you mean --seed?"),
            (["--mode", "x", "--completely", "1"], "there is no parameter --completely"),
            (["--mode"], "--mode wants a value"),
            (["--mode", "x", "--mode", "y"], "--mode is given twice"),
            (["mode"], "'mode' is no parameter: write --name VALUE"),
        ]
        let program = try Workshop.program(MPI.installed.last ?? .mpich)
        for (arguments, message) in cases {
            let outcome = try Workshop.run(program, arguments)
            #expect(outcome.errors == "check: \(message) (--help lists the parameters)\n")
            #expect(outcome.code == 2)
        }
        for launch in Launch.most {
            let outcome = try Workshop.check(launch, "--mode", "x", "--seed", "abc")
            #expect(outcome.errors == "check: --seed wants an i64, got 'abc' (--help lists the parameters)\n")
            #expect(outcome.code == 2)
        }
    }
}
