import Language
import Syntax

/// The words of the language by kind, as one JSON object: what highlighters of other programs are made from.
public enum Words {
    public static var json: String {
        let kinds = [
            ("keywords", Keyword.allCases.map(\.rawValue)),
            ("types", ElementType.allCases.map(\.rawValue) + ["string", "part", "root"]),
            ("builtins", Builtins.all.map(\.name)),
        ]
        return "{" + kinds.map { "\"\($0)\":[\($1.map { "\"\($0)\"" }.joined(separator: ","))]" }.joined(separator: ",")
            + "}"
    }
}
