"""`pdlc doctor --engines NAME`: starts the engines of a profile, looks at them, stops them again."""

import argparse
import sys
import time
from pathlib import Path

import numpy as np

from .engines import load


class Trouble(Exception):
    """What is wrong with the engines, in words for their user."""


def say(fine, subject, detail):
    print(f"{'ok  ' if fine else 'FAIL'} {subject}: {detail}", flush=True)


def engine_facts():
    """Runs on an engine: its rank, the size of its world, its machine, and its MPI."""
    import socket

    from mpi4py import MPI

    name = MPI.Get_library_version().splitlines()[0].split(",")[0]
    return MPI.COMM_WORLD.Get_rank(), MPI.COMM_WORLD.Get_size(), socket.gethostname(), name


def require_one_world(facts):
    """Engine k must be rank k of a world of all engines."""
    sizes = {size for _, size, _, _ in facts}
    if sizes == {1} and len(facts) > 1:
        raise Trouble(
            f"{len(facts)} engines are {len(facts)} MPI worlds of one rank each: their launcher belongs to another MPI than "
            f"mpi4py ({facts[0][3]}); write the profile again by `pdlc engines` with this Python"
        )
    if sizes != {len(facts)}:
        raise Trouble(f"Get_size() says {sorted(sizes)} on {len(facts)} engines: engines of two jobs, or some are missing")
    ranks = [rank for rank, _, _, _ in facts]
    if ranks != list(range(len(facts))):
        raise Trouble(f"the ids of the engines are not their ranks ({ranks}): their command lacks --mpi")


def wait_for_engines(cluster, client, count, patience, log):
    """Waits until all are there; says so where their job or process has ended instead."""
    until = time.monotonic() + patience
    while len(client.ids) < count:
        states = {engines.state for engines in cluster.engines.values()}
        if "after" in states or time.monotonic() > until:
            why = "their job or launcher has ended" if "after" in states else f"after {patience} s"
            raise Trouble(f"{len(client.ids)} of {count} engines have come ({why}); their output:\n{tail(log)}")
        time.sleep(0.2)


def tail(folder, lines=15):
    """The ends of the logs that are newest."""
    logs = sorted(Path(folder).glob("*"), key=lambda log: log.stat().st_mtime)[-2:]
    return "\n".join(f"-- {log}\n" + "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) for log in logs)


def examine(profile, patience):
    """Raises `Trouble` at the first thing that is wrong."""
    try:
        import ipyparallel as ipp
    except ImportError as error:
        raise Trouble(f"{sys.executable} has no ipyparallel ({error}): pip install ipyparallel mpi4py") from error

    cluster = ipp.Cluster(profile=profile, cluster_id="doctor", load_profile=True)
    count = cluster.n
    if not Path(cluster.profile_dir, "ipcluster_config.py").exists() or not count:
        raise Trouble(f"there is no profile {profile}: write it by `pdlc engines --profile {profile} ...`")
    cluster.start_controller_sync()
    try:
        cluster.start_engines_sync(count)
        client = cluster.connect_client_sync()
        wait_for_engines(cluster, client, count, patience, Path(cluster.profile_dir, "log"))
        say(True, "engines", f"{count} have come")
        facts = client[:].apply_sync(engine_facts)
        require_one_world(facts)
        machines = sorted({machine for _, _, machine, _ in facts})
        say(True, "world", f"Get_size() is {count} on every engine, {facts[0][3]}, on {', '.join(machines)}")
        psum(client[:], count)
        say(True, "psum", "a compiled sum of a scattered array is right on every engine")
    finally:
        cluster.stop_cluster_sync()


def psum(view, count):
    """A compiled sum over all engines."""
    array = np.arange(4.0 * count)
    try:
        load(view, source="fn pdlc_doctor(a: f64[/n]) -> f64 = sum(a)\n", name="doctor.pdl")
        view.scatter("pdlc_doctor_block", array, block=True)
        view.execute("pdlc_doctor_total = pdlc_doctor(pdlc_doctor_block)", block=True)
        totals = view["pdlc_doctor_total"]
    except Exception as error:
        raise Trouble(f"a compiled function fails on the engines: {error}") from error
    if totals != [array.sum()] * count:
        raise Trouble(f"the sum of 0..{len(array)} is {array.sum()}, but the engines say {totals}")


def main():
    parser = argparse.ArgumentParser(prog="pdlc doctor --engines")
    parser.add_argument("profile")
    parser.add_argument("--patience", type=float, default=600, help="seconds to wait for the engines' job")
    arguments = parser.parse_args()
    try:
        examine(arguments.profile, arguments.patience)
    except Trouble as trouble:
        say(False, "engines", trouble)
        sys.exit(1)


if __name__ == "__main__":
    main()
