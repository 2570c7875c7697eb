"""Finds pdlc and asks it about programs."""

import contextlib
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path


def compiler():
    """The path of pdlc: `$PDLC`, else on PATH, else the release build of the checkout around this file or this folder.

    Raises FileNotFoundError where there is none.
    """
    named = os.environ.get("PDLC")
    found = shutil.which(named or "pdlc")
    if found is None and not named:
        folders = [*Path(__file__).resolve().parents, Path.cwd(), *Path.cwd().parents]
        builds = (folder / ".build" / "release" / "pdlc" for folder in folders)
        found = next((str(build) for build in builds if os.access(build, os.X_OK)), None)
    if found is None:
        raise FileNotFoundError(
            f"there is no compiler {named} ($PDLC)"
            if named
            else "cannot find pdlc: put it on PATH, name it by $PDLC, or build it in the checkout by `make build`"
        )
    return os.path.abspath(found)


@dataclass(frozen=True)
class Diagnostic:
    """One error or warning of the compiler. Lines and columns count from 1."""

    id: str
    severity: str
    message: str
    file: str
    line: int
    column: int
    #: As the command line shows it, with the source under it.
    rendered: str


class CompileError(Exception):
    """The program has errors: `diagnostics` lists them, the text shows them with their source."""

    def __init__(self, diagnostics):
        super().__init__("\n" + "".join(diagnostic.rendered for diagnostic in diagnostics))
        self.diagnostics = diagnostics

    def __reduce__(self):  # engines send it to the client
        return (type(self), (self.diagnostics,))


def check(path=None, *, source=None):
    """Every error and warning in a program, a file or a text, as a list of `Diagnostic`; empty when all is well."""
    with program_file(path, source) as (file, folder):
        return diagnostics_of(["check", file], folder)


def require_correct(file, folder=None):
    """Raises `CompileError` if the program has errors."""
    raise_errors(diagnostics_of(["check", file], folder))


def raise_errors(found):
    """Raises `CompileError` if errors are among the diagnostics."""
    if any(diagnostic.severity == "error" for diagnostic in found):
        raise CompileError(found)


def diagnostics_of(command, folder=None):
    """Runs a command of pdlc that checks a program and returns what it says of the program.

    Raises RuntimeError where pdlc fails for another reason, such as a missing MPI.
    """
    done = subprocess.run(
        [compiler(), *command, "--diagnostics", "json"], cwd=folder, capture_output=True, text=True, check=False
    )
    lines = done.stderr.splitlines()
    if done.returncode > 1 or any(not line.startswith("{") for line in lines):
        raise RuntimeError(f"pdlc {command[0]}: {done.stderr.strip()}")
    fields = Diagnostic.__dataclass_fields__
    return [Diagnostic(**{name: fact[name] for name in fields}) for fact in map(json.loads, lines)]


@contextlib.contextmanager
def program_file(path, source, name="source.pdl"):
    """A program given as a path or as a text: the file, and the folder in which it is named so (None: this one)."""
    if (path is None) == (source is None):
        raise TypeError("give a program as a path or as source=TEXT")
    if path is not None:
        if not os.path.isfile(path):
            raise FileNotFoundError(f"there is no program {path}")
        yield os.fspath(path), None
        return
    with tempfile.TemporaryDirectory(prefix="pdlc-") as folder:
        (Path(folder) / name).write_text(source)
        yield name, folder
