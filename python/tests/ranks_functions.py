"""Run on every rank by test_libraries.py: functions.pdl beside NumPy, at several cuts. Rank 0 prints a digest of all results."""

import hashlib
import sys
from pathlib import Path

import numpy as np
import pdlc
from mpi4py import MPI

comm = MPI.COMM_WORLD
m = pdlc.compile(Path(__file__).with_name("functions.pdl"))
random = np.random.default_rng(7)
N = 1001
x, y = random.standard_normal(N) * 1e3, random.standard_normal(N)
points = random.standard_normal((N, 3))
whole = random.integers(-50, 50, N).astype(np.int32)


def cuts():
    """How the caller may cut n elements over the ranks: evenly, all on one rank, unevenly with empty ranks, PDL's own way."""
    size = comm.size
    even = np.array_split(np.arange(N), size)
    yield np.cumsum([0, *map(len, even)])
    yield np.array([0] * size + [N])
    yield np.array([0] + [N] * size)
    yield np.sort(np.concatenate([[0, N], np.random.default_rng(3).integers(0, N, size - 1)]))


def expect(condition, what):
    if not condition:
        print(f"rank {comm.rank} of {comm.size}: {what}", flush=True)
        comm.Abort(1)


def gathered(block, axis=0):
    return np.concatenate(comm.allgather(block), axis=axis)


def raised(call):
    """The error of a call that must fail on every rank alike, and after which all go on."""
    try:
        value = call()
    except Exception as error:
        texts = comm.allgather((type(error).__name__, str(error)))
        expect(len(set(texts)) == 1, f"not the same error everywhere: {texts}")
        expect(m.psum(np.ones(2)) == 2.0 * comm.size, "nothing works after an error")
        return error
    expect(False, f"{value} instead of an error")


def results(begin):
    """All results at one cut, as whole arrays."""
    mine = slice(begin[comm.rank], begin[comm.rank + 1])
    block = x[mine]
    nearest, centres = m.kmeans(points[mine], points[:4])
    heat = block
    for _ in range(3):
        heat = m.heat(heat, 0.25)
    expect(heat.shape == block.shape, "a result is cut like its argument")
    extreme = m.lowest(block)
    expect((extreme.value, extreme.index) == (x.min(), x.argmin()), f"minloc {extreme}")
    home = m.home(block)
    expect(np.array_equal(home, x) if comm.rank == 0 else home is None, "root")
    expect(m.nothing(np.abs(block)) is None, "nothing")
    return {
        "psum": m.psum(block),
        "dot": m.inner(block, y[mine]),
        "nearest": gathered(nearest),
        "centres": centres,
        "heat": gathered(heat),
        "sorted": gathered(m.sorted(block)),
        "single": gathered(m.single(x.astype(np.float32)[mine], 1.5)),
        "odd": m.counted(whole[mine], odd=True),
        "columns": gathered(m.columns(np.ascontiguousarray(points.T[:, mine]))),
        "positive": gathered(m.positive(block)),
        "deal": gathered(m.deal(x if comm.rank == 0 else None)),
        "everywhere": m.everywhere(x if comm.rank == 0 else None),
    }


def check(found):
    """Against NumPy."""
    close = lambda name, value: expect(np.allclose(found[name], value, rtol=1e-12), f"{name}: {found[name]} {value}")  # noqa: E731
    same = lambda name, value: expect(np.array_equal(found[name], value), f"{name}: {found[name]} {value}")  # noqa: E731
    distances = ((points[:, None, :] - points[None, :4, :]) ** 2).sum(-1)
    heat = x.copy()
    for _ in range(3):
        heat[1:-1] = heat[1:-1] + 0.25 * (heat[:-2] - 2 * heat[1:-1] + heat[2:])
    close("psum", x.sum())
    close("dot", x @ y)
    same("nearest", distances.argmin(1))
    close("centres", [points[distances.argmin(1) == k].mean(0) for k in range(4)])
    close("heat", heat)
    same("sorted", np.sort(x))
    same("single", np.float32(1.5) * x.astype(np.float32))
    same("odd", (whole % 2 == 1).sum())
    close("columns", points.sum(1))
    same("positive", x[x > 0])
    same("deal", x)
    same("everywhere", x)
    expect(found["single"].dtype == np.float32 and isinstance(found["odd"], int), "types")


