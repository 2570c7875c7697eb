/// The stream parser for CodeMirror 6, which JupyterLab's cells are made of: `python/jupyterlab/static/pdl.js`.
public enum CodeMirrorMode {
    public static var text: String {
        #"""
        // PDL for CodeMirror 6: `StreamLanguage.define(pdl)`. Made from the tables of the compiler by `make docs`.
        const kinds = {
        \#(lists)
        };

        const kindOf = new Map(
          Object.entries(kinds).flatMap(([kind, words]) => words.split(" ").map((word) => [word, kind])));

        // `holes` counts the braces that are open in each hole of a text, innermost last.
        export const pdl = {
          name: "pdl",
          startState: () => ({ inText: false, holes: [] }),
          copyState: (state) => ({ inText: state.inText, holes: state.holes.slice() }),
          token(stream, state) {
            if (stream.sol()) { state.inText = false; state.holes = []; }
            if (state.inText) return textToken(stream, state);
            if (stream.eatSpace()) return null;
            if (stream.match(/^%%pdl\b.*/)) return "meta";
            if (stream.match(/^##.*/)) return "docComment";
            if (stream.match(/^#.*/)) return "comment";
            if (stream.match(/^"/)) { state.inText = true; return "string"; }
            if (stream.match(/^(0x[0-9a-fA-F_]+|[0-9][0-9_]*(\.[0-9][0-9_]*)?([eE][+-]?[0-9]+)?i?)/)) return "number";
            if (stream.match(/^\.\./)) return "operator";
            if (stream.match(/^\.[A-Za-z_]\w*/)) return "propertyName";
            const word = stream.match(/^[A-Za-z_]\w*/);
            if (word) return kindOf.get(word[0]) ?? "variableName";
            return symbolToken(stream, state);
          },
          languageData: { commentTokens: { line: "#" }, closeBrackets: { brackets: ["(", "[", "{", '"'] } },
        };

        function textToken(stream, state) {
          if (stream.match(/^"/)) { state.inText = false; return "string"; }
          if (stream.match(/^\\./)) return "escape";
          if (stream.match(/^\{/)) { state.inText = false; state.holes.push(0); return "brace"; }
          if (stream.match(/^[^"\\{]+/)) return "string";
          stream.next();
          return "string";
        }

        function symbolToken(stream, state) {
          const last = state.holes.length - 1;
          const symbol = stream.next();
          if (last >= 0 && symbol === "{") state.holes[last] += 1;
          if (last >= 0 && symbol === "}") {
            if (state.holes[last] === 0) { state.holes.pop(); state.inText = true; return "brace"; }
            state.holes[last] -= 1;
          }
          return "+-*/%@&|^~<>=!".includes(symbol) ? "operator" : "punctuation";
        }

        """#
    }

    private static var lists: String {
        [
            ("definitionKeyword", WordLists.declarations), ("keyword", WordLists.control),
            ("operatorKeyword", WordLists.operatorWords), ("atom", WordLists.constants), ("typeName", WordLists.types),
            ("controlKeyword", WordLists.communicating), ("variableName.standard", WordLists.functions),
        ].map { "  \"\($0.0)\": \"\($0.1.joined(separator: " "))\"," }.joined(separator: "\n")
    }
}
