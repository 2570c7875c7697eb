"""What the tests share: the checkout, both MPIs, launching Python under mpiexec, a Slurm."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = Path(__file__).resolve().parent


def mpi_settings():
    """This process's environment, in which MPI starts more ranks than there are cores, as root as well."""
    environment = dict(os.environ, OMPI_MCA_rmaps_base_oversubscribe="1")
    environment["PRTE_MCA_rmaps_default_mapping_policy"] = ":oversubscribe"
    if os.geteuid() == 0:
        environment |= {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1"}
    return environment


def mpi_environment(family, folder):
    """The environment in which mpi4py and pdlc use one MPI; None where mpi4py cannot be made to."""
    environment = mpi_settings()
    environment |= {"PDL_MPICC": f"mpicc.{family}", "PDL_MPIEXEC": f"mpiexec.{family}", "MPI4PY_MPIABI": family}
    if family == "mpich":
        # Debian calls the library libmpich.so.12; mpi4py's wheel wants it by the name that MPICH gives it.
        library = next(Path("/usr/lib").glob("*/libmpich.so.12"))
        (folder / "libmpi.so.12").symlink_to(library)
        environment["LD_LIBRARY_PATH"] = f"{folder}:{environment.get('LD_LIBRARY_PATH', '')}"
    return environment


@pytest.fixture(scope="session", params=["openmpi", "mpich"])
def mpi(request, tmp_path_factory):
    """Each MPI in turn: its name and its environment."""
    folder = tmp_path_factory.mktemp(request.param)
    return request.param, mpi_environment(request.param, folder)


def play(command, environment, timeout=120, **options):
    """Runs a command to its end; a failure shows what it printed."""
    done = subprocess.run(
        [str(word) for word in command], env=environment, capture_output=True, text=True, timeout=timeout, check=False, **options
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def wait_until(happens, seconds=60):
    until = time.monotonic() + seconds
    while not happens():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.2)


@pytest.fixture(scope="session")
def mpi_python(mpi):
    """Runs a Python file of this folder on so many ranks of that MPI: `mpi_python(3, "ranks_psum.py")`."""
    family, environment = mpi
    return lambda ranks, file, *words: play(
        [f"mpiexec.{family}", "-n", ranks, sys.executable, TESTS / file, *words], environment
    )


@pytest.fixture(scope="session")
def slurm(tmp_path_factory):
    """The environment of a real Slurm of one node, with qsub."""
    folder = tmp_path_factory.mktemp("slurm")
    script = ROOT / "scripts" / "one-node-slurm"
    # The daemons keep what they inherit, so their output goes to a file.
    with open(folder / "up", "w") as output:
        subprocess.run([script, "up", folder], stdout=output, stderr=output, stdin=subprocess.DEVNULL, check=True)
    yield dict(os.environ, SLURM_CONF=str(folder / "slurm.conf"))
    subprocess.run([script, "down", folder], check=True)
