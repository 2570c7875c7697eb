"""The benchmarks as one writes them with mpi4py and NumPy: `peers.py KERNEL`. Prints what the C programs print."""
import sys

import numpy as np
from mpi4py import MPI

world = MPI.COMM_WORLD
rank, ranks = world.rank, world.size


def block(n):
    """The indices of this rank's block."""
    return np.arange(n * rank // ranks, n * (rank + 1) // ranks)


def timed(repetitions, work):
    """Runs `work` so often, with the number of the repetition; gives what it gave last."""
    result = None
    for r in range(repetitions):
        started = MPI.Wtime()
        result = work(r)
        if rank == 0:
            print(f"seconds {MPI.Wtime() - started:.9f}")
    return result


def psum():
    a = 1 + 0.5 * np.cos(block(1 << 26))
    return [timed(12, lambda r: world.allreduce(a.sum()))]


def hashed(n):
    return (block(n) * 2654435761 % 4294967296) / 4294967296.0


def stats():
    n = 1 << 26
    x = hashed(n)

    def work(r):
        mean = world.allreduce(x.sum()) / n
        low, high = world.allreduce(x.min(), MPI.MIN), world.allreduce(x.max(), MPI.MAX)
        return [mean, world.allreduce(((x - mean) ** 2).sum()) / n, low, high]

    return timed(8, work)


def triad():
    i = block(1 << 25)
    b, c = 1 + 0.5 * np.cos(i), 1 + 0.5 * np.sin(i)
    a = timed(12, lambda r: (b + 3.0 * c, world.Barrier())[0])
    return [world.allreduce(a.sum())]


def histogram():
    x = hashed(1 << 26)

    def work(r):
        own, h = np.bincount(np.clip((x * 256).astype(np.int64), 0, 255), minlength=256), np.empty(256, np.int64)
        world.Allreduce(own, h)
        return h

    h = timed(8, work)
    return [h[0], h[17], h[255], h.sum()]


def prefix():
    x = block(1 << 26) % 1009 / 1009.0

    def work(r):
        totals = np.cumsum(x)
        before = world.exscan(totals[-1])
        return totals + before if rank > 0 else totals

    return [8 * world.allreduce(timed(8, work).max(), MPI.MAX)]


def kmeans():
    d, k = 8, 16

    def start(i):
        return (i[:, None] * 7919 + np.arange(d) * 104729) * 31 % 1009 / 1009.0 + i[:, None] % 16

    x, state = start(block(1000000)), {"c": start(np.arange(k))}

    def work(r):
        c = state["c"]
        near = np.argmin((x**2).sum(1)[:, None] - 2 * x @ c.T + (c**2).sum(1), axis=1)
        own, total = np.zeros((k, d + 1)), np.empty((k, d + 1))
        for j in range(d):
            own[:, j] = np.bincount(near, x[:, j], k)
        own[:, d] = np.bincount(near, minlength=k)
        world.Allreduce(own, total)
        state["c"] = total[:, :d] / np.maximum(total[:, d:], 1)

    timed(10, work)
    return [state["c"].sum()]


def logistic():
    n, d = 1000000, 32
    x = (block(n)[:, None] * 7919 + np.arange(d) * 104729) * 31 % 1009 / 504.5 - 1.0
    y = (x[:, 0] + 0.5 * x[:, 1] - x[:, 2] > 0.1).astype(float)
    w, gradient = np.zeros(d), np.empty(d)

    def work(r):
        world.Allreduce(x.T @ (1 / (1 + np.exp(-(x @ w))) - y), gradient)
        w[:] -= 2.0 / n * gradient

    timed(10, work)
    return [w[0], w[1], w[2], abs(w).sum()]


def matmul():
    n = 2048
    i, j = block(n)[:, None], np.arange(n)
    a, b, whole = (i * 31 + j * 17) % 64 / 64.0, (i * 13 + j * 7) % 64 / 64.0, np.empty((n, n))

    def work(r):
        world.Allgather(b, whole)
        return (a @ whole, world.Barrier())[0]

    c = timed(4, work)
    return [world.allreduce(c.sum()), world.allreduce(c.max(), MPI.MAX)]


def edges(u):
    """Fills the first and last row with the neighbours' rows."""
    up, down = (rank - 1 if rank > 0 else MPI.PROC_NULL), (rank + 1 if rank + 1 < ranks else MPI.PROC_NULL)
    world.Sendrecv(u[1], up, 0, u[-1], down, 0)
    world.Sendrecv(u[-2], down, 1, u[0], up, 1)


def jacobi():
    n, rows = 4096, block(4096)
    u = np.zeros((len(rows) + 2, n))
    if rank == 0:
        u[1] = 1
    state = {"u": u, "v": u.copy()}
    own = slice(2 if rank == 0 else 1, len(rows) + (0 if rank == ranks - 1 else 1))

    def work(r):
        for _ in range(10):
            u, v = state["u"], state["v"]
            edges(u)
            above, below = slice(own.start - 1, own.stop - 1), slice(own.start + 1, own.stop + 1)
            v[own, 1:-1] = 0.25 * (u[above, 1:-1] + u[below, 1:-1] + u[own, :-2] + u[own, 2:])
            change = world.allreduce(abs(v[own, 1:-1] - u[own, 1:-1]).max(), MPI.MAX)
            state["u"], state["v"] = v, u
        return change

    change = timed(10, work)
    return [change, world.allreduce(state["u"][1:-1].sum())]


def cg():
    n, rows = 1024, block(1024)
    p = np.zeros((len(rows) + 2, n))
    own = p[1:-1]
    own[:] = (7 * rows[:, None] + 3 * np.arange(n)) % 11 - 5
    x, r = np.zeros_like(own), own.copy()
    state = {"rr": world.allreduce((r * r).sum())}

    def work(t):
        for _ in range(20):
            edges(p)
            q = 4 * own - p[:-2] - p[2:]
            q[:, 1:] -= own[:, :-1]
            q[:, :-1] -= own[:, 1:]
            alpha = state["rr"] / world.allreduce((own * q).sum())
            x[:] += alpha * own
            r[:] -= alpha * q
            following = world.allreduce((r * r).sum())
            own[:] = r + following / state["rr"] * own
            state["rr"] = following

    timed(10, work)
    return [state["rr"] ** 0.5, world.allreduce((x * x).sum()) ** 0.5]


answer = globals()[sys.argv[1]]()
if rank == 0:
    print("answer", *(repr(float(number)) for number in answer))
