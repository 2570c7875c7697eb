"""PDL from Python: whole programs by `run`, functions by `compile`, cells by `%load_ext pdlc`.

    import pdlc
    run = pdlc.run("jacobi.pdl", ranks=4, params={"n": 512}, arrays={"x": x})
    print(run.stdout, run.load("u.npy"))

    total = pdlc.compile("psum.pdl").psum(a)    # on every rank, a: this rank's block

`docs/python.md` is the guide.
"""

from .compiler import CompileError, Diagnostic, check, compiler
from .engines import load
from .libraries import Module, compile
from .programs import Run, RunError, run

__all__ = ["CompileError", "Diagnostic", "Module", "Run", "RunError", "check", "compile", "compiler", "load", "run"]


def load_ipython_extension(shell):
    """What `%load_ext pdlc` calls."""
    from .magics import PDLMagics, colour_cells

    shell.register_magics(PDLMagics)
    colour_cells(shell)