def digest(found):
    parts = [np.asarray(found[name]).tobytes() for name in sorted(found)]
    return hashlib.sha256(b"".join(parts)).hexdigest()


def check_layouts():
    """Arrays that are not contiguous are copied, others are not: what C sees is where NumPy keeps it."""
    expect(m.psum(x[::2]) == m.psum(x[::2].copy()), "strided")
    argument = m.psum._arguments[0]
    block = x[3:9]
    words = []
    expect(argument.pass_on(block, 0, words) is block and words == [block.ctypes.data, 6], "a contiguous array was copied")
    expect(m.psum(np.zeros(0)) == 0.0, "empty everywhere")
    expect(m.psum([1.0, 2.0]) == 3.0 * comm.size, "a list")


def check_errors():
    last = comm.size - 1
    broken = lambda other: other if comm.rank == last else x[:3]  # noqa: E731
    error = raised(lambda: m.psum(broken(x[:3].astype(np.float32))))
    expect(isinstance(error, TypeError) and "float32" in str(error), error)
    error = raised(lambda: m.psum(broken(x[:4].reshape(2, 2))))
    expect(isinstance(error, ValueError) and "1 axes, not 2" in str(error), error)
    expect(isinstance(raised(lambda: m.heat(broken(None), 0.5)), TypeError), "None")
    expect(isinstance(raised(lambda: m.heat(x[:3], "c" if comm.rank == last else 0.5)), TypeError), "text for a number")
    expect(isinstance(raised(lambda: m.quotient(1.5 if comm.rank == last else 1, 2)), TypeError), "f64 for i64")
    expect(isinstance(raised(lambda: m.quotient(2**63, 2)), ValueError), "too large")
    expect(isinstance(raised(lambda: m.psum()), TypeError), "no argument")
    expect(isinstance(raised(lambda: m.psum(x[:3], b=1)), TypeError), "unknown argument")
    expect(isinstance(raised(lambda: m.inner(x[:3], x[:4])), ValueError), "extents that do not fit")
    expect(isinstance(raised(lambda: m.columns(np.ones((2 + (comm.rank == last and comm.size > 1), 2)))) if comm.size > 1 else ValueError(), ValueError), "rows differ")
    if comm.size > 1:
        error = raised(lambda: m.heat(x[:3], float(comm.rank)))
        expect(isinstance(error, ValueError) and "must be the same on all ranks" in str(error), error)
    error = raised(lambda: m.quotient(1, 0))
    expect(isinstance(error, pdlc.RunError) and error.line == 42, f"{error} {getattr(error, 'line', 0)}")
    error = raised(lambda: m.inverses(np.array([1, 0 if comm.rank == last else 1])))
    expect(isinstance(error, pdlc.RunError) and "division by zero" in error.message, error)
    expect("fn inverses" in str(error) and error.file.endswith("functions.pdl"), error)
    expect("negative" in str(raised(lambda: m.nothing(-x[:1] if comm.rank == last else -np.ones(1) * 1e6))), "assert")
    for source in ('fn f(a: f64[/n]) -> f64 = sum(b)\n', 'print "1"\n'):
        error = raised(lambda: pdlc.compile(source=source))
        expect(isinstance(error, pdlc.CompileError) and error.diagnostics[0].line == 1, error)


