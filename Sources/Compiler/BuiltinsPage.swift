import Language

/// `docs/builtins.md`, made from the table of builtins.
public enum BuiltinsPage {
    public static var text: String {
        let sections: [(String, (Builtin.Meaning) -> Bool)] = [
            ("Elementwise functions", { if case .elementwise = $0 { true } else { false } }),
            ("Conversions", { if case .conversion = $0 { true } else { false } }),
            ("Reductions", { if case .reduction = $0 { true } else { false } }),
            ("Collectives", { if case .collective = $0 { true } else { false } }),
            ("Arrays", { if case .generator = $0 { true } else { false } }),
            ("Views", { if case .view = $0 { true } else { false } }),
            ("Facts", { if case .query = $0 { true } else { false } }),
            ("Files", { if case .file = $0 { true } else { false } }),
            ("Written in PDL", { if case .prelude = $0 { true } else { false } }),
        ]
        var text = """
            # Builtins

            Made from the table in `Sources/Language/Builtins.swift` by `make docs`.

            """
        for (title, belongs) in sections {
            text += "\n## \(title)\n\n| call | what it is |\n| --- | --- |\n"
            for builtin in Builtins.all where belongs(builtin.meaning) {
                text += "| `\(builtin.usage)` | \(builtin.summary)\(detail(builtin.meaning)) |\n"
            }
        }
        let reserved = Builtins.all.filter { if case .reserved = $0.meaning { true } else { false } }
        text += "\n## Of a later version\n\nThese names are taken; using one is answered with \"not yet supported\": "
        return text + reserved.map { "`\($0.name)`" }.joined(separator: ", ") + ".\n"
    }

    private static func detail(_ meaning: Builtin.Meaning) -> String {
        switch meaning {
        case .collective(let collective): " \(collective.mpiCall), cost class \(collective.costClass)."
        case .prelude(let definition): " `\(definition)`"
        default: ""
        }
    }
}
