"""Every function of the prelude and of `stats` on edge inputs of every element type, against NumPy and SciPy.

A program is generated for each element type: it loads the inputs, and prints one line `KEY value` for every function, input and
placement. The interpreter and an executable on three ranks must print the same bytes, and every value must be NumPy's: integers,
nan and infinities exactly, other floats within the tolerance of their type.

Usage: table.py PDLC [--keep FOLDER]
"""
import os
import subprocess
import sys
import tempfile
import warnings
from fractions import Fraction

import numpy as np
import scipy.special
import scipy.stats

warnings.simplefilter("ignore")
np.seterr(all="ignore")

DTYPES = {"bool": bool, "i32": np.int32, "i64": np.int64, "u32": np.uint32, "u64": np.uint64, "f32": np.float32, "f64": np.float64}
# Relative to the larger of both values; sums of few elements, functions of at most two units in the last place.
TOLERANCE = {"f64": 4e-15, "f32": 1e-6}


def inputs(name):
    """Named one-dimensional arrays of an element type: nothing, one element, extremes, ties, what is not a number."""
    dtype = DTYPES[name]
    if name == "bool":
        lists = {"none": [], "one": [True], "mixed": [True, False, True, True], "all": [True] * 5}
    elif name[0] == "f":
        most, least = np.finfo(dtype).max, np.finfo(dtype).smallest_subnormal
        lists = {
            "none": [], "one": [2.5], "few": [3.0, -1.5, 2.0, 0.25, -1.5, 8.0, 0.5], "ties": [1.0, 1.0, 1.0, 1.0],
            "nan": [np.nan], "some_nan": [1.0, np.nan, 3.0], "inf": [1.0, 2.0, np.inf], "infs": [-np.inf, np.inf, 0.0],
            "zeros": [-0.0, 0.0], "greatest": [most, most], "least": [least, -least, least], "unit": [-1.0, -0.5, 0.0, 0.5, 1.0],
        }
    else:
        low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
        lists = {
            "none": [], "one": [3], "few": [3, 1, 4, 1, 5, 9, 2, 6], "greatest": [high, high], "ends": [low, high, 0],
            "large": [50000, 50000], "ties": [2, 2, 2],
        }
    return {key: np.array(values, dtype=dtype) for key, values in lists.items()}


def wide(x):
    return x.astype(np.float64)


def floating(x):
    return x if x.dtype == np.float32 else wide(x)


def mean(x, axis=None):
    return np.mean(wide(x), axis=axis).astype(floating(x).dtype)


def norm(x, axis=None):
    squares = floating(x) * floating(x)
    return np.sqrt(np.sum(squares, axis=axis))


def skewness(x):
    return scipy.stats.skew(wide(x)) if len(x) else np.nan


def kurtosis(x):
    """Rounded once: subtracting 3 magnifies what SciPy's sums have lost."""
    if len(x) == 0 or np.isnan(wide(x)).any():
        return np.nan
    exact = [Fraction(float(v)) for v in x]
    middle = sum(exact) / len(exact)
    second, fourth = (sum((v - middle) ** k for v in exact) / len(exact) for k in (2, 4))
    return np.float64(fourth / second**2 - 3) if second else np.nan


def gamma(x):
    """C's: no number where the sign of the pole is open. SciPy's answer there depends on its version."""
    return np.where((x < 0) & (x == np.floor(x)), x.dtype.type(np.nan), scipy.special.gamma(x))


def quantile(q):
    def of(x):
        if len(x) == 0 or np.isnan(wide(x)).any():
            return np.nan
        s, at = np.sort(wide(x)), q * (len(x) - 1)
        below = int(np.floor(at))
        # NumPy's formula but for an infinite neighbour that has no weight.
        return s[below] if at == below else s[below] + (at - below) * (s[below + 1] - s[below])
    return of


def histogram(x):
    return np.histogram(wide(x)[~np.isnan(wide(x))], bins=10, range=(-1.0, 6.1))[0].astype(np.int64)


def extreme(function, empty):
    """Least or greatest, and what PDL says of nothing."""
    return lambda x: function(x) if len(x) else empty(x.dtype)


def greatest(dtype):
    return dtype.type(np.inf) if dtype.kind == "f" else dtype.type(np.iinfo(dtype).max)


def least(dtype):
    return dtype.type(-np.inf) if dtype.kind == "f" else dtype.type(np.iinfo(dtype).min)


NUMBERS = [name for name in DTYPES if name != "bool"]
FLOATS = ["f32", "f64"]
FINITE = {"none", "one", "few", "ties", "unit", "large", "mixed", "all", "zeros"}

