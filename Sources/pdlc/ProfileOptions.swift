import ArgumentParser
import Compiler

/// Whether a run is measured, and where what was found goes.
struct ProfileOptions: ParsableArguments {
    @Flag(help: "Measure where the time goes, by line and by message; a table on standard error says it at the end.")
    var profile = false

    @Option(help: ArgumentHelp("Measure, and write what was found as JSON.", valueName: "file"))
    var profileJSON: String?

    @Option(
        help: ArgumentHelp(
            "Measure, and write what was found as a page for a browser: a timeline and the source.", valueName: "file"))
    var profileHTML: String?

    var isWished: Bool { profile || profileJSON != nil || profileHTML != nil }

    /// - Throws: `UsageError` where what is to be written would replace a file that no profile is.
    func check(_ compilation: Compilation) throws {
        let outputs = try Outputs(of: compilation, force: false)
        for path in [profileJSON, profileHTML].compactMap(\.self) { try outputs.checkProfile(path) }
    }

    /// Tells what the ranks left in the folder.
    func report(_ folder: ProfileFolder, of compilation: Compilation, ranks: Int, arguments: [String]) throws {
        let values = try? GivenParameters(arguments).integers.compactMapValues { $0 }
        guard let found = try Profile(folder, of: compilation, ranks: ranks, values: values ?? [:]) else {
            return StandardStream.error("no rank could write what it measured to \(folder.path)\n")
        }
        if profile { StandardStream.error(found.table()) }
        if let profileJSON { try Files.write(Array(found.json().utf8), to: profileJSON) }
        if let profileHTML { try Files.write(Array(found.page().utf8), to: profileHTML) }
    }
}
