"""pdlc.compile: functions called by mpi4py programs on both MPIs at 1 to 4 ranks."""

import sys
import timeit

import numpy as np
import pdlc
import pytest
from conftest import play


@pytest.fixture(scope="session")
def digests():
    """What rank 0 printed for all results, over MPIs and numbers of ranks."""
    return set()


# MPICH spins while it waits: few ranks on few cores.
@pytest.mark.parametrize("ranks", [1, 2, 3, 4])
def test_functions_beside_numpy(mpi, mpi_python, digests, ranks):
    if mpi[0] == "mpich" and ranks > 2:
        pytest.skip("more ranks than cores spin")
    digests.add(mpi_python(ranks, "ranks_functions.py").strip())
    assert len(digests) == 1, "the bits depend on the MPI or the number of ranks"


def test_a_library_is_made_once(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    other = tmp_path / "other.pdl"
    other.write_text("fn twice(x) = 2.0 * x\n")
    program = tmp_path / "program.pdl"
    program.write_text('import "other.pdl"\nfn f(a: f64[/n]) -> f64 = twice(sum(a))\n')
    kept = lambda: sorted((tmp_path / "cache" / "pdlc" / "python").iterdir())  # noqa: E731
    assert pdlc.compile(program).f(np.ones(3)) == 6.0
    (first,) = kept()
    library = next(first.glob("*.so"))
    time = library.stat().st_mtime_ns
    assert pdlc.compile(program).f(np.ones(3)) == 6.0
    assert kept() == [first] and library.stat().st_mtime_ns == time
    other.write_text("fn twice(x) = 2.5 * x\n")
    assert pdlc.compile(program).f(np.ones(3)) == 7.5
    assert len(kept()) == 2


def test_a_cache_that_others_can_write_to_is_not_trusted(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    (tmp_path / "pdlc").mkdir()
    (tmp_path / "pdlc").chmod(0o777)
    with pytest.raises(PermissionError, match="can be written to by others"):
        pdlc.compile(source="fn f(a: f64[/n]) -> f64 = sum(a)\n")


def test_cost_of_a_call():
    """At most 10 µs over the C function."""
    from mpi4py import MPI  # not before: it starts MPI in this process

    m = pdlc.compile(source="fn psum(a: f64[/n]) -> f64 = sum(a)\n")
    a, words = np.arange(16.0), [m.handle(MPI.COMM_WORLD)]
    kept = m.psum._arguments[0].pass_on(a, 0, words), m.psum._results[0].make_room([], 0, words)
    called = fastest(lambda: m.psum(a)) - fastest(lambda: m.psum._call(*words))
    assert called < 10e-6, f"{called * 1e6:.1f} µs"
    assert kept[1]() == 120.0


def fastest(call, calls=200, batches=50):
    """Seconds of a call in the batch that was disturbed least."""
    return min(timeit.repeat(call, number=calls, repeat=batches)) / calls


def test_memory_of_results_goes_back():
    """A result whose size the library decides lives as long as its array, and as long as a view of it."""
    m = pdlc.compile(source="fn twice(a: f64[/n]) -> f64[/2 * n] = concat(a, a)\n")
    freed = []
    m.twice._results[0]._free = lambda address: freed.append(address)
    array = m.twice(np.arange(3.0))
    view = array[4:]
    del array
    assert not freed and list(view) == [1.0, 2.0]
    del view
    assert len(freed) == 1


def test_library_of_the_other_mpi_is_refused(mpi, mpi_python, tmp_path):
    family, environment = mpi
    other = {"openmpi": "mpich", "mpich": "openmpi"}[family]
    program = tmp_path / "refused.py"
    program.write_text(
        "import pdlc, numpy as np\n"
        "m = pdlc.compile(source='fn psum(a: f64[/n]) -> f64 = sum(a)\\n')\n"
        "try:\n    m.psum(np.ones(1))\nexcept RuntimeError as error:\n    print(error)\n"
    )
    said = play([sys.executable, program], environment | {"PDL_MPICC": f"mpicc.{other}"})
    assert "was built for" in said and "Open MPI" in said and "MPICH" in said
