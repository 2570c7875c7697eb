"""How long `pdlc lsp` takes to answer on a program of 1,000 lines: each request right behind an edit, so that nothing is known yet.
Fails where the median of a request is above its LIMIT."""
import os
import statistics
import subprocess
import sys
import time

from server import ROOT, Server, position

URI = "file:///tmp/long.pdl"
ROUNDS = 15
LIMIT = 100  # milliseconds


def main():
    growth = os.path.join(ROOT, "bench", "growth")
    text = subprocess.run([sys.executable, growth, "--show", "1000"], check=True, capture_output=True, text=True).stdout
    server = Server()
    version = 1
    server.open(URI, text, version)
    server.published(URI, version)
    end = position(text, len(text))
    middle = position(text, text.index("sum(", len(text) // 2) + 1)
    common = {
        "textDocument": {"uri": URI}, "position": middle, "newName": "fresh", "context": {"includeDeclaration": True},
        "range": {"start": {"line": 0, "character": 0}, "end": end},
    }
    print(f"{text.count(chr(10))} lines; milliseconds from an edit to the answer, median and greatest of {ROUNDS}")
    methods = ["diagnostics", "hover", "inlayHint", "completion", "signatureHelp", "definition", "references",
               "documentSymbol", "formatting", "semanticTokens/full", "codeAction"]
    slow = []
    for method in methods:
        times = []
        for _ in range(ROUNDS):
            version += 1
            blank = {"range": {"start": end, "end": end}, "text": " "}
            started = time.perf_counter()
            server.change(URI, version, [blank])
            if method == "diagnostics":
                server.published(URI, version)
            else:
                answer = server.request("textDocument/" + method, common)
                assert "result" in answer, answer
            times.append(1000 * (time.perf_counter() - started))
            server.published(URI, version)
        print(f"{method:20} {statistics.median(times):7.1f} {max(times):7.1f}")
        if statistics.median(times) > LIMIT:
            slow.append(f"{method} above {LIMIT} ms")
    server.stop()
    if slow:
        sys.exit(", ".join(slow))


if __name__ == "__main__":
    main()
