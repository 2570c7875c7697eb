import Compiler
import FoundationEssentials

/// The Python lines of all cases, run by one process: they make input files and say what must come out.
enum NumPy {
    /// Runs each case's script in its folder.
    static func prepare(_ cases: [(Case, folder: String)]) async throws {
        let scripts = cases.filter { !$0.0.script.isEmpty }
        guard !scripts.isEmpty else { return }
        let calls = scripts.map { item, folder in
            "play(\(quoted(item.name)), \(quoted(folder)), \(quoted(item.script.joined(separator: "\n"))))"
        }
        let outcome = try await Tool.run(
            [python(), "-"], input: preamble + calls.joined(separator: "\n") + "\n")
        guard outcome.succeeded else { throw UsageError("the cases' NumPy lines: \(outcome.errors)") }
    }

    /// The first Python that has NumPy and h5py: a user's own may come before the system's.
    static func python() async throws -> String {
        for candidate in ["python3", "/usr/bin/python3"] {
            if try await Tool.run([candidate, "-c", "import numpy, h5py"]).succeeded { return candidate }
        }
        throw UsageError("no Python with NumPy and h5py: install python3-numpy and python3-h5py")
    }

    private static let preamble = """
        import os, sys
        import numpy as np

        def expect(numbers, within):
            with open("../expected.txt", "w") as file:
                print(repr(float(within)), *(repr(float(x)) for x in np.ravel(numbers)), file=file)

        def output(name, array, header=""):
            os.makedirs("../expected", exist_ok=True)
            if name.endswith(".pgm"):
                with open("../expected/" + name, "wb") as file: file.write(picture(array))
            elif name.endswith(".csv"):
                rows = [",".join(repr(x) for x in np.atleast_1d(row).tolist()) for row in array]
                with open("../expected/" + name, "w") as file: file.write("\\n".join([header] + rows) + "\\n")
            else:
                np.save("../expected/" + name, array)

        def picture(levels):
            white, kind = (65535, ">u2") if levels.max(initial=0) > 255 else (255, "u1")
            return b"P5\\n%d %d\\n%d\\n" % (levels.shape[1], levels.shape[0], white) + levels.astype(kind).tobytes()

        def play(case, folder, script):
            os.chdir(folder + "/inputs")
            try:
                exec(script, dict(np=np, expect=expect, output=output, picture=picture, os=os))
            except Exception as problem:
                sys.exit(f"{case}: {problem!r}")


        """

    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar in
            scalar == "\\" ? "\\\\" : scalar == "\"" ? "\\\"" : scalar == "\n" ? "\\n" : String(scalar)
        }
        return "\"" + escaped.joined() + "\""
    }

    /// What is wrong with the numbers in an output, by the `expect` of the case in `folder`.
    static func problem(in output: [String], folder: String) -> String? {
        guard let text = FileManager.default.contents(atPath: folder + "/expected.txt") else { return nil }
        let wanted = String(decoding: text, as: UTF8.self).split(whereSeparator: \.isWhitespace).compactMap {
            Double($0)
        }
        guard let tolerance = wanted.first else { return "expected.txt is empty" }
        let numbers = values(output).flatMap { $0.split { !($0.isNumber || "+-.e".contains($0)) } }.compactMap {
            Double($0)
        }
        let candidates = numbers.suffix(wanted.count - 1)
        guard candidates.count == wanted.count - 1 else { return "fewer numbers than NumPy's \(wanted.count - 1)" }
        for (number, expected) in zip(candidates, wanted.dropFirst())
        where !(abs(number - expected) <= tolerance * max(1, abs(expected))) {
            return "\(number), but NumPy says \(expected) (within \(tolerance))"
        }
        return nil
    }

    /// The lines without what `show` adds: its header, and the rank before each line's elements.
    private static func values(_ output: [String]) -> [Substring] {
        output.indices.compactMap { index in
            let line = output[index]
            if output.indices.contains(index + 1), output[index + 1].hasPrefix("  rank 0: ") { return nil }
            guard line.hasPrefix("  rank "), let colon = line.firstRange(of: ": ") else { return line[...] }
            return line[colon.upperBound...]
        }
    }

    /// What is wrong with the files that a program wrote in `folder`, by the `output` of the case in `reference`.
    static func fileProblem(in folder: String, reference: String) -> String? {
        let expected = reference + "/expected"
        for name in (try? FileManager.default.contentsOfDirectory(atPath: expected)) ?? [] {
            guard let wanted = FileManager.default.contents(atPath: "\(expected)/\(name)"),
                let written = FileManager.default.contents(atPath: "\(folder)/\(name)")
            else { return "\(name) was not written" }
            guard parts(written) == parts(wanted) else { return "\(name) is not what NumPy writes" }
        }
        return nil
    }

    /// A .npy file's header without its padding, and elements; other files as they are.
    private static func parts(_ file: Data) -> [[UInt8]] {
        let bytes = Array(file)
        guard bytes.count >= 10, bytes.starts(with: [0x93] + "NUMPY".utf8) else { return [bytes] }
        let start = 10 + Int(bytes[8]) + Int(bytes[9]) << 8
        guard start <= bytes.count else { return [bytes] }
        return [bytes[10..<start].filter { $0 != UInt8(ascii: " ") }, Array(bytes[start...])]
    }
}
