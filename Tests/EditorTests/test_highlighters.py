"""The highlighters that are made from the compiler's tables colour every sample, and tell words apart as the compiler does."""
import glob
import importlib.util
import json
import os
import shutil
import subprocess

import onigurumacffi
import pytest
from pygments.token import Comment, Error, Keyword, Name, Number, String, Token

from server import ROOT

SAMPLES = sorted(glob.glob(os.path.join(ROOT, "samples", "**", "*.pdl"), recursive=True))
LINE = 'let x = scatter(f64(arange(n))) ## doc {y}\nprint "a {sum(x):.3} \\n {if c { 1 } else { 2 }}" # note\nt.sum 0..n 1e-3'


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


@pytest.fixture
def lexer():
    path = os.path.join(ROOT, "python", "pdlc", "highlighting.py")
    specification = importlib.util.spec_from_file_location("highlighting", path)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module.PDLLexer()


@pytest.mark.parametrize("path", SAMPLES, ids=os.path.basename)
def test_pygments_reads_every_sample(lexer, path):
    text = read(path)
    tokens = list(lexer.get_tokens(text))
    assert "".join(word for _, word in tokens) == text
    assert not [word for kind, word in tokens if kind in Error or kind is Token.Text]


def test_pygments_tells_words_apart(lexer):
    kinds = {word: kind for kind, word in lexer.get_tokens(LINE)}
    assert kinds["let"] is Keyword.Declaration and kinds["scatter"] is Name.Function.Magic
    assert kinds["arange"] is Name.Builtin and kinds["f64"] is Keyword.Type and kinds["x"] is Name
    assert kinds["## doc {y}"] is String.Doc and kinds["# note"] is Comment.Single
    assert kinds["else"] is Keyword and kinds[":.3"] is String.Interpol and kinds["\\n"] is String.Escape
    assert kinds["sum"] is Name.Attribute and kinds["1e-3"] is Number.Float


def test_textmate_patterns_match():
    grammar = json.loads(read(os.path.join(ROOT, "editors", "vscode", "syntaxes", "pdl.tmLanguage.json")))

    def scope(word):
        for pattern in grammar["patterns"]:
            if "match" in pattern and (found := onigurumacffi.compile(pattern["match"]).match(word)):
                if found.group() == word:
                    return pattern.get("name")
        return None

    assert scope("let") == "storage.type.pdl" and scope("while") == "keyword.control.pdl"
    assert scope("allreduce") == "support.function.communication.pdl" and scope("sqrt") == "support.function.pdl"
    assert scope("letter") is None and scope("0x1f") == scope("1_000.5e-3") == "constant.numeric.pdl"
    for part in grammar["repository"].values():
        onigurumacffi.compile(part["begin"])
        onigurumacffi.compile(part["end"])


@pytest.mark.skipif(not shutil.which("node"), reason="CodeMirror's modes are JavaScript, and there is no node")
def test_codemirror_tells_words_apart(tmp_path):
    shutil.copy(os.path.join(ROOT, "python", "jupyterlab", "static", "pdl.js"), tmp_path / "pdl.mjs")
    (tmp_path / "play.mjs").write_text("""
import { pdl } from "./pdl.mjs";
class Stream {
  constructor(line) { this.line = line; this.position = this.start = 0; }
  sol() { return this.position === 0; }
  eatSpace() { const from = this.position; while (/\\s/.test(this.line[this.position] ?? "")) this.position++; return this.position > from; }
  next() { return this.line[this.position++]; }
  match(pattern) { const found = this.line.slice(this.position).match(pattern); if (found) this.position += found[0].length; return found; }
}
const state = pdl.startState();
const words = [];
for (const line of JSON.parse(process.argv[2])) {
  const stream = new Stream(line);
  while (stream.position < line.length) {
    const from = stream.position;
    const kind = pdl.token(stream, state);
    if (stream.position === from) throw new Error("no progress");
    words.push([line.slice(from, stream.position), kind]);
  }
}
console.log(JSON.stringify(words));
""")
    text = "\n".join([LINE] + [read(path) for path in SAMPLES])
    played = subprocess.run(
        ["node", tmp_path / "play.mjs", json.dumps(text.split("\n"))], check=True, capture_output=True, text=True)
    words = json.loads(played.stdout)
    assert "".join(word for word, _ in words) == text.replace("\n", "")
    kinds = dict(reversed(words[:60]))
    assert kinds["let"] == "definitionKeyword" and kinds["scatter"] == "controlKeyword"
    assert kinds["# note"] == "comment" and kinds["## doc {y}"] == "docComment" and kinds["f64"] == "typeName"
