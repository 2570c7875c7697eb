import Language

/// `docs/builtins.md`, made from the table of builtins.
public enum BuiltinsPage {
    public static var text: String {
        var text = """
            # Builtins

            Made from the table in `Sources/Language/Builtins.swift` by `make docs`. What is written in PDL and imported: [library.md](library.md).

            """
        for section in Section.allCases {
            let rows = Builtins.all.filter { Section(of: $0.meaning) == section }
            text += "\n## \(section.rawValue)\n\n| call | what it is |\n| --- | --- |\n"
            for builtin in rows {
                text += row(builtin.usage, builtin.summary + detail(builtin.meaning) + complexDetail(builtin))
            }
        }
        return text
    }

    /// In the order of the page.
    private enum Section: String, CaseIterable {
        case elementwise = "Elementwise functions"
        case conversions = "Conversions"
        case reductions = "Reductions"
        case keys = "Reductions by key"
        case collectives = "Collectives"
        case arrays = "Arrays"
        case views = "Views"
        case arrayOperations = "Order, rearrangements, scans"
        case facts = "Facts"
        case files = "Files"
        case transforms = "Fourier transforms"
        case prelude = "Written in PDL"

        init(of meaning: Builtin.Meaning) {
            switch meaning {
            case .elementwise: self = .elementwise
            case .conversion: self = .conversions
            case .reduction: self = .reductions
            case .keyedReduction: self = .keys
            case .collective, .redistribution: self = .collectives
            case .generator: self = .arrays
            case .view: self = .views
            case .arrayOperation: self = .arrayOperations
            case .query: self = .facts
            case .transform: self = .transforms
            case .file: self = .files
            case .prelude: self = .prelude
            }
        }
    }

    /// A line of a table.
    static func row(_ call: String, _ text: String) -> String {
        func cell(_ text: String) -> String {
            text.split(separator: "\n").joined(separator: " ").split(separator: "|", omittingEmptySubsequences: false)
                .joined(separator: "\\|")
        }
        return "| `\(cell(call))` | \(cell(text)) |\n"
    }

    /// What it is of complex numbers.
    private static func complexDetail(_ builtin: Builtin) -> String {
        guard let function = ComplexFunctions.named(builtin.name) else { return "" }
        return function.text.contains("\n") ? " Also of complex numbers." : " Of complex numbers: `\(function.text)`"
    }

    private static func detail(_ meaning: Builtin.Meaning) -> String {
        switch meaning {
        case .collective(let collective): " \(collective.mpiCall), cost class \(collective.costClass)."
        case .redistribution: " MPI_Alltoallv, cost class 3."
        case .prelude(let definition, _, _) where !definition.contains("\n"): " `\(definition)`"
        default: ""
        }
    }
}
