import Language
import Source

// Mistakes in `load` and `save`.

extension Diagnostic {
    static func loadNeedsType(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`load` needs to be told what it reads: `let x: f64[/n] = load(\"x.npy\")`", at: span)
    }

    static func loadNeedsArray(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(#function, "a file holds an array, not \(type)", at: span)
    }

    static func loadPlacement(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`load` makes replicated or scattered arrays (`f64[n]`, `f64[/n]`), not \(type)", at: span)
    }

    static func misplacedFile(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            name == "load"
                ? "`load` stands alone on the right of a binding with a type: `let x: f64[/n] = load(\"x.npy\")`"
                : "`\(name)` is a statement of its own", at: span)
    }

    static func notSavable(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "\(type) cannot be saved: a file holds one array or number that all ranks agree on", at: span,
            notes: type.components != nil
                ? [Note("of an array of records every field goes into an .h5 file under its name")]
                : [])
    }

    static func notAPicture(_ type: ValueType, _ path: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "\(path) is a picture: it holds a matrix of integers, the grey levels, not \(type); "
                + "`gray` of the library \"image\" makes levels of numbers", at: span)
    }

    /// `path`: what is known of it, its end at least.
    static func unknownFileKind(_ path: String, at span: Span) -> Diagnostic {
        let kinds = "a file's name ends in `.npy`, `.npz`, `.csv`, `.h5`, `.png` or `.pgm`"
        let isInCapitals = FileKind(path: path.lowercased()) != nil
        return Diagnostic(
            #function, "the ending of \(path) names no kind of file that PDL knows", at: span,
            notes: [Note(isInCapitals ? "endings are written in small letters" : kinds)])
    }

    static func notATable(_ type: ValueType, _ path: String, at span: Span) -> Diagnostic {
        Diagnostic(#function, "\(path) is a table: it holds an array of one axis or two, not \(type)", at: span)
    }

    static func complexInFile(_ element: ElementType, _ path: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "\(path) holds real numbers, not \(element.rawValue)", at: span,
            notes: [Note("a .npy file holds complex numbers; `real(z)` and `imag(z)` are arrays of real ones")])
    }

    static func oneWayFile(_ path: String, isSaved: Bool, at span: Span) -> Diagnostic {
        isSaved
            ? Diagnostic(#function, "PDL reads .npz files; save \(path) as a .npy or .h5 file", at: span)
            : Diagnostic(#function, "PDL writes .png files; load \(path) from a .pgm or .npy file", at: span)
    }

    static func fileNeedsLabel(_ kind: FileKind, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a .\(kind.rawValue) file holds several arrays; say which one: `dataset: \"x\"`", at: span)
    }

    static func notALabelOfFiles(_ label: String, _ kind: FileKind, _ own: String?, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "a .\(kind.rawValue) file has nothing that `\(label):` could say"
                + (own.map { "; it takes `\($0):`" } ?? ""), at: span)
    }

    static func labelOfRecords(_ label: String, at span: Span) -> Diagnostic {
        Diagnostic(#function, "an array of records has its fields' names in a file: leave `\(label):` out", at: span)
    }

    static func recordsNeedEnding(at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "where records stand in a file depends on its kind: end the path in the program's text, as in `\"{path}.h5\"`",
            at: span)
    }

    static func noRecordsIn(_ kind: FileKind, _ direction: FileKind.Direction, at span: Span) -> Diagnostic {
        let text =
            direction == .load
            ? "a .\(kind.rawValue) file holds one array and no records; .csv, .h5 and .npz files name the arrays of their fields"
            : "records are not saved as .\(kind.rawValue); an .h5 file names the arrays of their fields"
        return Diagnostic(#function, text, at: span)
    }

    static func labelNeedsEnding(_ label: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "`\(label):` is for one kind of file: end the path in the program's text, as in `\"{path}.h5\"`", at: span)
    }

    static func notAPath(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(#function, "a path is text, not \(type)", at: span)
    }

    static func pathNotShared(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "all ranks use one file, whose name is the same on every rank, but a \(type) may not be",
            at: span)
    }

    static func notInPath(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(#function, "a hole in a path is one number or text, not \(type)", at: span)
    }
}
