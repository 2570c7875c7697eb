"""`pdlc job` on a real Slurm, by sbatch and by qsub."""

import os
import re
import subprocess

import pdlc
import pytest
from conftest import ROOT, wait_until

PSUM = ROOT / "samples" / "psum.pdl"

# Runs for minutes, and says so at once.
ENDLESS = """\
print "begun"
var turns = 0.0
while turns < 1e12 { turns = turns + 1.0 + 0.0 * sum(scatter(zeros(100))) }
print "{turns}"
"""


def job(*words, folder, environment, timeout=180):
    command = [pdlc.compiler(), "job", *map(str, words)]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=timeout, check=False)


@pytest.fixture(params=["slurm", "pbs"])
def scheduler(request, slurm):
    """Both kinds of scripts, by the same Slurm."""
    return request.param


def test_submitted_job_prints_and_succeeds(scheduler, mpi, slurm, tmp_path):
    environment = mpi[1] | {"SLURM_CONF": slurm["SLURM_CONF"]}
    done = job(
        PSUM, "--scheduler", scheduler, "-n", 3, "--nodes", 1, "--walltime", "00:05:00", "--queue", "debug", "--submit", "--wait", "--", "--n", 6,
        folder=tmp_path, environment=environment,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "  rank 2: [4.0, 5.0]\n" in done.stdout and "total = 15.0\n" in done.stdout
    assert "psum: exit code 0\n" in done.stdout


def test_failing_program_fails_its_job(scheduler, slurm, tmp_path):
    (tmp_path / "fault.pdl").write_text('param n: i64 = 0\nprint "{1 // n}"\n')
    done = job("fault.pdl", "--scheduler", scheduler, "-n", 2, "--nodes", 1, "--submit", "--wait", folder=tmp_path, environment=slurm)
    assert done.returncode == 1
    assert "fault.pdl:2:9: error: integer division by zero" in done.stdout


def test_signal_before_the_end_is_passed_on(scheduler, slurm, tmp_path):
    """What a scheduler sends when the walltime is nearly over, sent now."""
    (tmp_path / "endless.pdl").write_text(ENDLESS)
    done = job("endless.pdl", "--scheduler", scheduler, "-n", 2, "--nodes", 1, "--submit", folder=tmp_path, environment=slurm)
    number = done.stdout.strip()
    output = tmp_path / (f"endless.{number}.out" if scheduler == "slurm" else f"endless.o{number}")
    wait_until(lambda: output.exists() and "begun" in output.read_text())
    subprocess.run(["scancel", "--batch", "--signal=TERM", number], env=slurm, check=True)
    wait_until(lambda: "exit code" in output.read_text())
    assert "endless: the job is to end (walltime or cancelled): passing the signal on" in output.read_text()
    assert output.read_text().endswith("endless: exit code 143\n")
    # Slurm writes codes above 128 as the signal that they stand for.
    wait_until(lambda: re.search("ExitCode=(143:0|0:15)", facts(number, slurm)))


def facts(number, environment):
    """What Slurm says of a job."""
    return subprocess.run(["scontrol", "show", "job", number], env=environment, capture_output=True, text=True, check=True).stdout


def test_walltime(slurm, tmp_path):
    """Slurm's own signal, some seconds before the minute is over; the job's code reaches who waits."""
    (tmp_path / "endless.pdl").write_text(ENDLESS)
    done = job(
        "endless.pdl", "--scheduler", "slurm", "-n", 1, "--walltime", "00:01:00", "--submit", "--wait", folder=tmp_path, environment=slurm
    )
    assert done.returncode == 143, done.stdout + done.stderr
    assert "passing the signal on" in done.stdout


def test_template_of_the_site(tmp_path):
    (tmp_path / "pdlc").mkdir()
    (tmp_path / "pdlc" / "job.slurm").write_text("#SBATCH --qos=gold\nmodule load {{module}}\n#SBATCH -A {{account}}\n{{launch}} {{command}}\n")
    environment = dict(os.environ, XDG_CONFIG_HOME=str(tmp_path))
    words = [PSUM, "--scheduler", "slurm", "-n", "2", "--module", "gcc", "--module", "mpi", "-o", "s", "--", "--n", "a b"]
    assert job(*words, folder=tmp_path, environment=environment).returncode == 0
    script = (tmp_path / "s").read_text()
    assert script.startswith("#SBATCH --qos=gold\nmodule load gcc\nmodule load mpi\n")
    assert re.search(r"-n 2 \S*/psum --n 'a b'\n$", script) and "{{" not in script and "-A" not in script
    (tmp_path / "pdlc" / "job.slurm").write_text("{{rank}}\n")
    wrong = job(*words, folder=tmp_path, environment=environment)
    assert wrong.returncode == 2 and "job.slurm names {{rank}}; the names are account, " in wrong.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--scheduler", "none", "-n", "2"], "a job needs a scheduler"),
        (["--scheduler", "slurm", "-n", "2", "--walltime", "10"], "--walltime"),
        (["--scheduler", "slurm", "-n", "2", "--nodes", "3"], "2 ranks cannot run on 3 nodes"),
        (["--scheduler", "slurm", "-n", "0"], "one rank or more"),
        (["--scheduler", "slurm", "-n", "1", "--wait"], "--submit"),
    ],
)
def test_wrong_usage(words, said, tmp_path):
    done = job(PSUM, *words, folder=tmp_path, environment=None)
    assert done.returncode == 2 and said in done.stderr
