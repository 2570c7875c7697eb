"""A client of few words for what no library does: thousands of edits, and exact times."""
import json
import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PDLC = os.path.join(ROOT, ".build", "release", "pdlc")


class Server:
    """`pdlc lsp`, with its answers and the diagnostics that it published last."""

    def __init__(self):
        self.process = subprocess.Popen([PDLC, "lsp"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.ids = 0
        self.diagnostics = {}
        self.request("initialize", {"capabilities": {}})
        self.notify("initialized", {})

    def send(self, message):
        body = json.dumps(message).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method, parameters):
        self.send({"jsonrpc": "2.0", "method": method, "params": parameters})

    def receive(self):
        """The next message; diagnostics are kept, too."""
        length = 0
        while line := self.process.stdout.readline().strip():
            name, value = line.split(b":")
            length = int(value) if name.lower() == b"content-length" else length
        if not length:
            raise SystemExit(f"the server ended with {self.process.wait()}")
        message = json.loads(self.process.stdout.read(length))
        if message.get("method") == "textDocument/publishDiagnostics":
            published = message["params"]
            before = self.diagnostics.get(published["uri"], {}).get("version", 0)
            assert published.get("version", before) >= before, "diagnostics of an older version"
            self.diagnostics[published["uri"]] = published
        return message

    def start(self, method, parameters):
        self.ids += 1
        self.send({"jsonrpc": "2.0", "id": self.ids, "method": method, "params": parameters})
        return self.ids

    def request(self, method, parameters):
        """The answer: a message with a `result` or an `error`."""
        wanted = self.start(method, parameters)
        while True:
            message = self.receive()
            if message.get("id") == wanted:
                return message

    def open(self, uri, text, version=1):
        document = {"uri": uri, "languageId": "pdl", "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, uri, version, changes):
        self.notify(
            "textDocument/didChange", {"textDocument": {"uri": uri, "version": version}, "contentChanges": changes})

    def published(self, uri, version):
        """The diagnostics of that version, when they come. None may be of a version that was not sent yet."""
        while self.diagnostics.get(uri, {}).get("version") != version:
            self.receive()
        return self.diagnostics[uri]["diagnostics"]

    def stop(self):
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.process.wait(10)


def position(text, offset):
    """The protocol's position of an offset into a text: a line, and UTF-16 units."""
    before = text[:offset]
    line = before.count("\n")
    column = before[before.rfind("\n") + 1:]
    return {"line": line, "character": len(column.encode("utf-16-le")) // 2}


def span(text, start, end):
    return {"start": position(text, start), "end": position(text, end)}
