"""Compiles the functions of a program to a library and calls them with this rank's NumPy blocks."""

import ctypes
import hashlib
import inspect
import json
import os
import re
import shutil
import tempfile
from pathlib import Path

from . import mpi
from .compiler import compiler, diagnostics_of, program_file, raise_errors
from .ports import Argument, Result, assemble, dissolved
from .programs import RunError, source_excerpt

_REFUSED, _WRONG_MPI = 2, 3


def compile(path=None, *, source=None, comm=None, name="source.pdl"):
    """Compiles the functions of a program, a file or a text, and returns them as a `Module`.

    A function is exported when the types of all its parameters are written. All ranks of `comm` (MPI.COMM_WORLD) call this; one of them
    compiles, unless the library is in the cache already. `name` is what messages call a program that is given as a text.

    Raises `CompileError` for errors in the source, on all ranks.
    """
    comm = mpi.world().COMM_WORLD if comm is None else comm
    made = None
    if comm.rank == 0:
        try:
            made = _build(path, source, name)
        except Exception as error:
            made = error
    made = comm.bcast(made)
    if isinstance(made, Exception):
        raise made
    return Module(made)


def _build(path, source, name):
    """The library's file, from the cache or made, and the program's file."""
    with program_file(path, source, name) as (file, folder):
        program = Path(folder or ".") / file
        stem = re.sub(r"\W", "_", program.stem, flags=re.ASCII)
        key = hashlib.sha256("\n".join([stem, file, *_ingredients(program)]).encode()).hexdigest()[:32]
        cache = _cache()
        place = cache / key
        library = place / f"lib{stem}.so"
        if not library.exists():
            temporary = Path(tempfile.mkdtemp(dir=cache))
            wrapper = ["--mpicc", mpi.mpicc()] if mpi.mpicc() else []
            made = temporary / library.name
            try:
                raise_errors(diagnostics_of(["build", file, "--library", "-o", str(made), *wrapper], folder))
                shutil.copy(program, temporary / "source.pdl")
                if not place.exists():
                    os.replace(temporary, place)
            finally:
                shutil.rmtree(temporary, ignore_errors=True)
            _prune(cache)
        os.utime(place)
        return str(library)


def _cache():
    """Where libraries stay: beside what `pdlc run` keeps, or for temporary files where that cannot be written to."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pdlc"
    try:
        (base / "python").mkdir(parents=True, exist_ok=True)
    except OSError:
        base = Path(tempfile.gettempdir()) / f"pdlc-cache-{os.getuid()}"
        (base / "python").mkdir(parents=True, mode=0o700, exist_ok=True)
    for folder in (base, base / "python"):
        # What stands there is loaded and called.
        if folder.stat().st_uid != os.getuid() or folder.stat().st_mode & 0o022:
            raise PermissionError(f"{folder} can be written to by others: name another folder by $XDG_CACHE_HOME")
    return base / "python"


def _prune(cache, limit=64):
    """Keeps the libraries that were used last."""
    for place in sorted(cache.iterdir(), key=lambda place: place.stat().st_mtime)[:-limit]:
        shutil.rmtree(place, ignore_errors=True)


def _ingredients(program):
    """Everything that a library is made of: compiler, MPI, the program, the files that it imports."""
    status = os.stat(compiler())
    yield f"{compiler()} {status.st_size} {status.st_mtime_ns} {mpi.mpicc()} {mpi.world().Get_library_version()}"
    waiting, seen = [program.resolve()], set()
    while waiting:
        file = waiting.pop()
        if file in seen or not file.is_file():
            continue
        seen.add(file)
        text = file.read_text()
        yield text
        waiting += [(file.parent / other).resolve() for other in re.findall(r'import\s+"([^"]+)"', text)]


class Module:
    """A library's functions, by their names."""

    def __init__(self, library):
        folder = Path(library).parent
        description = json.loads(next(folder.glob("*.json")).read_text())
        if description["format"] != 1:
            raise RuntimeError(f"{compiler()} makes libraries of a format that this Python package does not know")
        self._source = folder / "source.pdl"
        self._library = ctypes.CDLL(library)
        symbols = description["symbols"]
        self._open = self._function(symbols["open"], ctypes.c_int, ctypes.c_int, ctypes.c_void_p)
        self._message = self._function(symbols["message"], ctypes.c_char_p, ctypes.c_void_p)
        self._close = self._function(symbols["close"], None, ctypes.c_void_p)
        self._free = self._function(symbols["free"], None, ctypes.c_void_p)
        self._handles = mpi.world().Comm.Create_keyval(delete_fn=lambda comm, keyval, handle: self._close(handle))
        self.__name__, self.__file__ = description["library"], description["source"]
        self.functions = {facts["name"]: Function(self, facts) for facts in description["functions"]}
        self.__dict__.update(self.functions)

    def __repr__(self):
        return f"<pdlc.Module {self.__file__}: {', '.join(self.functions)}>"

    def _function(self, symbol, result, *arguments):
        function = self._library[symbol]
        function.restype, function.argtypes = result, arguments
        return function

    def handle(self, comm):
        """The library's handle for a communicator: made by all its ranks at the first call, kept as long as the communicator."""
        handle = comm.Get_attr(self._handles)
        if handle is None:
            new = ctypes.c_void_p()
            if self._open(comm.py2f(), ctypes.addressof(new)) != 0:
                message = self.message(new)
                self._close(new)
                raise RuntimeError(message)
            handle = new.value
            comm.Set_attr(self._handles, handle)
        return handle

    def message(self, handle):
        return self._message(handle).decode(errors="replace")

    def fault(self, message):
        """The error for what the library says of a call that failed."""
        found = re.match(r"(.+?):(\d+):(\d+): (?:error: )?(.*)", message, re.DOTALL)
        if found is None:
            return RunError(message)
        file, line, column, text = found[1], int(found[2]), int(found[3]), found[4].strip()
        # Arrays whose sizes do not fit to each other are the caller's mistake.
        if re.match(r"`\w+` has the extent", text):
            return ValueError(text)
        # A text is compiled in a folder that is gone; the library keeps it.
        source = self._source if Path(file).name == self.__file__ else file
        return RunError(text, file, line, column, source_excerpt(source, line, column))


