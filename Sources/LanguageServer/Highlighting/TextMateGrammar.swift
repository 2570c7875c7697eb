/// The grammar that VS Code and its kin highlight by: `editors/vscode/syntaxes/pdl.tmLanguage.json`.
public enum TextMateGrammar {
    public static var text: String {
        #"""
        {
          "$comment": "Made from the tables of the compiler by `make docs`.",
          "name": "PDL",
          "scopeName": "source.pdl",
          "fileTypes": ["pdl"],
          "patterns": [
            {"name": "comment.line.documentation.pdl", "match": "##.*$"},
            {"name": "comment.line.number-sign.pdl", "match": "#.*$"},
            {"include": "#text"},
            {"name": "constant.numeric.pdl", "match": "\\b(0x[0-9a-fA-F_]+|[0-9][0-9_]*(\\.[0-9][0-9_]*)?([eE][+-]?[0-9]+)?i?)\\b"},
            {"match": "\\b(fn)\\s+([A-Za-z_]\\w*)", "captures": {"1": {"name": "storage.type.pdl"}, "2": {"name": "entity.name.function.pdl"}}},
            {"match": "\\b(record)\\s+([A-Za-z_]\\w*)", "captures": {"1": {"name": "storage.type.pdl"}, "2": {"name": "entity.name.type.pdl"}}},
            {"match": "\\.([A-Za-z_]\\w*)", "captures": {"1": {"name": "variable.other.member.pdl"}}},
        \#(words("storage.type.pdl", WordLists.declarations)),
        \#(words("keyword.control.pdl", WordLists.control)),
        \#(words("keyword.operator.word.pdl", WordLists.operatorWords)),
        \#(words("constant.language.pdl", WordLists.constants)),
        \#(words("support.type.pdl", WordLists.types)),
        \#(words("support.function.communication.pdl", WordLists.communicating)),
        \#(words("support.function.pdl", WordLists.functions)),
            {"name": "keyword.operator.pdl", "match": "\\|>|->|=>|\\.\\.|\\*\\*|//|<<|>>|[-+*/%@&|^~<>=!]=?"}
          ],
          "repository": {
            "text": {
              "name": "string.quoted.double.pdl", "begin": "\"", "end": "\"|$",
              "patterns": [
                {"name": "constant.character.escape.pdl", "match": "\\\\."},
                {"include": "#hole"}
              ]
            },
            "hole": {
              "name": "meta.interpolation.pdl", "begin": "\\{", "end": "\\}|$",
              "beginCaptures": {"0": {"name": "punctuation.section.interpolation.begin.pdl"}},
              "endCaptures": {"0": {"name": "punctuation.section.interpolation.end.pdl"}},
              "patterns": [
                {"name": "constant.other.format.pdl", "match": ":[0-9.e]+(?=\\})"},
                {"include": "$self"}
              ]
            }
          }
        }

        """#
    }

    private static func words(_ scope: String, _ words: [String]) -> String {
        #"    {"name": "\#(scope)", "match": "\\b(\#(words.joined(separator: "|")))\\b"}"#
    }
}
