"""Runs a program on two ranks under both MPIs, ends rank 1, or interrupts the run; prints what comes and the exit code."""

import pathlib
import re
import signal
import subprocess
import time


def settings(process):
    try:
        return (process / "environ").read_bytes().split(b"\0")
    except OSError:  # it has ended, or is another user's
        return []


def rank_1(run):
    """The process of rank 1, once it has been in its loop for a moment."""
    while True:
        for process in pathlib.Path("/proc").glob("[0-9]*"):
            its = settings(process)
            if f"KILLED_RANK={run}".encode() in its and (b"PMI_RANK=1" in its or b"OMPI_COMM_WORLD_RANK=1" in its):
                time.sleep(1)
                return int(process.name)
        time.sleep(0.1)


for mpi in ["openmpi", "mpich"]:
    for number in [signal.SIGKILL, signal.SIGINT]:
        run = f"{mpi}-{number.value}"
        command = ["env", f"KILLED_RANK={run}", "pdlc", "run", "killed-rank.pdl", "-n", "2", "--mpicc", f"mpicc.{mpi}"]
        started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        rank = rank_1(run)
        if number == signal.SIGINT:
            started.send_signal(number)
        else:
            subprocess.run(["kill", f"-{number.value}", str(rank)], check=True)
        errors = started.communicate(timeout=60)[1]
        print(number.name, "code", started.returncode)
        print(re.sub(r" on \S+ was", " on HERE was", errors), end="")
