"""The Pygments lexer, found by its name, with the compiler's words."""

from pathlib import Path

from conftest import ROOT
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Error, Keyword, Name, Number, String


def tokens(text):
    return [(value, kind) for kind, value in get_lexer_by_name("pdl").get_tokens(text) if value.strip()]


def test_words_of_the_compiler():
    found = dict(tokens('%%pdl --run -n 4\nlet x: f64[/n] = load("x.npy")  # here\nprint "{sum(x):.3} ok"\n'))
    assert found["let"] is Keyword.Declaration and found["f64"] is Keyword.Type
    assert found["load"] is Name.Builtin and found["sum"] is Name.Builtin
    assert found["x"] is Name and found["# here"] is Comment.Single
    assert found["%%pdl --run -n 4"] is Comment.Preproc
    assert found["x.npy"] is String.Double and found[" ok"] is String.Double


def test_every_sample_is_read_without_errors():
    samples = sorted((ROOT / "samples").rglob("*.pdl"))
    assert samples
    for sample in samples:
        text = Path(sample).read_text()
        found = list(get_lexer_by_name("pdl").get_tokens(text, ))
        assert not [value for kind, value in found if kind is Error], sample
        assert "".join(value for _, value in found).strip() == text.strip()
        assert any(kind in Number for kind, _ in found) and any(kind in Keyword for kind, _ in found)


def test_cells_of_the_terminal():
    """IPython's terminal splits a `%%pdl` cell by the lexer that the extension gives it."""
    from IPython.terminal.ptutils import IPythonPTLexer
    from pdlc.magics import colour_cells
    from prompt_toolkit.document import Document

    lexer = IPythonPTLexer()
    shell = type("Shell", (), {"pt_app": type("Session", (), {"lexer": lexer})})
    colour_cells(shell)
    line = lexer.lex_document(Document("%%pdl\nlet x = scatter(y)"))(1)
    assert ("class:pygments.keyword.declaration", "let") in line
