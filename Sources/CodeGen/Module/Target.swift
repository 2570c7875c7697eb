import LLVMSupport
import Language

/// A kind of processor that code is made for. The results are the same bits on all of them.
public struct Target: Hashable, Sendable {
    /// As `--cpu` names it, or `--target`.
    public let name: String
    /// LLVM's names of the system and of the processor.
    public let triple: String
    public let cpu: String
    /// What LLVM may use beyond what `cpu` stands for: `+avx2,-sse4a`.
    public let features: String
    /// The vector units that math functions are called for, widest first; none: one number after the other.
    public let vectorUnits: [VectorUnit]
    /// Of a core's second-level cache: how much of an array is worked on at a time.
    public let cacheBytes: Int
    /// What tells the C compiler to make the runtime for the same processor.
    public let runtimeFlags: [String]

    /// The machine that pdlc runs on.
    public static let native: Target = {
        let host = LLVMTarget.host
        let features = host.features.split(separator: ",")
        let hasFMA = features.contains("+fma")
        let units: [(VectorUnit, Bool)] = [
            (.avx512, hasFMA && features.contains("+avx512f")), (.avx2, hasFMA && features.contains("+avx2")),
            (.advancedSIMD, host.triple.hasPrefix("aarch64")),
        ]
        return Target(
            name: "native", triple: host.triple, cpu: host.cpu, features: host.features,
            vectorUnits: units.filter(\.1).map(\.0), cacheBytes: 1 << 20, runtimeFlags: ["-march=native"])
    }()

    /// The processors that people build for on another machine, by level: a program tests the level when it starts.
    /// Their processors, and how many KiB the second-level caches of these have.
    private static let levels: [(flag: String, units: [VectorUnit], processors: [(name: String, cache: Int)])] = [
        (
            "-march=x86-64-v3", [.avx2],
            [("x86-64-v3", 256), ("haswell", 256), ("skylake", 256), ("znver1", 512), ("znver2", 512), ("znver3", 512)]
        ),
        (
            "-march=x86-64-v4", [.avx512, .avx2],
            [
                ("x86-64-v4", 1024), ("skylake-avx512", 1024), ("cascadelake", 1024), ("icelake-server", 1280),
                ("sapphirerapids", 2048), ("znver4", 1024),
            ]
        ),
    ]

    /// The names that `--cpu` takes.
    public static let processors = ["native"] + levels.flatMap { $0.processors.map(\.name) }

    /// nil: no such name.
    public static func processor(_ name: String) -> Target? {
        if name == "native" { return native }
        for level in levels {
            guard let processor = level.processors.first(where: { $0.name == name }) else { continue }
            return Target(
                name: name, triple: "x86_64-pc-linux-gnu", cpu: name, features: "", vectorUnits: level.units,
                cacheBytes: processor.cache << 10, runtimeFlags: [level.flag])
        }
        return nil
    }

    /// Other systems, by the names that `--target` takes.
    public static let systems = [
        Target(
            name: "aarch64-linux-gnu", triple: "aarch64-unknown-linux-gnu", cpu: "generic", features: "+neon",
            vectorUnits: [.advancedSIMD], cacheBytes: 512 << 10, runtimeFlags: [])
    ]

    /// What pdlc's own code needs and the processor lacks: `["avx2", "fma"]`.
    public var missing: [String] { vectorUnits.isEmpty ? ["avx2", "fma"] : [] }
}
