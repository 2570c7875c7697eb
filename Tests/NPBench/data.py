"""Kernels of neural networks and of a solver in physics, as NPBench defines them."""
import numpy as np

from catalogue import kernel, uniform


def conv2d(x, weights):
    k, out = weights.shape[0], None
    h, w = x.shape[1] - k + 1, x.shape[2] - k + 1
    for i in range(k):
        for j in range(k):
            term = x[:, i:i + h, j:j + w, :] @ weights[i, j]
            out = term if out is None else out + term
    return out


def relu(x):
    return np.maximum(x, 0)


def maxpool(x):
    n, h, w, c = x.shape
    return x[:, :h // 2 * 2, :w // 2 * 2].reshape(n, h // 2, 2, w // 2, 2, c).max(axis=(2, 4))


def batchnorm(x):
    return (x - x.mean(axis=0, keepdims=True)) / np.sqrt(x.std(axis=0, keepdims=True) + 1e-5)


def softmax_of(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


@kernel(dict(n=3, h=8, w=7, k=3, ci=2, co=3), dict(n=8, h=64, w=64, k=5, ci=3, co=16))
def conv2d_bias(n, h, w, k, ci, co):
    x, weights, bias = uniform(n, h, w, ci), uniform(k, k, ci, co), uniform(co)
    yield dict(x=x, weights=weights, bias=bias)
    yield dict(out=conv2d(x, weights) + bias)


@kernel(dict(n=3, h=16, w=16), dict(n=8, h=56, w=56))
def lenet(n, h, w):
    x, conv1, conv2, b1, b2 = uniform(n, h, w, 1), uniform(5, 5, 1, 6), uniform(5, 5, 6, 16), uniform(6), uniform(16)
    width = 16 * (((h - 4) // 2 - 4) // 2) * (((w - 4) // 2 - 4) // 2)
    f1, f2, f3 = uniform(width, 120) / width, uniform(120, 84) / 120, uniform(84, 10) / 84
    c1, c2, c3 = uniform(120), uniform(84), uniform(10)
    yield dict(x=x, conv1=conv1, conv2=conv2, b1=b1, b2=b2, f1=f1, f2=f2, f3=f3, c1=c1, c2=c2, c3=c3)
    y = maxpool(relu(conv2d(x, conv1) + b1))
    y = maxpool(relu(conv2d(y, conv2) + b2)).reshape(n, width)
    yield dict(out=relu(relu(y @ f1 + c1) @ f2 + c2) @ f3 + c3)


@kernel(dict(n=5, ci=6, s0=8, s1=7, s2=5), dict(n=64, ci=800, s0=1000, s1=1000, s2=500))
def mlp(n, ci, s0, s1, s2):
    x = uniform(n, ci)
    w1, w2, w3 = uniform(ci, s0) / ci, uniform(s0, s1) / s0, uniform(s1, s2) / s1
    b1, b2, b3 = uniform(s0), uniform(s1), uniform(s2)
    yield dict(x=x, w1=w1, w2=w2, w3=w3, b1=b1, b2=b2, b3=b3)
    yield dict(out=softmax_of(relu(relu(x @ w1 + b1) @ w2 + b2) @ w3 + b3))


@kernel(dict(n=4, w=6, c1=5, c2=3), dict(n=8, w=28, c1=128, c2=32))
def resnet(n, w, c1, c2):
    x, conv1 = uniform(n, w, w, c1), uniform(1, 1, c1, c2)
    conv2, conv3 = uniform(3, 3, c2, c2), uniform(1, 1, c2, c1)
    yield dict(x=x, conv1=conv1, conv2=conv2, conv3=conv3)
    padded = np.zeros((n, w + 2, w + 2, c2))
    padded[:, 1:-1, 1:-1, :] = conv2d(x, conv1)
    y = relu(batchnorm(conv2d(relu(batchnorm(padded)), conv2)))
    yield dict(out=relu(batchnorm(conv2d(y, conv3)) + x))


@kernel(dict(n=3, h=2, s=9), dict(n=16, h=16, s=128))
def softmax(n, h, s):
    x = uniform(n, h, s, s)
    yield dict(x=x)
    yield dict(out=softmax_of(x))


@kernel(dict(k=2, e=4, q=2, w=3, na=3, nb=2, no=2), dict(k=2, e=10, q=4, w=3, na=20, nb=4, no=4))
def scattering_self_energies(k, e, q, w, na, nb, no):
    def numbers(*shape):
        return uniform(*shape) + 1j * uniform(*reversed(shape)).T
    neighbour = (uniform(na, nb) * na).astype(np.int64)
    dH, G, D = numbers(na, nb, 3, no, no), numbers(k, e, na, no, no), numbers(q, w, na, nb, 3, 3)
    flat = dict(h=dH.reshape(na, nb, 3, no * no), g=G.reshape(k, e, na, no * no), d=D.reshape(q * w, na, nb, 9))
    yield dict(flat, neighbour=neighbour, no=no, w=w)
    S = np.zeros((k, e, na, no, no), complex)
    for kk, ee, qq, ww, i, j, a, b in np.ndindex(k, e, q, w, 3, 3, na, nb):
        if ee - ww >= 0:
            S[kk, ee, a] += G[kk, ee - ww, neighbour[a, b]] @ dH[a, b, i] @ (dH[a, b, j] * D[qq, ww, a, b, i, j])
    yield dict(s=S.reshape(k, e, na, no * no))
