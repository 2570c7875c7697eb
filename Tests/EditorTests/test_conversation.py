"""`pdlc lsp` in conversation with pytest-lsp's client, which checks every message against the protocol's own types."""
import asyncio
import os
import pathlib

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

from server import PDLC

PSUM = """\
# The sum of an array.
param n: i64 = 16   # how many numbers

## The sum over all ranks.
fn psum(a: f64[/n]) -> f64 {
    let locsum = local sum(a)
    return allreduce(locsum)
}

let a = scatter(f64(arange(n)))
let totalsum = psum(a)
print "total = {totalsum}"
"""


@pytest_lsp.fixture(config=ClientServerConfig(server_command=[PDLC, "lsp"]))
async def client(lsp_client: LanguageClient):
    parameters = lsp.InitializeParams(
        capabilities=client_capabilities("visual-studio-code"), initialization_options={"ranks": 4})
    keep_published(lsp_client)
    await lsp_client.initialize_session(parameters)
    yield
    await lsp_client.shutdown_session()


def keep_published(client):
    """Keeps what is published, with the versions that the client's own list leaves out."""
    client.published = {}

    def keep(published):
        client.published[published.uri] = published
        client.protocol.wait_for_notification("textDocument/publishDiagnostics", keep)

    client.protocol.wait_for_notification("textDocument/publishDiagnostics", keep)