# What is written in PDL with x for the input, what NumPy makes of it, for which types, and for which inputs (all unless said).
REDUCTIONS = [
    ("sum(x)", lambda x: np.sum(x, dtype=x.dtype if x.dtype.kind == "f" else None), DTYPES, None),
    ("prod(x)", lambda x: np.prod(x, dtype=x.dtype if x.dtype.kind == "f" else None), NUMBERS, None),
    ("min(x)", extreme(np.min, greatest), NUMBERS, None),
    ("max(x)", extreme(np.max, least), NUMBERS, None),
    ("argmin(x)", lambda x: np.argmin(x) if len(x) else np.int64(2**63 - 1), NUMBERS, None),
    ("argmax(x)", lambda x: np.argmax(x) if len(x) else np.int64(2**63 - 1), NUMBERS, None),
    ("any(x)", np.any, ["bool"], None),
    ("all(x)", np.all, ["bool"], None),
    ("count(x)", np.count_nonzero, ["bool"], None),
    ("mean(x)", mean, DTYPES, None),
    ("norm(x)", norm, DTYPES, None),
    ("dot(x, x)", lambda x: np.sum(x * x, dtype=x.dtype if x.dtype.kind == "f" else None), FLOATS, None),
    ("variance(x)", lambda x: np.var(wide(x)), DTYPES, None),
    ("sample_variance(x)", lambda x: np.var(wide(x), ddof=1) if len(x) > 1 else np.nan if len(x) else -0.0, DTYPES, None),
    ("std(x)", lambda x: np.std(wide(x)), DTYPES, None),
    ("rms(x)", lambda x: np.sqrt(np.mean(wide(x) ** 2)), DTYPES, None),
    ("covariance(x, x)", lambda x: np.var(wide(x)), DTYPES, None),
    ("correlation(x, x)", lambda x: np.float64(np.nan if np.std(wide(x)) == 0 else 1.0 + 0.0 * np.std(wide(x))), DTYPES, FINITE | {"nan", "inf"}),
    ("skewness(x)", skewness, DTYPES, FINITE | {"nan"}),
    ("kurtosis(x)", kurtosis, DTYPES, FINITE | {"nan"}),
    ("median(x)", quantile(0.5), DTYPES, None),
    ("quantile(x, 0.0)", quantile(0.0), DTYPES, None),
    ("quantile(x, 0.3)", quantile(0.3), DTYPES, None),
    ("quantile(x, 1.0)", quantile(1.0), DTYPES, None),
    ("histogram(x, -1.0, 6.1, 10)", histogram, DTYPES, None),
]

ELEMENTWISE = [
    ("abs(x)", np.abs, ["i32", "i64", "f32", "f64"]),
    ("sign(x)", np.sign, ["i32", "i64", "f32", "f64"]),
    ("clamp(x, 1, 4)", lambda x: np.clip(x, x.dtype.type(1), x.dtype.type(4)), NUMBERS),
    ("zscore(x)", lambda x: (wide(x) - np.mean(wide(x))) / np.std(wide(x)), DTYPES),
    ("sort(x)", np.sort, DTYPES),
    ("argsort(x)", lambda x: np.argsort(x, kind="stable"), DTYPES),
    ("unique(x)", lambda x: np.unique(x, equal_nan=True), DTYPES),
    ("reversed(x)", lambda x: x[::-1], DTYPES),
    ("scan(+, x)", np.cumsum, NUMBERS),
    ("scan(max, x)", np.maximum.accumulate, NUMBERS),
    ("isnan(x)", np.isnan, FLOATS),
    ("isinf(x)", np.isinf, FLOATS),
    ("isfinite(x)", np.isfinite, FLOATS),
    ("atan2(x, -x)", lambda x: np.arctan2(x, -x), FLOATS),
    ("hypot(x, x)", lambda x: np.hypot(x, x), FLOATS),
    ("float(x)", floating, DTYPES),
] + [
    (f"{name}(x)", lambda x, f=function: f(floating(x)), NUMBERS)
    for name, function in {
        "floor": np.floor, "ceil": np.ceil, "round": np.rint, "trunc": np.trunc, "sqrt": np.sqrt, "cbrt": np.cbrt,
        "exp": np.exp, "exp2": np.exp2, "expm1": np.expm1, "log": np.log, "log2": np.log2, "log10": np.log10, "log1p": np.log1p,
        "tanh": np.tanh, "atan": np.arctan, "asin": np.arcsin, "acos": np.arccos, "sinh": np.sinh, "cosh": np.cosh,
        "asinh": np.arcsinh, "acosh": np.arccosh, "atanh": np.arctanh, "erf": scipy.special.erf, "erfc": scipy.special.erfc,
        "gamma": gamma, "lgamma": scipy.special.gammaln, "sin": np.sin, "cos": np.cos, "tan": np.tan,
    }.items()
]

# Along an axis of a matrix; x is the input.
ALONG = [
    ("sum(x, axis: K)", lambda x, k: np.sum(x, axis=k, dtype=x.dtype if x.dtype.kind == "f" else None), NUMBERS),
    ("mean(x, axis: K)", mean, NUMBERS),
    ("norm(x, axis: K)", norm, NUMBERS),
]
SHAPES = [(0, 3), (3, 0), (1, 1), (4, 3)]


