import FoundationEssentials
import Glibc

/// The user's MPI: the compiler wrapper that programs are linked with and the launcher of the same family.
public struct Toolchain: Sendable {
    public enum Family: String, Sendable {
        case openMPI = "Open MPI"
        case mpich = "MPICH"
        case intel = "Intel MPI"
        case simgrid = "SimGrid"
        case other = "another MPI"
    }

    /// Absolute path of the wrapper: `/usr/bin/mpicc.openmpi`.
    public let mpicc: String
    public let family: Family
    /// As mpi.h says it: `4.1.4`.
    public let version: String
    /// The compiler behind the wrapper and the flags that the wrapper adds. Calling it directly saves the wrapper's start.
    let command: [String]
    /// What a cached object or executable depends on besides its own sources.
    let identity: String

    /// `--mpicc`, else `$PDL_MPICC`, else `mpicc` on PATH.
    public init(mpicc given: String? = nil, cache: Cache) async throws {
        let environment = ProcessInfo.processInfo.environment
        let name = given ?? environment["PDL_MPICC"] ?? "mpicc"
        guard let path = Files.executable(name) else {
            let origin = given != nil ? "--mpicc" : environment["PDL_MPICC"] != nil ? "$PDL_MPICC" : "PATH"
            throw UsageError(
                "cannot find the MPI compiler \(name) (looked in \(origin)); install an MPI, for example "
                    + "`apt install libopenmpi-dev openmpi-bin`, or name one by --mpicc or $PDL_MPICC")
        }
        mpicc = path
        // The wrappers take their compiler from the environment.
        let choices = ["OMPI_CC", "MPICH_CC", "I_MPI_CC"].map { environment[$0] ?? "" }
        let wrapper = Files.linkChain(path).last ?? path
        identity = ([path, Files.signature(wrapper)] + choices).joined(separator: "\n")
        let facts = try await Self.facts(of: path, key: Fingerprint(identity), in: cache)
        (family, version, command) = (facts.family, facts.version, facts.command)
    }

    private typealias Facts = (family: Family, version: String, command: [String])

    /// What the wrapper says of itself: asked once, then kept in a file of three lines.
    private static func facts(of mpicc: String, key: Fingerprint, in cache: Cache) async throws -> Facts {
        let file = cache.path("mpi", key)
        if let bytes = Files.read(file) {
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            if lines.count == 3, let family = Family(rawValue: String(lines[0])) {
                return (family, String(lines[1]), lines[2].split(separator: " ").map(String.init))
            }
        }
        let facts = try await probe(mpicc)
        let text = "\(facts.family.rawValue)\n\(facts.version)\n\(facts.command.joined(separator: " "))"
        try Files.write(Array(text.utf8), to: file)
        return facts
    }

    private static func probe(_ mpicc: String) async throws -> Facts {
        let macros = try await Tool.run([mpicc, "-E", "-dM", "-include", "mpi.h", "-x", "c", "/dev/null"])
        guard macros.succeeded else {
            throw UsageError("\(mpicc) cannot compile a file that includes mpi.h" + detail(macros.errors))
        }
        let definitions = Dictionary(
            macros.output.split(separator: "\n").compactMap { line -> (String, String)? in
                let words = line.split(separator: " ", maxSplits: 2)
                return words.count == 3 ? (String(words[1]), String(words[2].filter { $0 != "\"" })) : nil
            }, uniquingKeysWith: { first, _ in first })
        let (family, version) = identify(definitions)
        // SimGrid's wrapper does more than add flags (its programs are loaded, not started), so it is called itself.
        guard family != .simgrid else { return (family, version, [mpicc]) }
        let shown = try await Tool.run([mpicc, "-show"])
        let words = shown.output.split(whereSeparator: \.isWhitespace).map(String.init)
        // Quoted flags would need a shell; then the wrapper itself does the work.
        let isPlain = shown.succeeded && !words.isEmpty && !shown.output.contains { "\"'\\$`".contains($0) }
        return (family, version, isPlain && Files.executable(words[0]) != nil ? words : [mpicc])
    }

    private static func detail(_ errors: String) -> String { errors.isEmpty ? "" : ":\n" + errors }

    private static func identify(_ macros: [String: String]) -> (Family, String) {
        if macros["SMPI_H"] != nil { return (.simgrid, "") }
        if let major = macros["OMPI_MAJOR_VERSION"] {
            return (
                .openMPI,
                [major, macros["OMPI_MINOR_VERSION"], macros["OMPI_RELEASE_VERSION"]].compactMap(\.self)
                    .joined(separator: ".")
            )
        }
        if macros["I_MPI_VERSION"] != nil { return (.intel, macros["I_MPI_VERSION"] ?? "") }
        if let version = macros["MPICH_VERSION"] { return (.mpich, version) }
        return (.other, "")
    }

    /// The launcher: `--mpiexec`, else `$PDL_MPIEXEC`, else the one that was installed with the wrapper: it stands beside it or beside
    /// what the wrapper is a link to, with the same suffix (`mpicc.mpich`, `mpiexec.mpich`).
    public func launcher(_ given: String? = nil) throws -> String {
        if let name = given ?? ProcessInfo.processInfo.environment["PDL_MPIEXEC"] {
            guard let path = Files.executable(name) else { throw UsageError("cannot find the MPI launcher \(name)") }
            return path
        }
        let names = family == .simgrid ? ["smpirun"] : ["mpiexec", "mpirun", "mpiexec.hydra"]
        for wrapper in Files.linkChain(mpicc).reversed() {
            guard let cc = Files.name(of: wrapper).firstRange(of: "cc") else { continue }
            let suffix = Files.name(of: wrapper)[cc.upperBound...]
            for name in names {
                if let path = Files.executable("\(Files.folder(of: wrapper))/\(name)\(suffix)") { return path }
            }
        }
        throw UsageError(
            "cannot find the launcher that belongs to \(mpicc) (no \(names[0]) beside it); name it by --mpiexec or $PDL_MPIEXEC"
        )
    }
}

extension Toolchain.Family {
    /// What a launcher says that it belongs to; nil where it says nothing that is known.
    init?(ofLauncher launcher: String) async throws {
        let outcome = try await Tool.run([launcher, "--version"])
        let words = outcome.output + outcome.errors
        if ["Open MPI", "OpenRTE", "PRRTE"].contains(where: words.contains) {
            self = .openMPI
        } else if words.contains("Intel") {
            self = .intel
        } else if words.contains("HYDRA") {
            self = .mpich
        } else {
            return nil
        }
    }
}
