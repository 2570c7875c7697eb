"""Runs whole programs in a folder of their own."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np

from .compiler import compiler, require_correct
from .progress import Bar, status_file

# What a launcher tells its processes: a program started from one of them must not take it for its own.
_FROM_LAUNCHER = re.compile(
    r"(OMPI_(COMM_WORLD|UNIVERSE|APP|FIRST|NUM|COMMAND|ARGV|FILE|MCA_(orte|ess|pmix|initial|shmem|num|app))|PMI|HYD)"
)


class RunError(Exception):
    """A program failed. `file`, `line`, `column` and `message` say where and why; file is None where nobody knows.

    `code` is the exit code; `stdout` and `stderr` are what was printed until then.
    """

    def __init__(self, message, file=None, line=None, column=None, excerpt="", code=1, stdout="", stderr=""):
        place = f"{file}:{line}:{column}: " if file else ""
        super().__init__(f"{place}error: {message}{excerpt}")
        self.message, self.file, self.line, self.column, self.excerpt = message, file, line, column, excerpt
        self.code, self.stdout, self.stderr = code, stdout, stderr

    def __reduce__(self):  # engines send it to the client
        facts = (self.message, self.file, self.line, self.column, self.excerpt, self.code, self.stdout, self.stderr)
        return (type(self), facts)

    @classmethod
    def from_output(cls, code, stdout, stderr, folder="."):
        """The error that a program ended with, by the line `FILE:LINE:COLUMN: error: MESSAGE` that it printed."""
        found = re.search(r"^(.+?):(\d+):(\d+): error: (.*)$", stderr, re.MULTILINE)
        if found is None:
            return cls(stderr.strip() or f"the program ended with exit code {code}", code=code, stdout=stdout, stderr=stderr)
        file, line, column, message = found[1], int(found[2]), int(found[3]), found[4]
        excerpt = source_excerpt(os.path.join(folder, file), line, column)
        return cls(message, file, line, column, excerpt, code, stdout, stderr)


def source_excerpt(path, line, column):
    """The line of a file with a caret under the column, in the layout of the compiler; empty where it cannot be read."""
    try:
        text = Path(path).read_text().splitlines()[line - 1]
    except (OSError, IndexError):
        return ""
    margin = " " * len(str(line))
    return f"\n{margin} |\n{line} | {text}\n{margin} | {' ' * (column - 1)}^"


_PROFILE = "profile.html"


class Run:
    """What a program left: `stdout`, `stderr`, and the files in `folder`, which lasts as long as this object.

    `profile` is the page that says where the time went, if that was asked for, else None.
    """

    def __init__(self, folder, stdout, stderr):
        self._temporary = folder
        self.folder = Path(folder.name)
        self.stdout, self.stderr = stdout, stderr
        page = self.folder / _PROFILE
        self.profile = page.read_text() if page.exists() else None

    def load(self, name):
        """The array that the program saved under this name, such as "u.npy"."""
        return np.load(self.folder / name)

    def __repr__(self):
        return f"<pdlc.Run: {len(self.stdout.splitlines())} lines, files {sorted(os.listdir(self.folder))}>"


def run(path=None, *, source=None, ranks=1, params=None, arrays=None, echo=False, display=None, profile=False, name="source.pdl"):
    """Compiles a program, a file or a text, and runs it under mpiexec in a temporary folder.

    - ranks: how many processes run it.
    - params: values of its `param`s, by name.
    - arrays: what it loads, by name: {"x": x} is its "x.npy". Any layout; the element type must be the program's.
    - echo: pass on what it prints as it comes.
    - display: shows how far its loops have come, as IPython's `display` does.
    - profile: measure where the time goes; the result's `profile` is a page that says it.
    - name: what messages call a program that is given as a text.

    Returns a `Run`. Raises `CompileError` for errors in the source, `RunError` when the program fails.
    """
    if (path is None) == (source is None):
        raise TypeError("give a program as a path or as source=TEXT")
    temporary = tempfile.TemporaryDirectory(prefix="pdlc-")
    folder = Path(temporary.name)
    if source is None:
        file = os.path.abspath(path)
    else:
        file = name
        (folder / name).write_text(source)
    require_correct(file, folder)
    for array_name, array in (arrays or {}).items():
        np.save(folder / f"{array_name.removesuffix('.npy')}.npy", np.ascontiguousarray(array))
    measuring = ["--profile-html", _PROFILE] if profile else []
    command = [compiler(), "run", file, "-n", str(ranks), *measuring, "--", *_words(params or {})]
    status = status_file(source or Path(file).read_text(), folder) if display else None
    if status is not None:
        command.append(f"--status={status}")
    with Bar(status, display) if status is not None else contextlib.nullcontext():
        code, stdout, stderr = _play(command, folder, echo)
    if code != 0:
        raise RunError.from_output(code, stdout, stderr, folder)
    return Run(temporary, stdout, stderr)


def _words(params):
    for name, value in params.items():
        if isinstance(value, (bool, np.bool_)):
            value = "true" if value else "false"
        elif isinstance(value, np.generic):
            value = value.item()
        yield f"--{name}={value}"


def _play(command, folder, echo):
    """Runs it to its end: its exit code and what it printed. Interrupted, it ends the program."""
    environment = {name: value for name, value in os.environ.items() if not _FROM_LAUNCHER.match(name)}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # an interrupt of the notebook is for Python alone, which passes it on
    )
    streams = [_Collector(process.stdout, sys.stdout if echo else None), _Collector(process.stderr, None)]
    try:
        code = process.wait()
    except BaseException:
        process.send_signal(signal.SIGTERM)
        process.wait()
        raise
    stdout, stderr = (stream.text() for stream in streams)
    if echo and code == 0 and stderr:
        sys.stderr.write(stderr)
    return code, stdout, stderr


class _Collector(threading.Thread):
    """Reads a pipe to its end, so that the program never waits for us, and passes on what comes."""

    def __init__(self, pipe, target):
        super().__init__(daemon=True)
        self._pipe, self._target, self._parts = pipe, target, []
        self.start()

    def run(self):
        for line in self._pipe:
            self._parts.append(line)
            if self._target is not None:
                self._target.write(line)
                self._target.flush()

    def text(self):
        self.join()
        return "".join(self._parts)
