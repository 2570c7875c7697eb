import h5py
import numpy as np

given, made = h5py.File("in.h5"), h5py.File("out.h5")
x, packed = given["group/x"][:], given["packed"][:]
for name, wanted in [
    ("u/step3", 2 * x), ("columns", packed), ("flags", given["flags"][:]), ("root", given["big"][:].astype("f4")),
    ("number", np.float64(2.5)), ("none", np.zeros((0, 3))),
]:
    got = made[name][()]
    assert got.dtype == wanted.dtype and got.shape == wanted.shape and np.array_equal(got, wanted), name
print("as h5py has it:", *sorted(made))
