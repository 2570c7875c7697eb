/// The lexer for Pygments, which highlights in terminals, Jupyter's exports, Sphinx and LaTeX: `python/pdlc/highlighting.py`.
public enum PygmentsLexer {
    public static var text: String {
        #"""
        """PDL for Pygments. Made from the tables of the compiler by `make docs`."""

        from pygments.lexer import RegexLexer, bygroups, include, words
        from pygments.token import (Comment, Keyword, Name, Number, Operator, Punctuation, String, Text,
                                    Whitespace)

        DECLARATIONS = \#(tuple(WordLists.declarations))
        CONTROL = \#(tuple(WordLists.control))
        OPERATORS = \#(tuple(WordLists.operatorWords))
        CONSTANTS = \#(tuple(WordLists.constants))
        TYPES = \#(tuple(WordLists.types))
        COMMUNICATING = \#(tuple(WordLists.communicating))
        FUNCTIONS = \#(tuple(WordLists.functions))


        def word(names):
            return words(names, prefix=r"\b", suffix=r"\b")


        class PDLLexer(RegexLexer):
            """Splits PDL into Pygments' tokens. The `%%pdl` of a notebook's cell may stand in front."""

            name = "PDL"
            aliases = ["pdl"]
            filenames = ["*.pdl"]
            mimetypes = ["text/x-pdl"]

            tokens = {
                "root": [
                    (r"\A%%pdl[^\n]*", Comment.Preproc),
                    include("code"),
                ],
                "code": [
                    (r"##[^\n]*", String.Doc),
                    (r"#[^\n]*", Comment.Single),
                    (r"\s+", Whitespace),
                    (r'"', String.Double, "text"),
                    (r"0x[0-9a-fA-F_]+", Number.Hex),
                    (r"[0-9][0-9_]*(\.[0-9][0-9_]*)?([eE][+-]?[0-9]+)?i", Number),
                    (r"[0-9][0-9_]*(\.[0-9][0-9_]*([eE][+-]?[0-9]+)?|[eE][+-]?[0-9]+)", Number.Float),
                    (r"[0-9][0-9_]*", Number.Integer),
                    (r"(fn)(\s+)([A-Za-z_]\w*)", bygroups(Keyword.Declaration, Whitespace, Name.Function)),
                    (r"(record)(\s+)([A-Za-z_]\w*)", bygroups(Keyword.Declaration, Whitespace, Name.Class)),
                    (r"(?<=[\w)\]])(\.)([A-Za-z_]\w*)", bygroups(Punctuation, Name.Attribute)),
                    (word(DECLARATIONS), Keyword.Declaration),
                    (word(CONTROL), Keyword),
                    (word(OPERATORS), Operator.Word),
                    (word(CONSTANTS), Keyword.Constant),
                    (word(TYPES), Keyword.Type),
                    (word(COMMUNICATING), Name.Function.Magic),
                    (word(FUNCTIONS), Name.Builtin),
                    (r"[A-Za-z_]\w*", Name),
                    (r"\|>|->|=>|\.\.|\*\*|//|<<|>>|[-+*/%@&|^~<>=!]=?", Operator),
                    (r"\{", Punctuation, "braces"),
                    (r"[()\[\],:.}]", Punctuation),
                    (r".", Text),
                ],
                "braces": [(r"\}", Punctuation, "#pop"), include("code")],
                "text": [
                    (r'"', String.Double, "#pop"),
                    (r"\n", Whitespace, "#pop"),
                    (r"\\.", String.Escape),
                    (r"\{", String.Interpol, "hole"),
                    (r'[^"\\{\n]+', String.Double),
                ],
                "hole": [
                    (r":[0-9.e]+(?=\})", String.Interpol),
                    (r"\}", String.Interpol, "#pop"),
                    (r"(?=\n)", Text, "#pop"),
                    include("code"),
                ],
            }

        """#
    }

    /// A tuple of Python, over as many lines as it takes.
    private static func tuple(_ words: [String]) -> String {
        var lines = [""]
        for word in words {
            let item = "\"\(word)\", "
            if lines[lines.count - 1].count + item.count > 100 { lines.append("") }
            lines[lines.count - 1] += item
        }
        let body = lines.map { "    " + $0.dropLast() + "\n" }.joined()
        return "(\n\(body))"
    }
}