class Text:
    """A text in the editor. In what tests write, `|` marks a place, and is no part of the text."""

    def __init__(self, client, folder, name="program.pdl"):
        self.client = client
        self.path = pathlib.Path(folder) / name
        self.uri = self.path.as_uri()
        self.id = lsp.TextDocumentIdentifier(uri=self.uri)
        self.version = 0
        self.text = ""

    async def shows(self, text):
        """The text, at once; its diagnostics."""
        self.version += 1
        self.text = text
        if self.version == 1:
            item = lsp.TextDocumentItem(uri=self.uri, language_id="pdl", version=1, text=text)
            self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(text_document=item))
        else:
            whole = lsp.TextDocumentContentChangeWholeDocument(text=text)
            self.client.text_document_did_change(lsp.DidChangeTextDocumentParams(
                text_document=lsp.VersionedTextDocumentIdentifier(uri=self.uri, version=self.version),
                content_changes=[whole]))
        return await self.diagnostics()

    async def diagnostics(self, count=None):
        """What is published of this version; where it is published again, as many as the count."""
        async with asyncio.timeout(10):
            while True:
                published = self.client.published.get(self.uri)
                if published and published.version == self.version and count in (None, len(published.diagnostics)):
                    return list(published.diagnostics)
                await asyncio.sleep(0.005)

    async def at_mark(self, marked):
        """Shows the text without its mark; the mark's position."""
        offset = marked.index("|")
        await self.shows(marked[:offset] + marked[offset + 1:])
        return self.place(offset)

    def place(self, offset):
        before = self.text[:offset]
        column = before[before.rfind("\n") + 1:]
        return lsp.Position(before.count("\n"), len(column.encode("utf-16-le")) // 2)

    def of(self, word, count=0):
        """The place of a word's occurrence."""
        offset = -1
        for _ in range(count + 1):
            offset = self.text.index(word, offset + 1)
        return self.place(offset)

    def offset(self, place):
        lines = self.text.split("\n")
        column = lines[place.line].encode("utf-16-le")[:2 * place.character].decode("utf-16-le")
        return sum(len(line) + 1 for line in lines[:place.line]) + len(column)

    def inside(self, range_):
        return self.text[self.offset(range_.start):self.offset(range_.end)]

    def edited(self, edits):
        text = self.text
        for edit in sorted(edits, key=lambda edit: self.offset(edit.range.start), reverse=True):
            text = text[:self.offset(edit.range.start)] + edit.new_text + text[self.offset(edit.range.end):]
        return text

    async def hover(self, place):
        answer = await self.client.text_document_hover_async(lsp.HoverParams(self.id, place))
        return answer and answer.contents.value

    async def completions(self, marked):
        place = await self.at_mark(marked)
        items = await self.client.text_document_completion_async(lsp.CompletionParams(self.id, place))
        return {item.label: item for item in items}

    async def references(self, place, declaration=True):
        answer = await self.client.text_document_references_async(
            lsp.ReferenceParams(lsp.ReferenceContext(declaration), self.id, place))
        return sorted((os.path.basename(found.uri), found.range.start.line) for found in answer)

    async def rename(self, place, name):
        return await self.client.text_document_rename_async(lsp.RenameParams(self.id, place, name))

    async def hints(self):
        whole = lsp.Range(lsp.Position(0, 0), lsp.Position(1000, 0))
        return await self.client.text_document_inlay_hint_async(lsp.InlayHintParams(self.id, whole))


@pytest.fixture
def text(client, tmp_path):
    return Text(client, tmp_path)


# Diagnostics

async def test_diagnostics_have_kind_place_and_notes(text):
    found, = await text.shows("let x = 1\nlet x = 2\n")
    assert (found.code, found.source, found.severity) == ("redefinedName", "pdlc", lsp.DiagnosticSeverity.Error)
    assert text.inside(found.range) == "x" and found.range.start.line == 1
    related, = found.related_information
    assert related.location.uri == text.uri and related.location.range.start.line == 0


async def test_diagnostics_follow_edits(text):
    assert await text.shows(PSUM) == []
    assert len(await text.shows(PSUM + "let b = c\n")) == 1
    assert await text.shows(PSUM) == []


async def test_a_burst_of_edits_gives_the_diagnostics_of_the_last(text, client):
    await text.shows("let a = 1\n")
    for digit in "23456789":
        text.version += 1
        change = lsp.TextDocumentContentChangePartial(
            range=lsp.Range(lsp.Position(0, 8), lsp.Position(0, 9)), text="(" if digit != "9" else "9")
        client.text_document_did_change(lsp.DidChangeTextDocumentParams(
            text_document=lsp.VersionedTextDocumentIdentifier(uri=text.uri, version=text.version),
            content_changes=[change]))
    assert await text.diagnostics() == []


async def test_positions_count_utf16(text):
    found, = await text.shows('print "😀é {unknown}"\n')
    assert text.inside(found.range) == "unknown"
    assert found.range.start.character == len('print "') + 2 + 1 + len(" {")


async def test_quick_fix_mends_the_program(text, client):
    found, = await text.shows("let total = 1\nprint \"{totl}\"\n")
    actions = await client.text_document_code_action_async(lsp.CodeActionParams(
        text.id, found.range, lsp.CodeActionContext(diagnostics=[found])))
    assert [action.kind for action in actions] == [lsp.CodeActionKind.QuickFix]
    assert await text.shows(text.edited(actions[0].edit.changes[text.uri])) == []


async def test_errors_of_an_imported_file_stand_where_it_is_called(text, client, tmp_path):
    helper = Text(client, tmp_path, "helper.pdl")
    await helper.shows("fn twice(x) = x + y\n")
    found, = await text.shows('import "helper.pdl"\nlet z = twice(1.0)\n')
    assert text.inside(found.range) == "twice(1.0)"
    assert [related.location.uri for related in found.related_information][0] == helper.uri
    # What is open in the editor counts, not what is on the disk.
    await helper.shows("fn twice(x) = x + x\n")
    await text.diagnostics(count=0)


# Hover

async def test_hover_tells_type_and_placement(text):
    await text.shows(PSUM)
    assert await text.hover(text.of("a = scatter")) == (
        "```pdl\nlet a: f64[/n]\n```\n\nDivided over the ranks in blocks along axis 0.")
    hover = await text.hover(text.of("locsum"))
    assert "part(+) f64" in hover and "own contribution" in hover
    assert "The sum over all ranks." in await text.hover(text.of("psum(a)\n"))


async def test_hover_tells_what_is_sent(text):
    await text.shows(PSUM)
    hover = await text.hover(text.of("allreduce"))
    assert "MPI_Allgather once or twice, 208*P = 832 bytes" in hover


async def test_hover_works_beside_errors(text):
    assert await text.shows(PSUM.replace("return allreduce(locsum)", "return allreduce(") + "let = 3\n")
    assert "f64[/n]" in await text.hover(text.of("a = scatter"))
    assert await text.shows(PSUM + "let b = c + totalsum\n")
    assert "let totalsum: f64" in await text.hover(text.of("totalsum", 3 - 1))


async def test_hover_of_a_generic_function_lists_the_types_of_its_calls(text):
    await text.shows("fn twice(x) = x + x\nlet a = twice(1.0)\nlet b = twice(2)\n")
    hover = await text.hover(text.of("x + x"))
    assert "x: f64" in hover and "x: i64" in hover


# Completion

async def test_completion_knows_builtins_and_names_in_scope(text):
    found = await text.completions(PSUM.replace("return allreduce(locsum)", "return |"))
    assert found["allreduce"].detail == "allreduce(p, ...)"
    assert found["locsum"].detail == "part(+) f64"
    assert {"a", "n", "psum", "while", "f64", "pi"} <= set(found)
    assert {"totalsum", "fft"} <= set(found)


async def test_completion_of_fields_in_half_a_line(text):
    program = "record Body { mass: f64, at: f64 }\nlet b = Body(1.0, 2.0)\nlet m = b.|\nlet k = 1\n"
    found = await text.completions(program)
    assert {name: item.detail for name, item in found.items()} == {"mass": "f64", "at": "f64"}


async def test_completion_of_labels_and_imports(text):
    assert "axis: " in await text.completions("let m = zeros(2, 3)\nlet s = sum(m, |)\n")
    assert "mass: " in await text.completions("record Body { mass: f64 }\nlet b = Body(|)\n")
    assert set(await text.completions('import "|\n')) == {"image", "krylov", "linalg", "sparse", "stats"}


async def test_no_completion_in_comments_and_texts(text):
    assert await text.completions("# a comment |\n") == {}
    assert await text.completions('print "some text |"\n') == {}
    assert "n" in await text.completions('let n = 1\nprint "{|}"\n')


async def test_signature_help(text, client):
    place = await text.at_mark("let k = sum_by(arange(3), |\n")
    answer = await client.text_document_signature_help_async(lsp.SignatureHelpParams(text.id, place))
    signature = answer.signatures[answer.active_signature]
    assert signature.label == "sum_by(key, a, k)" and signature.parameters[answer.active_parameter].label == "a"
    place = await text.at_mark(PSUM + "let t = psum(|)\n")
    answer = await client.text_document_signature_help_async(lsp.SignatureHelpParams(text.id, place))
    assert answer.signatures[0].label == "psum(a: f64[/n]) -> f64"


# Navigation

async def test_definitions(text, client, tmp_path):
    (tmp_path / "helper.pdl").write_text("## Twice as much.\nfn twice(x) = x + x\n")
    await text.shows('import "helper.pdl"\nimport "stats"\nlet y = twice(2.0)\nlet z = mean([y]) + median([y, y])\n')

    async def definition(place):
        found = await client.text_document_definition_async(lsp.DefinitionParams(text.id, place))
        return [(pathlib.Path(location.uri.removeprefix("file://")), location.range.start.line) for location in found]

    assert await definition(text.of("y]")) == [(text.path, 2)]
    assert await definition(text.of("twice(")) == [(tmp_path / "helper.pdl", 1)]
    assert await definition(text.of("helper")) == [(tmp_path / "helper.pdl", 0)]
    (path, line), = await definition(text.of("median"))
    assert path.read_text().split("\n")[line].startswith("fn median(")
    assert await definition(text.of("mean(")) == []


async def test_references_know_what_hides_a_name(text):
    await text.shows(
        "let x = 1\nlet y = [x * i for i in 0..3]\nif y[0] == 1 {\n    let x = 2\n    print \"{x}\"\n}\nprint \"{x}\"\n")
    assert await text.references(text.of("x")) == [("program.pdl", line) for line in [0, 1, 6]]
    assert await text.references(text.of("x", 2)) == [("program.pdl", line) for line in [3, 4]]
    assert await text.references(text.of("i for")) == [("program.pdl", 1), ("program.pdl", 1)]


async def test_sizes_are_names(text):
    await text.shows("param n: i64 = 3\nfn f(a: f64[n], b: f64[n]) = sum(a) + f64(n)\nlet z = f(zeros(n), zeros(n))\n")
    assert await text.references(text.of("n], b")) == [("program.pdl", 1)] * 3
    assert await text.references(text.of("n: i64")) == [("program.pdl", 0), ("program.pdl", 2), ("program.pdl", 2)]


async def test_rename_over_files(text, client, tmp_path):
    helper = Text(client, tmp_path, "helper.pdl")
    helper.path.write_text("fn twice(x) = x + x\n")
    await helper.shows(helper.path.read_text())
    (tmp_path / "other.pdl").write_text('import "helper.pdl"\nlet q = twice(1)\n')
    await text.shows('import "helper.pdl"\nlet y = twice(2.0)\n')
    edit = await text.rename(text.of("twice"), "doubled")
    changed = {os.path.basename(uri): len(edits) for uri, edits in edit.changes.items()}
    assert changed == {"helper.pdl": 1, "program.pdl": 1, "other.pdl": 1}
    assert text.edited(edit.changes[text.uri]) == 'import "helper.pdl"\nlet y = doubled(2.0)\n'
    assert await text.references(text.of("twice"), declaration=False) == [("other.pdl", 1), ("program.pdl", 1)]


async def test_rename_of_a_field(text):
    program = ("record Body { mass: f64 }\nvar b = Body(mass: 1.0)\nb.mass = 2.0\nlet m = b.mass\n"
               "let c = [Body(f64(i)) for i in 0..3]\nlet s = sum(c.mass)\n")
    await text.shows(program)
    edit = await text.rename(text.of("mass = 2"), "weight")
    assert text.edited(edit.changes[text.uri]) == program.replace("mass", "weight")


@pytest.mark.parametrize("name, reason", [
    ("y", "already means something"), ("while", "is not a name"), ("a b", "is not a name"), ("sum", "already means")])
async def test_rename_that_would_change_the_meaning_is_refused(text, name, reason):
    await text.shows("let x = 1\nlet y = 2\nprint \"{x + y + sum([1])}\"\n")
    with pytest.raises(Exception, match=reason):
        await text.rename(text.of("x"), name)


async def test_symbols(text, client):
    await text.shows(PSUM + "record Body { mass: f64 }\n")
    symbols = await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(text.id))
    assert [symbol.name for symbol in symbols] == ["n", "psum", "a", "totalsum", "Body"]
    assert symbols[1].detail == "psum(a: f64[/n]) -> f64" and symbols[4].children[0].name == "mass"


