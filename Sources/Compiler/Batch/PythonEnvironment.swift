import FoundationEssentials

/// A Python with ipyparallel and mpi4py, and the MPI that its mpi4py is for.
public struct PythonEnvironment: Sendable {
    let family: Toolchain.Family
    /// The launcher of that MPI.
    let launcher: String
    /// `~/.ipython`, where profiles are.
    let profilesFolder: String

    /// What Python says of itself.
    private struct Facts: Decodable {
        var missing: String?
        var library: String?
        var loaded: [String]?
        var profiles: String?
    }

    private static let question = """
        import json
        def facts():
            try:
                import ipyparallel, mpi4py
                mpi4py.rc.initialize = False
                from mpi4py import MPI
                from IPython.paths import get_ipython_dir
            except Exception as error:
                return {"missing": str(error)}
            maps = [line.split(None, 5)[5].strip() for line in open("/proc/self/maps") if "/libmpi" in line]
            return {"library": MPI.Get_library_version(), "loaded": sorted(set(maps)), "profiles": get_ipython_dir()}
        print(json.dumps(facts()))
        """

    /// `mpiexec`: the launcher; nil: the one that belongs to the MPI of mpi4py.
    public init(python: String, mpiexec: String?) async throws {
        let answer = try await Tool.run([python, "-c", Self.question])
        guard answer.succeeded, let facts = try? JSONDecoder().decode(Facts.self, from: Data(answer.output.utf8)) else {
            throw UsageError("\(python) fails: \(answer.errors)")
        }
        guard let library = facts.library, let profiles = facts.profiles else {
            throw UsageError(
                "\(python) has no ipyparallel with mpi4py: \(facts.missing ?? ""); pip install ipyparallel mpi4py")
        }
        family =
            library.hasPrefix("Open MPI")
            ? .openMPI
            : library.hasPrefix("MPICH")
                ? .mpich
                : library.hasPrefix("Intel") ? .intel : .other
        profilesFolder = profiles
        if let mpiexec {
            guard let path = Files.executable(mpiexec) else {
                throw UsageError("cannot find the MPI launcher \(mpiexec)")
            }
            launcher = path
            return
        }
        guard let launcher = try await Self.launcher(of: family, beside: facts.loaded ?? []) else {
            throw UsageError("cannot find the launcher of mpi4py's MPI (\(library.prefix(40))); name it by --mpiexec")
        }
        self.launcher = launcher
    }

    /// A launcher of the family in a `bin` beside a folder that the library is in: `/usr/lib/libmpi.so` gives `/usr/bin/mpiexec.openmpi`.
    private static func launcher(of family: Toolchain.Family, beside libraries: [String]) async throws -> String? {
        let names = ["mpiexec.openmpi", "mpiexec.mpich", "mpiexec", "mpirun", "mpiexec.hydra"]
        for library in libraries {
            var folder = Files.folder(of: library)
            while folder != "/", folder != "." {
                folder = Files.folder(of: folder)
                for name in names {
                    guard let path = Files.executable("\(folder)/bin/\(name)") else { continue }
                    if try await Toolchain.Family(ofLauncher: path) == family { return path }
                }
            }
        }
        return nil
    }
}
