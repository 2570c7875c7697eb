import Foundation
import Source

/// The programs that the tests of this floor read.
enum Inputs {
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// The programs of this test target: those of the language's page, and one that has every construct.
    static let own = files(under: "Tests/SyntaxTests/Inputs")

    /// Those, the samples, and the golden cases that are free of errors.
    static let programs = own + files(under: "samples") + files(under: "Tests/GoldenTests/Cases")

    static func files(under folder: String) -> [SourceFile] {
        let url = root.appending(path: folder)
        let paths = (FileManager.default.enumerator(atPath: url.path)?.allObjects as? [String] ?? []).sorted()
        return paths.filter { $0.hasSuffix(".pdl") }.compactMap { path in
            guard let data = try? Data(contentsOf: url.appending(path: path)) else { return nil }
            let file = SourceFile(path: "\(folder)/\(path)", text: Array(data))
            return String(decoding: data, as: UTF8.self).contains("error(") ? nil : file
        }
    }
}
