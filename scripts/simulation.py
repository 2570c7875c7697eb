"""Programs on a simulated cluster: SimGrid plays any number of ranks in one process."""

import os
import subprocess

MOST_RANKS = 1024
PLATFORM = f"""<?xml version='1.0'?>
<!DOCTYPE platform SYSTEM "https://simgrid.org/simgrid.dtd">
<platform version="4.1">
  <zone id="all" routing="Full">
    <cluster id="cluster" prefix="node-" suffix="" radical="0-{MOST_RANKS - 1}" speed="10Gf" bw="12.5GBps" lat="1us"/>
  </zone>
</platform>
"""


def build(pdlc, source, output):
    """Compiles a program for the simulator."""
    subprocess.run([pdlc, "build", source, "-o", output, "--mpicc", "smpicc"], check=True)


def run(program, folder, ranks, arguments=(), settings=()):
    """What a program of the folder prints on so many ranks. `settings`: of SimGrid, by their names."""
    (folder / "cluster.xml").write_text(PLATFORM)
    settings = ["smpi/host-speed:10Gf", f"smpi/tmpdir:{folder}", *settings]
    command = ["smpirun", "-np", str(ranks), "-platform", "cluster.xml", *(f"--cfg={setting}" for setting in settings)]
    command += [f"./{program}", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, env=dict(os.environ, LC_ALL="C"))
    if done.returncode != 0:
        raise SystemExit(f"{program} on {ranks} simulated ranks: {done.stdout[-1000:]}{done.stderr[-2000:]}")
    return done.stdout
