"""What a kernel is: a generator that yields its inputs, and then, computed by NumPy, what must come out.

Inputs that are arrays become .npy files, numbers become parameters of the program of the same name in `programs`. The outputs are
files that the program saves.
"""
import numpy as np

KERNELS = {}


def kernel(test, bench):
    """Registers a kernel with the sizes of the test and of the benchmark."""
    def register(function):
        KERNELS[function.__name__] = (function, dict(test=test, bench=bench))
        return function
    return register


def uniform(*shape):
    """Numbers in 0..1, the same ones for the same shape."""
    return np.random.default_rng(sum(shape) + 7 * len(shape)).random(shape)


def load_all():
    import linear, grids, dynamic, data  # noqa: F401, E401 (they register their kernels)
    return KERNELS