def check_communicators():
    half = comm.Split(comm.rank % 2)
    expect(m.psum(np.ones(10 + comm.rank), comm=half) == sum(10 + r for r in range(comm.rank % 2, comm.size, 2)), "half")
    expect(m.psum(np.ones(3)) == 3.0 * comm.size, "all ranks after the half")
    half.Free()
    for _ in range(20):  # numbers of communicators are used again
        other = comm.Dup()
        expect(m.psum(np.ones(1), comm=other) == comm.size, "a communicator that was made later")
        other.Free()
    two = pdlc.compile(source="fn psum(a: f64[/n]) -> f64 = 2.0 * sum(a)\n")
    expect(two.psum(np.ones(1)) == 2 * comm.size and m.psum(np.ones(1)) == comm.size, "two libraries with one name")


def check_compounds():
    """Tuples, records in every form that has their fields, arrays of records; parts and what each rank has for itself."""
    block = x[: comm.rank + 1]
    bodies = (block, (block, 2.0 * block))
    moved = m.moved(bodies, (1.0, -1.0))
    expect(type(moved).__name__ == "Body" and np.array_equal(moved.mass, block), f"records {moved}")
    expect(np.array_equal(moved.at[0], block + 1.0) and np.array_equal(moved.at[1], 2.0 * block - 1.0), "fields")
    again = m.moved(moved, (-1.0, 1.0))
    expect(np.array_equal(again.mass, block) and np.allclose(again.at[1], 2.0 * block), "a result as an argument")
    for body in ((2.0, (1.0, 4.0)), {"mass": 2.0, "at": (1.0, 4.0)}, type(moved)(2.0, (1.0, 4.0))):
        expect(m.weight(body, 3.0) == 3.0, f"a record as {type(body).__name__}")
    fields = np.zeros(len(block), np.dtype([("mass", float), ("at", float, 2)]))
    fields["mass"] = block
    structured = m.moved({"mass": fields["mass"], "at": (fields["at"][:, 0], fields["at"][:, 1])}, (1.0, 1.0))
    expect(np.array_equal(structured.mass, block) and np.array_equal(structured.at[0], np.ones(len(block))), "columns of an array")
    expect(np.isclose(comm.allreduce(m.contribution(block)), m.psum(block)), "contributions")
    sums, most = m.combined(np.array([1.0, comm.rank]), float(comm.rank))
    expect(np.array_equal(sums, [comm.size, comm.size * (comm.size - 1) / 2]) and most == comm.size - 1, "combined")
    expect(np.array_equal(m.own(block), 2.0 * block), "each rank's own")
    expect(isinstance(raised(lambda: m.weight((1.0, 2.0), 3.0)), TypeError), "a number for a tuple")
    error = raised(lambda: m.weight({"mass": 1.0}, 3.0))
    expect(isinstance(error, TypeError) and "has no `at`" in str(error), error)
    expect(isinstance(raised(lambda: m.moved((block, (block, block[:-1])), (1.0, 1.0))), ValueError), "fields of two lengths")


def check_faces():
    expect(m.psum.__doc__ == "The sum of an array that is divided over the ranks.\n\npsum(a: f64[/n]) -> f64", m.psum.__doc__)
    expect(repr(m.lowest) == "<pdlc function lowest(x: f64[/n]) -> Extreme>", repr(m.lowest))
    expect(repr(m).startswith("<pdlc.Module functions.pdl: psum, inner, kmeans"), repr(m))
    expect(str(m.heat.__signature__) == "(u, c, *, comm=None)", m.heat.__signature__)
    extreme = m.lowest(np.array([2.0, 1.0]))
    expect(str(extreme) == "Extreme(value=1.0, index=1)", extreme)


digests = set()
for begin in cuts():
    found = results(begin)
    check(found)
    digests.add(digest(found))
expect(len(digests) == 1, "the bits depend on the cut")
check_layouts()
check_errors()
check_communicators()
check_compounds()
check_faces()
if comm.rank == 0:
    print(digests.pop())
sys.exit(0)
