"""Functions of PDL on the engines of ipyparallel."""

import os
from pathlib import Path

from .compiler import CompileError


def load(view, path=None, *, source=None, name=None):
    """Compiles the functions of a program, a file or a text, on all engines of a view; there they are names like any other.

    The engines are all ranks of one MPI world: `pdlc engines` makes such. Returns the functions' names. Raises `CompileError`.
    """
    if (path is None) == (source is None):
        raise TypeError("give a program as a path or as source=TEXT")
    where = os.path.abspath(path) if path else None
    text = Path(path).read_text() if path else source
    answers = view.apply_sync(_load_here, where, text, name or "source.pdl")
    answer = answers[0] if isinstance(answers, list) else answers
    if isinstance(answer, CompileError):
        raise answer
    return answer


def _load_here(path, text, name):
    """On an engine: puts the functions into its namespace and returns their names; or a CompileError."""
    from IPython import get_ipython

    from . import libraries

    # A file that the engines see too can import others beside it.
    is_shared = path is not None and os.path.isfile(path) and Path(path).read_text() == text
    try:
        module = libraries.compile(path) if is_shared else libraries.compile(source=text, name=path and Path(path).name or name)
    except CompileError as error:
        return error
    get_ipython().user_ns.update(module.functions)
    return list(module.functions)
