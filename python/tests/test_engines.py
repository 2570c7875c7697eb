"""IPython engines by `pdlc engines`: without a scheduler on both MPIs, and as one job of a real Slurm by sbatch and by qsub."""

import os
import subprocess
import sys
from pathlib import Path

import ipyparallel as ipp
import numpy as np
import pdlc
import pytest
from conftest import play, wait_until


def profile(scheduler, count, environment, *words):
    """Writes a profile named for the test and returns what was printed."""
    command = [pdlc.compiler(), "engines", "--scheduler", scheduler, "--profile", "test", "-n", str(count), "--python", sys.executable]
    return play([*command, *words], environment)


def doctor(environment):
    command = [pdlc.compiler(), "doctor", "--engines", "test", "--python", sys.executable]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=240, check=False)


@pytest.fixture
def home(tmp_path):
    """A folder of its own for profiles."""
    return {"IPYTHONDIR": str(tmp_path / "ipython")}


def test_doctor_on_this_machine(mpi, home):
    count = 4 if mpi[0] == "openmpi" else 2
    environment = mpi[1] | home
    profile("none", count, environment)
    done = doctor(environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"ok   world: Get_size() is {count} on every engine" in done.stdout
    assert "ok   psum" in done.stdout


@pytest.mark.parametrize("scheduler", ["slurm", "pbs"])
def test_one_job_of_a_scheduler(scheduler, mpi, slurm, home):
    environment = mpi[1] | home | {"SLURM_CONF": slurm["SLURM_CONF"]}
    written = profile(scheduler, 2, environment, "--queue", "debug", "--walltime", "00:05:00", "--nodes", "1")
    assert f"engines.{scheduler}" in written
    before = jobs(slurm)
    done = doctor(environment)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Get_size() is 2 on every engine" in done.stdout
    wait_until(lambda: set(jobs(slurm)) <= set(before))


def jobs(environment):
    return subprocess.run(["squeue", "-h", "-o", "%i"], env=environment, capture_output=True, text=True, check=True).stdout.split()


def test_ipcluster_with_another_number(mpi, home, monkeypatch):
    if mpi[0] != "openmpi":
        pytest.skip("8 spinning ranks of MPICH on two cores take minutes")
    environment = mpi[1] | home
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    profile("none", 4, environment)
    ipcluster = [sys.executable, "-m", "ipyparallel.cluster", "start", "--profile=test", "-n", "8"]
    # With env=None it would get what MPI has set in this process, too, if a test before has started it.
    process = subprocess.Popen(ipcluster, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        client = connected()
        client.wait_for_engines(8, timeout=120)
        view = client[:]
        view.scatter("a", np.arange(32, dtype="float"), block=True)
        view.execute("from mpi4py import MPI; total = MPI.COMM_WORLD.allreduce(a.sum())", block=True)
        assert view["total"] == [496.0] * 8
        assert client.ids == list(range(8))
    finally:
        process.terminate()
        process.wait(timeout=60)


def connected():
    import time

    for _ in range(100):
        try:
            return ipp.Client(profile="test", timeout=10)
        except (OSError, TimeoutError):
            time.sleep(0.3)
    raise AssertionError("the controller does not come")


def test_doctor_says_what_is_wrong(mpi, home, tmp_path):
    environment = mpi[1] | home
    done = doctor(environment)
    assert done.returncode == 1 and "there is no profile test" in done.stdout
    # The launcher of the other MPI makes worlds of one rank each.
    profile("none", 2, environment)
    config = tmp_path / "ipython" / "profile_test" / "ipcluster_config.py"
    family, other = ("openmpi", "mpich") if mpi[0] == "openmpi" else ("mpich", "openmpi")
    config.write_text(config.read_text().replace(f"mpiexec.{family}", f"mpiexec.{other}"))
    done = doctor(environment)
    assert done.returncode == 1 and "2 MPI worlds of one rank each" in done.stdout, done.stdout + done.stderr


def test_profile_of_somebody_else_stays(home):
    environment = dict(os.environ, **home)
    folder = Path(home["IPYTHONDIR"]) / "profile_test"
    folder.mkdir(parents=True)
    (folder / "ipcluster_config.py").write_text("# mine\n")
    command = [pdlc.compiler(), "engines", "--scheduler", "none", "--profile", "test", "-n", "2", "--python", sys.executable]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "was not written by pdlc engines" in done.stderr
    assert (folder / "ipcluster_config.py").read_text() == "# mine\n"


def test_python_without_mpi4py(tmp_path):
    bare = tmp_path / "python"
    bare.write_text('#!/bin/sh\nexec /usr/bin/env python3 -S "$@"\n')
    bare.chmod(0o755)
    command = [pdlc.compiler(), "engines", "--scheduler", "none", "--profile", "test", "-n", "2", "--python", str(bare)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and "has no ipyparallel with mpi4py" in done.stderr
