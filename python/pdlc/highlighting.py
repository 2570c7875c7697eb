"""Highlighting of PDL by Pygments: in terminals, in nbconvert, in documentation. Words come from the compiler's own tables."""

import functools
import json
import subprocess

from pygments.lexer import RegexLexer, bygroups, include
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Text

from .compiler import compiler


@functools.cache
def words():
    """The language's words by kind: "keywords", "types", "builtins"; what `pdlc docs words` prints."""
    printed = subprocess.run([compiler(), "docs", "words"], capture_output=True, text=True, check=True).stdout
    return {kind: frozenset(names) for kind, names in json.loads(printed).items()}


class PDLLexer(RegexLexer):
    """Splits PDL into Pygments' tokens. `%%pdl` lines are kept, so that whole cells can be highlighted."""

    name = "PDL"
    aliases = ["pdl"]
    filenames = ["*.pdl"]
    mimetypes = ["text/x-pdl"]

    tokens = {
        "root": [
            (r"\A%%pdl.*\n", Comment.Preproc),
            include("code"),
        ],
        "code": [
            (r"##.*", String.Doc),
            (r"#.*", Comment.Single),
            (r'"', String, "text"),
            (r"(\d[\d_]*\.\d[\d_]*([eE][+-]?\d+)?|\d[\d_]*[eE][+-]?\d+)", Number.Float),
            (r"0[xXbBoO][\da-fA-F_]+|\d[\d_]*", Number.Integer),
            (r"(fn)(\s+)([^\W\d]\w*)", bygroups(Keyword, Text, Name.Function)),
            (r"[^\W\d]\w*", Name),
            (r"[-+*/%<>=!&|^~@]+|\.\.", Operator),
            (r"[()\[\]{},:;.?]", Punctuation),
            (r"\s+", Text),
        ],
        "text": [
            (r'\\.|\{\{|\}\}', String.Escape),
            (r"\{", String.Interpol, "hole"),
            (r'"|\n', String, "#pop"),
            (r'[^"\\{}\n]+|\}', String),
        ],
        "hole": [
            (r"(:[^}\"]*)(\})", bygroups(String.Interpol, String.Interpol), "#pop"),
            (r"\}", String.Interpol, "#pop"),
            include("code"),
        ],
    }

    def get_tokens_unprocessed(self, text, stack=("root",)):
        """Names become what the compiler's tables say of them."""
        kinds = [(words()["keywords"], Keyword), (words()["types"], Keyword.Type), (words()["builtins"], Name.Builtin)]
        for index, token, value in super().get_tokens_unprocessed(text, stack):
            if token is Name:
                token = next((kind for names, kind in kinds if value in names), Name)
            yield index, token, value
