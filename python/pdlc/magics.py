"""`%%pdl` cells of a notebook."""

import argparse
import html

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments, parse_argstring
from IPython.display import HTML, display

from . import libraries, programs
from .compiler import CompileError
from .engines import load
from .programs import RunError

_NAME = "cell.pdl"


def colour_cells(shell):
    """Lets IPython's terminal, if it is one, show `%%pdl` cells in PDL's colours; JupyterLab has an extension for it."""
    lexer = getattr(getattr(shell, "pt_app", None), "lexer", None)
    if hasattr(lexer, "magic_lexers"):
        from prompt_toolkit.lexers import PygmentsLexer

        from .highlighting import PDLLexer

        lexer.magic_lexers["pdl"] = PygmentsLexer(PDLLexer)


def _names(text):
    return [name.strip() for name in text.split(",") if name.strip()]


def _parameter(text):
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"a parameter is written NAME=VALUE, not {text}")
    return name, value


@magics_class
class PDLMagics(Magics):
    """The magics that `%load_ext pdlc` adds."""

    @magic_arguments()
    @argument("--view", help="Compile on the engines of this view of ipyparallel, for its %%px.")
    @argument("--run", action="store_true", help="Run the cell as a program.")
    @argument("-n", "--ranks", type=int, default=1, help="On how many ranks.")
    @argument("--in", dest="arrays", type=_names, default=[], help="Arrays that the program loads: x,y are its x.npy, y.npy.")
    @argument("--out", type=_names, default=[], help="Arrays that it saves and that come back: u is its u.npy.")
    @argument("--param", type=_parameter, action="append", default=[], help="A parameter of the program: NAME=VALUE.")
    @argument("--profile", action="store_true", help="With --run: show where the time went.")
    @cell_magic
    def pdl(self, line, cell):
        """Compile a cell of PDL and put its functions into the notebook, or onto engines; with --run, run it as a program."""
        arguments = parse_argstring(self.pdl, line)
        # The magic's own line is the cell's first, so that errors name the lines that one sees.
        source = "\n" + cell
        try:
            if arguments.run:
                self._run(arguments, source)
            elif arguments.view:
                load(self._named(arguments.view), source=source, name=_NAME)
            else:
                self.shell.user_ns.update(libraries.compile(source=source, name=_NAME).functions)
        except (CompileError, RunError) as error:
            # The cell and its mistake are what helps here, not the way through this module.
            shown = str(error).strip().splitlines()
            error._render_traceback_ = lambda: shown
            raise

    def _named(self, name):
        if name not in self.shell.user_ns:
            raise UsageError(f"the notebook has no {name}")
        return self.shell.user_ns[name]

    def _run(self, arguments, source):
        names = self.shell.user_ns
        arrays = {name: self._named(name) for name in arguments.arrays}
        done = programs.run(
            source=source,
            ranks=arguments.ranks,
            params=dict(arguments.param),
            arrays=arrays,
            echo=True,
            display=display,
            profile=arguments.profile,
            name=_NAME,
        )
        if done.profile is not None:
            # A page of its own inside the notebook's.
            display(HTML(f'<iframe srcdoc="{html.escape(done.profile)}" width="100%" height="700" style="border: 0"></iframe>'))
        for name in arguments.out:
            try:
                names[name] = done.load(f"{name}.npy")
            except FileNotFoundError:
                raise UsageError(f"--out: the program saved no {name}.npy") from None