class Function:
    """A function of PDL. All ranks of the communicator call it, each with its block."""

    def __init__(self, module, facts):
        self._module, self._returns = module, facts["returns"]
        self._returns_one = self._returns["kind"] == "result"
        self._takes = [(taken["name"], taken["value"]) for taken in facts["takes"]]
        self._arguments = [Argument(port) for port in facts["parameters"]]
        self._takes_ports = all(taken["kind"] == "parameter" for _, taken in self._takes)
        self._results = [Result(port, module._free) for port in facts["results"]]
        types = [word for port in [*self._arguments, *self._results] for word in port.ctypes]
        self._call = module._function(facts["symbol"], ctypes.c_int, ctypes.c_void_p, *types)
        # Without an array there is nothing in the call by which a rank could tell the others of its mistake.
        self._asks_first = bool(self._arguments) and not any(port.axes for port in self._arguments)
        # Only rank 0 knows how large these are, and results may be as large.
        self._root_arrays = [i for i, port in enumerate(self._arguments) if port.axes and port.placement == "root"]
        self.__name__ = self.__qualname__ = facts["name"]
        self.__doc__ = "\n\n".join(text for text in (facts.get("documentation"), facts["signature"]) if text)
        parameters = [inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD) for name, _ in self._takes]
        self._signature = inspect.Signature(parameters)
        comm = inspect.Parameter("comm", inspect.Parameter.KEYWORD_ONLY, default=None)
        self.__signature__ = inspect.Signature([*parameters, comm])

    def __repr__(self):
        return f"<pdlc function {self.__doc__.splitlines()[-1]}>"

    def __call__(self, *values, comm=None, **named):
        comm = mpi.world().COMM_WORLD if comm is None else comm
        rank, mistake = comm.rank, None
        words = [self._module.handle(comm)]
        try:
            if named or len(values) != len(self._takes):
                values = self._signature.bind(*values, **named).args
            if not self._takes_ports:
                values = [leaf for value, (name, taken) in zip(values, self._takes) for leaf in dissolved(value, taken, name)]
            arrays = [port.pass_on(value, rank, words) for port, value in zip(self._arguments, values)]
        except (TypeError, ValueError) as error:
            mistake = type(error)(f"{self.__name__}: {error}")
            arrays = [None] * len(self._arguments)
            words[1:] = [word for port in self._arguments for word in port.refused]
        if self._asks_first and comm.size > 1 or mistake and comm.size == 1:
            self._raise_any(mistake, comm)
        results = self._make_room(arrays, comm, words)
        code = self._call(*words)
        if code != 0:
            raise self._error(code, words[0], comm, mistake)
        if self._returns_one:
            return results[0]()
        return assemble(self._returns, [take() for take in results])

    def _make_room(self, arrays, comm, words):
        shapes = [array.shape if array is not None else () for array in arrays]
        for index in self._root_arrays:
            shapes[index] = comm.bcast(shapes[index])
        return [port.make_room(shapes, comm.rank, words) for port in self._results]

    def _error(self, code, handle, comm, mistake):
        """What a call raises that did not return 0, the same on all ranks."""
        message = self._module.message(handle)
        if code == _REFUSED:
            self._raise_any(mistake, comm)
            return ValueError(message)
        return RuntimeError(message) if code == _WRONG_MPI else self._module.fault(message)

    def _raise_any(self, mistake, comm):
        """All ranks come here: the mistake of the lowest rank that made one is raised on all of them."""
        mistakes = [error for error in comm.allgather(mistake) if error is not None]
        if mistakes:
            raise mistakes[0]
