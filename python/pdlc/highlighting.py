"""PDL for Pygments. Made from the tables of the compiler by `make docs`."""

from pygments.lexer import RegexLexer, bygroups, include, words
from pygments.token import (Comment, Keyword, Name, Number, Operator, Punctuation, String, Text,
                            Whitespace)

DECLARATIONS = (
    "param", "fn", "record", "import", "let", "var",
)
CONTROL = (
    "for", "while", "if", "else", "return", "break", "continue", "print", "show", "assert", "in", "by",
    "scattered", "local",
)
OPERATORS = (
    "and", "or", "not",
)
CONSTANTS = (
    "true", "false", "pi", "inf", "nan",
)
TYPES = (
    "bool", "i32", "i64", "u32", "u64", "f32", "f64", "c64", "c128", "part", "root", "string",
)
COMMUNICATING = (
    "scatter", "gather", "allgather", "bcast", "reduce", "allreduce", "reduce_scatter", "redistribute",
)
FUNCTIONS = (
    "abs", "sign", "floor", "ceil", "round", "trunc", "sqrt", "cbrt", "exp", "exp2", "expm1", "log",
    "log2", "log10", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "atan2", "sinh", "cosh",
    "tanh", "asinh", "acosh", "atanh", "erf", "erfc", "gamma", "lgamma", "hypot", "isnan", "isinf",
    "isfinite", "fma", "where", "sum", "prod", "min", "max", "any", "all", "count", "argmin", "argmax",
    "minloc", "maxloc", "sum_by", "min_by", "max_by", "count_by", "bin", "arange", "zeros", "ones",
    "full", "zeros_like", "ones_like", "full_like", "linspace", "eye", "size", "rank", "ranks",
    "clock", "load", "save", "periodic", "clamped", "padded", "transpose", "outer", "scan", "exscan",
    "sort", "argsort", "unique", "compress", "filter", "top_k", "reversed", "reshape", "concat",
    "permute", "mean", "dot", "norm", "clamp", "real", "imag", "conj", "arg", "vdot", "fft", "ifft",
    "rfft", "irfft", "fft2", "ifft2", "fftn", "ifftn", "fftfreq", "random_bits", "random_bits_2",
    "random", "random_normal", "random_int",
)


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
