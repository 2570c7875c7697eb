"""`%%pdl` in notebooks that nbclient executes in a real kernel."""

import re

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError


def executed(*cells, allow_errors=False):
    """What each cell of a notebook printed or evaluated to."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, kernel_name="python3", allow_errors=allow_errors).execute()
    return [cell.outputs for cell in notebook.cells]


def text(outputs):
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in outputs)


def test_arrays_of_the_notebook_go_in_and_come_back():
    outputs = executed(
        "%load_ext pdlc\nimport numpy as np\nx, y = np.arange(10.0), np.ones(10)",
        '%%pdl --run -n 3 --in x,y --out u --param k=3.0\n'
        'param k: f64 = 1.0\nlet x: f64[/n] = load("x.npy")\nlet y: f64[/n] = load("y.npy")\n'
        'print "sum {sum(x + k * y)}"\nsave(x + k * y, "u.npy")\n',
        "u.sum(), u[1]",
    )
    assert text(outputs[1]) == "sum 75.0\n"
    assert "75.0" in text(outputs[2]) and "4.0" in text(outputs[2])


def test_a_bar_follows_long_loops():
    """What IPython's display was given while the cell ran, and that nothing of it is left."""
    outputs = executed(
        "%load_ext pdlc\nimport pdlc.magics\nfrom IPython.display import display\nseen = []\n"
        "def noted(thing, **options):\n"
        "    handle, update = display(thing, **options), None\n"
        "    seen.append(repr(thing))\n"
        "    plain = handle.update\n"
        "    handle.update = lambda thing: (seen.append(repr(thing)), plain(thing))\n"
        "    return handle\n"
        "pdlc.magics.display = noted",
        "%%pdl --run -n 2\nlet x = scatter(zeros(9))\nvar t = 0.0\n"
        "for k in 0..15 {\n    let s = clock()\n    while clock() - s < 0.1 { t += sum(x) }\n}\nprint \"{t}\"\n",
        "'\\n'.join(seen)",
    )
    assert "0.0\n" in text(outputs[1])
    *bars, last = eval(text(outputs[2])).split("\n")
    assert len(bars) > 2 and last == ""
    assert all(re.fullmatch(r"line 4: \d+ %, \d+ of 15, [\d.]+/s, [\d.]+ s left", bar) for bar in bars), bars


def test_a_profile_is_shown_as_a_page():
    source = "%%pdl --run -n 2 --profile\nlet x = scatter(ones(900))\nprint \"{sum(x)}\"\n"
    outputs = executed("%load_ext pdlc", source, source.replace(" --profile", ""))
    pages = [output["data"]["text/html"] for output in outputs[1] if "text/html" in output.get("data", {})]
    assert len(pages) == 1 and pages[0].startswith("<iframe srcdoc=") and "Profile of cell.pdl" in pages[0]
    assert "900.0" in text(outputs[1]) and text(outputs[2]) == "900.0\n"


def test_functions_of_a_cell():
    outputs = executed(
        "%load_ext pdlc",
        "%%pdl\n## The sum.\nfn psum(a: f64[/n]) -> f64 = sum(a)\nfn half(x: f64) -> f64 = x / 2.0\n",
        "import numpy as np\npsum(np.arange(16.0)), half(3), psum.__doc__",
    )
    assert text(outputs[2]) == r"(120.0, 1.5, 'The sum.\n\npsum(a: f64[/n]) -> f64')"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("%%pdl\n\nfn f(a: f64[/n]) -> f64 = sum(b)\n", "cell.pdl:3:31: error: there is no `b` here"),
        ("%%pdl --run\nlet a = 1\nprint \"{aa}\"\n", "cell.pdl:3:9: error: there is no `aa` here"),
        ("%%pdl --run -n 2\nparam n: i64 = 0\nprint \"1\"\nlet k = 1 // n\nprint \"{k}\"\n", "cell.pdl:4:9: error: integer division by zero"),
    ],
)
def test_errors_are_shown_with_their_source(cell, shown):
    outputs = executed("%load_ext pdlc", cell, allow_errors=True)[1]
    (error,) = [output for output in outputs if output.output_type == "error"]
    traceback = "\n".join(error.traceback)
    line = int(shown.split(":")[1])
    assert shown in traceback
    assert f"{line} | {cell.splitlines()[line - 1]}" in traceback
    assert "magics.py" not in traceback
    with pytest.raises(CellExecutionError):
        executed("%load_ext pdlc", cell)


def test_what_is_missing_is_said():
    outputs = executed("%load_ext pdlc", "%%pdl --run --in nothing\nprint \"1\"\n", allow_errors=True)[1]
    assert "the notebook has no nothing" in str(outputs)
    outputs = executed("%load_ext pdlc", "%%pdl --run --out u\nprint \"1\"\n", allow_errors=True)[1]
    assert "saved no u.npy" in str(outputs)
