"""npy_files.py make FOLDER: files of every element type, number of axes and version, and broken ones.
npy_files.py compare FOLDER: what the runtime copied is what was made."""
import os
import sys
import numpy as np

types = dict(bool='?', i32='<i4', i64='<i8', u32='<u4', u64='<u8', f32='<f4', f64='<f8', c64='<c8', c128='<c16')
shapes = {1: (1000,), 2: (23, 7), 3: (5, 300, 3)}


def arrays():
    random = np.random.default_rng(1)
    for name, dtype in types.items():
        for axes, shape in shapes.items():
            if name == 'i32':
                shape = (0,) + shape[1:]
            size = int(np.prod(shape)) * np.dtype(dtype).itemsize
            raw = np.frombuffer(random.bytes(size), 'u1') % (2 if name == 'bool' else 127)
            yield name, axes, raw.astype('u1').view(dtype).reshape(shape)


def make(folder):
    for k, (name, axes, x) in enumerate(arrays()):
        with open(f'{folder}/in-{name}-{axes}.npy', 'wb') as file:
            np.lib.format.write_array(file, x, version=[(1, 0), (2, 0), (3, 0)][k % 3])
    x = np.arange(12.0)
    np.save(f'{folder}/good.npy', x)
    np.save(f'{folder}/column.npy', np.asfortranarray(x))
    np.save(f'{folder}/f32.npy', x.astype('f4'))
    np.save(f'{folder}/bigendian.npy', x.astype('>f8'))
    np.save(f'{folder}/half.npy', x.astype('f2'))
    np.save(f'{folder}/record.npy', np.zeros(3, [('a', 'f8'), ('b', 'i4', (2,))]))
    np.save(f'{folder}/fortran.npy', np.asfortranarray(x.reshape(3, 4)))
    with open(f'{folder}/good.npy', 'rb') as file:
        data = file.read()
    broken = dict(short=data[:-20], header=data[:50], damaged=data.replace(b"'shape'", b"'sh pe'"),
                  version=data[:6] + b'\x09' + data[7:], text=b'1 2 3\n', empty=b'')
    for name, content in broken.items():
        with open(f'{folder}/{name}.npy', 'wb') as file:
            file.write(content)


def compare(folder):
    for name, axes, want in arrays():
        for divided in range(axes + 1):
            path = f'{folder}/out-{name}-{axes}-{divided}.npy'
            got = np.load(path)
            assert got.dtype == want.dtype and got.shape == want.shape, path
            assert got.tobytes() == want.tobytes() and got.flags.c_contiguous, path
            os.remove(path)
    assert not [name for name in os.listdir(folder) if '.pdl-' in name]


{'make': make, 'compare': compare}[sys.argv[1]](sys.argv[2])
