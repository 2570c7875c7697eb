"""The notebook of the samples, executed by nbclient on real engines of both MPIs."""

import base64
import io
import subprocess
import sys

import ipyparallel as ipp
import nbformat
import numpy as np
import pdlc
import pytest
from conftest import ROOT, play
from matplotlib.image import imread
from nbclient import NotebookClient


@pytest.fixture
def engines(request, mpi, tmp_path, monkeypatch):
    """4 engines, or as many as the test asks for, on Open MPI, 2 on MPICH, of a profile named mpi; their number."""
    family, environment = mpi
    count = getattr(request, "param", 4)
    if family == "mpich" and count > 4:
        pytest.skip("8 spinning ranks of MPICH on two cores take minutes")
    for name, value in (environment | {"IPYTHONDIR": str(tmp_path / "ipython")}).items():
        monkeypatch.setenv(name, value)
    count = count if family == "openmpi" else 2
    play([pdlc.compiler(), "engines", "--scheduler", "none", "--profile", "mpi", "-n", count, "--python", sys.executable], None)
    cluster = ipp.Cluster(profile="mpi", cluster_id="", load_profile=True)
    cluster.start_cluster_sync()
    cluster.connect_client_sync().wait_for_engines(count, timeout=60)
    yield count
    cluster.stop_cluster_sync()


def text(cell):
    return "".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in cell.outputs)


@pytest.mark.parametrize("engines", [4, 8], indirect=True)
def test_psum(engines):
    notebook = nbformat.read(ROOT / "samples" / "psum.ipynb", as_version=4)
    numbers = max(16, 4 * engines)
    for cell in notebook.cells:
        cell.source = cell.source.replace("np.arange(16", f"np.arange({numbers}")
    total = float(sum(range(numbers)))  # 120.0, and 496.0 on 8 engines
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    shown = {cell.source: text(cell) for cell in notebook.cells if cell.cell_type == "code"}
    named = lambda part: next(output for source, output in shown.items() if part in source)  # noqa: E731
    assert named("client.ids") == str(list(range(engines)))
    assert named("%px totalsum").endswith(str([total] * engines))
    assert named("wait_interactive").endswith(str([2 * total] * engines))
    assert eval(named("view.scatter"), {"array": np.array})[0].tolist() == np.array_split(np.arange(float(numbers)), engines)[0].tolist()


def test_heat_and_its_picture(engines):
    notebook = nbformat.read(ROOT / "samples" / "heat.ipynb", as_version=4)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    cells = {cell.source.split("\n")[0]: cell for cell in notebook.cells if cell.cell_type == "code"}
    u = np.zeros((120, 160))
    u[0, :], u[:, 0] = 1.0, np.linspace(1.0, 0.0, 120)
    for _ in range(2000):
        u[1:-1, 1:-1] = 0.25 * (u[:-2, 1:-1] + u[2:, 1:-1] + u[1:-1, :-2] + u[1:-1, 2:])
    row, column = (1 + k for k in np.unravel_index(u[1:-1, 1:-1].argmax(), (118, 158)))
    tops = eval(text(cells["view['top']"]))
    assert len(tops) == engines and tops == [(pytest.approx(u[row, column], rel=1e-12), row, column)] * engines
    picture = next(output.data["image/png"] for output in cells["u = view.gather('u')"].outputs if "image/png" in output.get("data", {}))
    colors = imread(io.BytesIO(base64.b64decode(picture)), format="png")
    assert len(np.unique(colors.reshape(-1, colors.shape[-1]), axis=0)) > 100  # a picture of more than its frame


def test_load_and_its_errors(engines, tmp_path):
    view = ipp.Client(profile="mpi")[:]
    (tmp_path / "other.pdl").write_text("fn twice(x) = 2.0 * x\n")
    program = tmp_path / "program.pdl"
    program.write_text('import "other.pdl"\nfn f(a: f64[/n], k: i64) -> f64 = twice(sum(a)) + f64(1 // k)\n')
    assert pdlc.load(view, program) == ["f"]
    view.scatter("a", np.arange(32.0), block=True)
    view.execute("r = f(a, 1)", block=True)
    assert view["r"] == [993.0] * engines
    with pytest.raises(pdlc.CompileError, match="there is no `b` here"):
        pdlc.load(view, source="fn g(a: f64[/n]) -> f64 = sum(b)\n")
    with pytest.raises(ipp.CompositeError) as caught:
        view.execute("f(a, 0)", block=True)
    assert "integer division by zero" in str(caught.value) and len(caught.value.elist) == engines
    view.execute("r = f(a, 2)", block=True)
    assert view["r"] == [992.0] * engines