# Layout, messages, words

async def test_formatting(text, client):
    options = lsp.FormattingOptions(tab_size=4, insert_spaces=True)
    await text.shows("let a   = 1\nlet b=2\n\n\n\nlet c = 3\n")
    edits = await client.text_document_formatting_async(lsp.DocumentFormattingParams(text.id, options))
    assert text.edited(edits) == "let a = 1\nlet b = 2\n\nlet c = 3\n"
    await text.shows("let a = \n")
    assert await client.text_document_formatting_async(lsp.DocumentFormattingParams(text.id, options)) is None


async def test_inlay_hints_show_messages_on_their_line(text):
    await text.shows(PSUM)
    hints = {hint.position.line: hint.label for hint in await text.hints()}
    assert hints == {6: "allreduce, 832 B"}    # where `pdlc explain` shows it: the written operator
    await text.shows(
        "param n: i64 = 100\nlet x = scatter(f64(arange(n)))\nlet w = allgather(x)\n"
        "let u = [clamped(x)[i-1] for i in 0..n]\nprint \"{w[3]} {sum(u)}\"\n")
    hints = {hint.position.line: hint.label for hint in await text.hints()}
    assert hints == {2: "allgather, 800 B", 3: "halo exchange, 24 B", 4: "allreduce, 832 B"}


