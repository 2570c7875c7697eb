import Language
import Source

// Libraries: what callers in other languages can give and take.

extension Diagnostic {
    static func emptyLibrary(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "this file has no function for a library", at: span,
            notes: [
                Note(
                    "a library exports every `fn` whose parameters all have a written type: `fn psum(a: f64[/n]) -> f64`"
                )
            ])
    }

    static func notAnArgument(_ name: String, _ type: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a library's function cannot take `\(name)`, which is \(type)", at: span,
            notes: [
                Note("callers give numbers, arrays, and tuples and records of them, but no texts"),
                Note("of parts those by the language's operators of one number; no `local` arrays of records"),
                Note("without a type for one of its parameters a function is not part of the library"),
            ])
    }

    static func notAResult(_ name: String, _ type: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a library's function cannot give \(type), the result of `\(name)`", at: span,
            notes: [
                Note("callers take numbers, arrays, and tuples and records of them")
            ])
    }

    static func reservedInLibrary(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(name)` is a function that every library has", at: span,
            notes: [Note("its handles have open, message, free and close; give this function another name")])
    }

    static func notInLibrary(_ name: String, at span: Span, defined: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(name)` is not there in a library, which runs only its functions", at: span,
            notes: [
                Note("the program makes it here", at: defined),
                Note("give it to the function as an argument, or make it a `param` with a default"),
            ])
    }
}
