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
            vectorUnits: units.filter(\.1).map(\.0), runtimeFlags: ["-march=native"])
    }()

    /// The processors that people build for on another machine, by level: a program tests the level when it starts.
    private static let levels: [(flag: String, units: [VectorUnit], processors: [String])] = [
        ("-march=x86-64-v3", [.avx2], ["x86-64-v3", "haswell", "skylake", "znver1", "znver2", "znver3"]),
        (
            "-march=x86-64-v4", [.avx512, .avx2],
            ["x86-64-v4", "skylake-avx512", "cascadelake", "icelake-server", "sapphirerapids", "znver4"]
        ),
    ]

    /// The names that `--cpu` takes.
    public static let processors = ["native"] + levels.flatMap(\.processors)

    /// nil: no such name.
    public static func processor(_ name: String) -> Target? {
        if name == "native" { return native }
        guard let level = levels.first(where: { $0.processors.contains(name) }) else { return nil }
        return Target(
            name: name, triple: "x86_64-pc-linux-gnu", cpu: name, features: "", vectorUnits: level.units,
            runtimeFlags: [level.flag])
    }

    /// Other systems, by the names that `--target` takes.
    public static let systems = [
        Target(
            name: "aarch64-linux-gnu", triple: "aarch64-unknown-linux-gnu", cpu: "generic", features: "+neon",
            vectorUnits: [.advancedSIMD], runtimeFlags: [])
    ]

    /// What pdlc's own code needs and the processor lacks: `["avx2", "fma"]`.
    public var missing: [String] { vectorUnits.isEmpty ? ["avx2", "fma"] : [] }
}