async def test_semantic_tokens(text, client):
    await text.shows("fn f(a) = sum(a)   # adds\nlet b: f64 = f([1.0])\n")
    answer = await client.text_document_semantic_tokens_full_async(lsp.SemanticTokensParams(text.id))
    kinds = ["keyword", "number", "string", "comment", "operator", "function", "parameter", "variable", "property", "type"]
    found, line, column = [], 0, 0
    for index in range(0, len(answer.data), 5):
        lines, columns, length, kind, _ = answer.data[index:index + 5]
        line, column = line + lines, columns if lines else column + columns
        start = text.offset(lsp.Position(line, column))
        found.append((text.text[start:start + length], kinds[kind]))
    assert found == [
        ("fn", "keyword"), ("f", "function"), ("a", "parameter"), ("=", "operator"), ("sum", "function"),
        ("a", "parameter"), ("# adds", "comment"), ("let", "keyword"), ("b", "variable"), ("f64", "type"),
        ("=", "operator"), ("f", "function"), ("1.0", "number")]


async def test_what_is_unknown_is_refused(text, client):
    with pytest.raises(Exception, match="no method"):
        await client.protocol.send_request_async("textDocument/nonsense", {})
    with pytest.raises(Exception, match="is not open"):
        await text.hover(lsp.Position(0, 0))
