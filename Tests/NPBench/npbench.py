"""Plays a kernel in PDL and in NumPy: `prepare` writes the inputs, `play` runs the program in their folder."""
import os
import subprocess
import time

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PDLC = os.path.join(ROOT, ".build", "release", "pdlc")
MPICC = os.environ.get("PDL_MPICC", "mpicc.openmpi")
MPIEXEC = os.environ.get("PDL_MPIEXEC", MPICC.replace("mpicc", "mpiexec"))


def build(name, folder):
    program = os.path.join(folder, name)
    source = os.path.join(HERE, "programs", name + ".pdl")
    subprocess.run([PDLC, "build", source, "-o", program, "--mpicc", MPICC], check=True)
    return program


def reference(function, sizes, folder=None):
    """NumPy's outputs, its seconds, and the numbers among the inputs; the arrays are written to the folder."""
    steps = function(**sizes)
    numbers = []
    for name, value in next(steps).items():
        if isinstance(value, np.ndarray):
            if folder:
                np.save(os.path.join(folder, name + ".npy"), value)
        else:
            numbers += ["--" + name, str(value)]
    started = time.perf_counter()
    outputs = next(steps)
    return outputs, time.perf_counter() - started, numbers


def play(program, ranks, numbers, folder):
    """The seconds that the program printed."""
    command = [MPIEXEC, "-n", str(ranks), program, *numbers]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=200)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command[1:])}: {done.stderr.strip()}")
    return next(float(line.split()[1]) for line in done.stdout.splitlines() if line.startswith("seconds "))


def results(names, folder):
    """The bytes of the files that the program saved; they are removed, so that none is taken for the next run's."""
    found = {}
    for name in names:
        path = os.path.join(folder, name + ".npy")
        with open(path, "rb") as file:
            found[name] = file.read()
        os.remove(path)
    return found
