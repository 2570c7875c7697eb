"""Random edits of programs: no crash, every request is answered, and what is published is about the text as it stands.

    fuzz.py [--edits N] [--seed S] [--show]

After each burst of edits the diagnostics of its last version must be those of the same text opened afresh by another server, and no
diagnostics may come of an older version once a newer one's have come.
"""
import argparse
import glob
import os
import random
import time

from server import ROOT, Server, position, span

WORDS = (
    "let var fn param record import for while if else return print show assert in by scattered local and or not "
    "true false ( ) [ ] { } , : . .. -> => = += == < <= + - * / // % ** @ | & ^ ~ << >> |> \" # ## 0 1 2.5 1e9 0x1f "
    "n x a b sum scatter allreduce allgather reduce scan f64 i64 f64[/n] part(+) root zeros(n) [i] [i-1] \n \n \n "
    "\"{x} (a) => for i in 0..n if x { } é 😀 \t min= .x .0 axis: 1 load( save( \"x.npy\" \r\n"
).split(" ")

REQUESTS = [
    "hover", "completion", "signatureHelp", "definition", "references", "documentHighlight", "rename", "prepareRename",
    "documentSymbol", "formatting", "codeAction", "inlayHint", "semanticTokens/full",
]


def programs():
    paths = glob.glob(os.path.join(ROOT, "samples", "**", "*.pdl"), recursive=True)
    paths += glob.glob(os.path.join(ROOT, "Tests", "GoldenTests", "Cases", "*", "*.pdl"))
    return sorted(paths)


def edit(chance, text):
    """A change and the text that it makes."""
    start = chance.randrange(len(text) + 1)
    kind = chance.random()
    end, new = start, ""
    if kind < 0.35:
        new = chance.choice(WORDS) + chance.choice(["", " "])
    elif kind < 0.6:
        new = chance.choice("abinx019 .,:()[]{}\"#=+-*/\n")
    elif kind < 0.9:
        end = min(len(text), start + chance.choice([1, 1, 2, 5, 20]))
    else:
        end = min(len(text), start + chance.randrange(40))
        from_ = chance.randrange(len(text) + 1)
        new = text[from_:from_ + chance.randrange(60)]
    # The protocol has no position inside a line end.
    if "\r\n" in (text[max(0, start - 1):start + 1], text[max(0, end - 1):end + 1]):
        return edit(chance, text)
    return {"range": span(text, start, end), "text": new}, text[:start] + new + text[end:]


def parameters(chance, method, uri, text):
    place = position(text, chance.randrange(len(text) + 1))
    return {
        "textDocument": {"uri": uri}, "position": place, "newName": chance.choice(["fresh", "x", "sum"]),
        "range": {"start": {"line": 0, "character": 0}, "end": position(text, len(text))},
        "context": {"includeDeclaration": True, "diagnostics": []},
        "options": {"tabSize": 4, "insertSpaces": True},
    }


class Fuzz:
    def __init__(self, seed, show):
        self.chance = random.Random(seed)
        self.show = show
        self.programs = programs()
        self.server, self.oracle = Server(), Server()
        self.edits = self.bursts = self.slowest = 0

    def program(self, count):
        """Edits one program in bursts."""
        path = self.chance.choice(self.programs)
        uri = f"file://{os.path.dirname(path)}/fuzz{self.bursts}.pdl"
        with open(path, encoding="utf-8") as file:
            text = file.read()
        version = 1
        self.server.open(uri, text, version)
        for _ in range(count):
            changes = []
            for _ in range(self.chance.randrange(1, 12)):
                change, text = edit(self.chance, text)
                changes.append(change)
                self.edits += 1
                if self.chance.random() < 0.5:
                    version += 1
                    self.server.change(uri, version, changes)
                    changes = []
            version += 1
            self.server.change(uri, version, changes)
            self.ask(uri, text)
            self.compare(uri, version, text)
        self.server.notify("textDocument/didClose", {"textDocument": {"uri": uri}})

    def ask(self, uri, text):
        method = self.chance.choice(REQUESTS)
        if self.show:
            print(f"{self.edits}: {method} of {len(text)} characters", flush=True)
        started = time.perf_counter()
        answer = self.server.request(
            "textDocument/" + method, parameters(self.chance, method, uri, text))
        self.slowest = max(self.slowest, time.perf_counter() - started)
        # A renaming may be refused, for reasons that it gives.
        assert "result" in answer or answer["error"]["code"] == -32803, (method, answer, text)

    def compare(self, uri, version, text):
        self.bursts += 1
        fresh = uri.replace("/fuzz", f"/fresh{self.bursts}-")
        self.oracle.open(fresh, text)
        wanted = self.oracle.published(fresh, 1)
        self.oracle.notify("textDocument/didClose", {"textDocument": {"uri": fresh}})
        found = self.server.published(uri, version)
        for diagnostic in found + wanted:
            for related in diagnostic["relatedInformation"]:
                related["location"]["uri"] = related["location"]["uri"].replace(fresh, uri)
        assert found == wanted, (found, wanted, text)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--edits", type=int, default=4000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true")
    arguments = parser.parse_args()
    fuzz = Fuzz(arguments.seed, arguments.show)
    while fuzz.edits < arguments.edits:
        fuzz.program(10)
    assert fuzz.server.stop() == 0 and fuzz.oracle.stop() == 0
    print(f"{fuzz.edits} edits in {fuzz.bursts} bursts: no crash, no stale diagnostic; "
          f"slowest answer {1000 * fuzz.slowest:.0f} ms")


if __name__ == "__main__":
    main()
