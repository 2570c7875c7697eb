// swift-tools-version: 6.0
import PackageDescription

extension Target.Dependency {
    /// Tables whose copies cost nothing, for what is known at a place of a program.
    static let snapshots = product(name: "HashTreeCollections", package: "swift-collections")
}

// The floors of the house (docs/architecture.md): each target imports only lower ones.
let package = Package(
    name: "pdlc",
    platforms: [.macOS(.v13)],
    products: [
        .executable(name: "pdlc", targets: ["pdlc"]), .executable(name: "golden", targets: ["golden"]),
        .executable(name: "generated", targets: ["generated"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        // Floor 0: text and diagnostics; the C worlds.
        .target(name: "Source"),
        .target(name: "CLLVM"),
        .target(name: "CNumerics"),
        .target(name: "CSleef"),
        .target(name: "CEmbedded"),
        .target(name: "Embedded", dependencies: ["CEmbedded"]),

        // Floor 1: what the language is made of.
        .target(name: "Language", dependencies: ["Source", "CNumerics"]),
        .target(name: "Syntax", dependencies: ["Source"]),
        .target(name: "LLVMSupport", dependencies: ["CLLVM"]),

        // Floor 2: what a program means, as a tree; and the intermediate representation.
        .target(name: "TypedTree", dependencies: ["Source", "Language"]),
        .target(name: "IR", dependencies: ["Source", "Language"]),

        // Floor 3: from the syntax tree to the typed tree, to its core, and on to something that runs.
        .target(name: "Checking", dependencies: ["Source", "Language", "Syntax", "TypedTree", "Embedded", .snapshots]),
        .target(name: "Desugaring", dependencies: ["Source", "Language", "TypedTree"]),
        .target(name: "Lowering", dependencies: ["Source", "Language", "TypedTree", "IR", .snapshots]),
        .target(name: "Passes", dependencies: ["Language", "IR"]),
        .target(name: "Evaluation", dependencies: ["Source", "Language", "TypedTree", "CNumerics", "CSleef"]),
        .target(name: "CodeGen", dependencies: ["Source", "Language", "IR", "LLVMSupport", "CNumerics"]),

        // Floor 4: the list of stages, linking, caching, running.
        .target(
            name: "Compiler",
            dependencies: [
                "Source", "Language", "Syntax", "TypedTree", "Checking", "Desugaring", "IR", "Lowering", "Passes",
                "Evaluation", "LLVMSupport", "CodeGen", "Embedded", "CNumerics",
                .product(name: "Subprocess", package: "swift-subprocess"),
            ]),

        // Programs played by every MPI and the interpreter: the golden cases, and programs made from seeds.
        .target(name: "Playing", dependencies: ["Compiler", "IR", "Source"], path: "Tests/Playing"),
        .executableTarget(
            name: "golden", dependencies: ["Playing", "Compiler", "IR", "Source"], path: "Tests/GoldenTests",
            exclude: ["Cases"]),
        .executableTarget(
            name: "generated", dependencies: ["Playing", "Compiler", "Evaluation", "Language", "Source"],
            path: "Tests/GeneratedTests"),

        // Floor 5: what editors ask.
        .target(name: "LanguageServer", dependencies: ["Source", "Language", "Syntax", "Checking", "Compiler"]),

        // Floor 6: the command line and nothing else.
        .executableTarget(
            name: "pdlc",
            dependencies: [
                "Source", "Syntax", "TypedTree", "Evaluation", "CodeGen", "Compiler", "LanguageServer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .testTarget(
            name: "RuntimeTests", dependencies: ["Embedded", "CNumerics"], exclude: ["programs"]),
        .testTarget(name: "CheckingTests", dependencies: ["Source", "Syntax", "Checking"]),
        .testTarget(name: "IRTests", dependencies: ["Source", "Language", "IR"]),
        .testTarget(name: "PassesTests", dependencies: ["Source", "Language", "IR", "Passes"]),
        .testTarget(name: "SyntaxTests", dependencies: ["Source", "Syntax"], exclude: ["Inputs"]),
        .testTarget(
            name: "EvaluationTests",
            dependencies: ["Source", "Language", "Syntax", "Checking", "CNumerics", "Evaluation"]),
        .testTarget(
            name: "LoweringTests",
            dependencies: [
                "Source", "Language", "Syntax", "Checking", "Desugaring", "IR", "Lowering", "Passes",
            ]),
        .testTarget(
            name: "CodeGenTests", dependencies: ["Source", "Language", "IR", "CodeGen", "Embedded", "CNumerics"]),
        .testTarget(name: "CompilerTests", dependencies: ["Source", "IR", "CodeGen", "Compiler"]),
    ]
)
