"""The MPI of this process, and the compiler wrapper that belongs to it."""

import functools
import os
from pathlib import Path


@functools.cache
def world():
    """mpi4py's MPI, whose import starts MPI."""
    try:
        from mpi4py import MPI
    except ImportError as error:
        raise ImportError(f"functions of PDL need mpi4py and an MPI: {error}; pip install mpi4py") from error
    return MPI


def _family():
    version = world().Get_library_version()
    return "openmpi" if version.startswith("Open MPI") else "mpich" if version.startswith("MPICH") else None


@functools.cache
def mpicc():
    """The wrapper for the MPI that this process runs: `$PDL_MPICC`, else one beside the library, such as /usr/bin/mpicc.openmpi.

    None where there is none; then pdlc looks for itself.
    """
    if os.environ.get("PDL_MPICC"):
        return os.environ["PDL_MPICC"]
    names = [f"mpicc.{_family()}", "mpicc"] if _family() else ["mpicc"]
    for library in _loaded_libraries():
        for folder in library.resolve().parents:
            found = next((folder / "bin" / name for name in names if os.access(folder / "bin" / name, os.X_OK)), None)
            if found is not None:
                return str(found)
    return None


def _loaded_libraries():
    with open("/proc/self/maps") as maps:
        paths = {line.split(None, 5)[5].strip() for line in maps if "/libmp" in line}
    return [Path(path) for path in sorted(paths)]