def program(name, folder):
    """Writes the inputs and the program of an element type; the expected values by key."""
    lines, expected = ['import "stats"'], {}

    def ask(key, text, value, isScalar=True):
        assert key not in expected, key
        expected[key] = value
        lines.append(f'print "{key} {{{text}}}"' if isScalar else f'print "{key} {{allgather({text})}}"')

    for label, array in inputs(name).items():
        path = f"{name}-{label}.npy"
        np.save(os.path.join(folder, path), array)
        whole, divided = f"whole_{label}", f"divided_{label}"
        lines.append(f'let {whole}: {name}[w_{label}] = load("{path}")')
        lines.append(f'let {divided}: {name}[/d_{label}] = load("{path}")')
        for text, function, types, labels in REDUCTIONS:
            if name not in types or (labels is not None and label not in labels):
                continue
            key = text.replace(" ", "")
            for x in (whole, divided):
                ask(f"{key}:{x}", text.replace("(x", f"({x}").replace(" x)", f" {x})"), function(array))
        for text, function, types in ELEMENTWISE:
            if name not in types:
                continue
            key = text.replace(" ", "")
            written = text.replace("(x", "(X").replace(" x)", " X)").replace("-x)", "-X)")
            ask(f"{key}:{whole}", written.replace("X", whole), function(array))
            ask(f"{key}:{divided}", written.replace("X", divided), function(array), isScalar=False)
    for shape in SHAPES if name != "bool" else []:
        array = (np.arange(shape[0] * shape[1]) * 3 + 1).astype(DTYPES[name]).reshape(shape)
        label = "x".join(map(str, shape))
        path = f"{name}-{label}.npy"
        np.save(os.path.join(folder, path), array)
        lines.append(f'let m{label}: {name}[/r{label}, c{label}] = load("{path}")')
        for text, function, types in ALONG:
            for k in (0, 1):
                written = text.replace("K", str(k)).replace("(x", f"(m{label}")
                ask(f"{text.replace(' ', '')}:{label}:{k}", written, function(array, k), isScalar=k == 0)
    source = os.path.join(folder, f"{name}.pdl")
    with open(source, "w") as file:
        file.write("\n".join(lines) + "\n")
    return source, expected


def parsed(text, like):
    """The printed numbers as an array of the expected type."""
    words = text.strip("[]").replace(",", " ").split()
    if like.dtype == bool:
        return np.array([word == "true" for word in words], dtype=bool)
    if like.dtype.kind in "iu":
        # A float here is a fault of the type.
        return np.array([int(word) if word.lstrip("-").isdigit() else 0.5 for word in words], dtype=object)
    return np.array([float(word) for word in words], dtype=like.dtype)


def agrees(printed, value):
    value = np.asarray(value)
    flat = value.reshape(-1)
    got = parsed(printed, flat)
    if len(got) != len(flat):
        return False
    if value.dtype.kind != "f":
        return all(a == int(b) for a, b in zip(got, flat))
    tolerance = TOLERANCE["f32" if value.dtype == np.float32 else "f64"]
    least = np.finfo(value.dtype).smallest_subnormal
    for a, b in zip(got, flat):
        if np.isnan(a) or np.isnan(b):
            if not (np.isnan(a) and np.isnan(b)):
                return False
        elif a != b and not abs(float(a) - float(b)) <= tolerance * max(abs(float(a)), abs(float(b))) + least:
            return False
    return True


def printed_by(pdlc, source, *options):
    done = subprocess.run([pdlc, "run", source, *options], capture_output=True, text=True, cwd=os.path.dirname(source), timeout=600)
    if done.returncode != 0:
        sys.exit(f"{os.path.basename(source)} {' '.join(options)} ended with {done.returncode}:\n{done.stderr[:3000]}")
    return done.stdout


def main():
    pdlc = os.path.abspath(sys.argv[1])
    folder = sys.argv[3] if sys.argv[2:3] == ["--keep"] else tempfile.mkdtemp()
    faults = checks = 0
    for name in DTYPES:
        source, expected = program(name, folder)
        played = printed_by(pdlc, source, "--interpret")
        if printed_by(pdlc, source, "-n", "3") != played:
            print(f"{name}: three ranks and the interpreter print different lines")
            faults += 1
        lines = dict(line.split(" ", 1) if " " in line else (line, "") for line in played.splitlines())
        for key, value in expected.items():
            checks += 1
            if key not in lines or not agrees(lines[key], value):
                faults += 1
                print(f"{name} {key}: {lines.get(key)}, NumPy says {np.asarray(value).tolist()}")
    print(f"library: {checks} values, {faults} differ from NumPy")
    return 1 if faults else 0


sys.exit(main())
