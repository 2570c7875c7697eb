"""Kernels of points, paths and codes, as NPBench defines them."""
import numpy as np

from catalogue import kernel, uniform


@kernel(dict(n=23), dict(n=2000000))
def arc_distance(n):
    theta1, phi1, theta2, phi2 = (uniform(n, 1 + k).sum(axis=1) for k in range(4))
    theta2, phi2 = theta2 / 3, phi2 / 4
    yield dict(theta1=theta1, phi1=phi1, theta2=theta2, phi2=phi2)
    t = np.sin((theta2 - theta1) / 2) ** 2 + np.cos(theta1) * np.cos(theta2) * np.sin((phi2 - phi1) / 2) ** 2
    yield dict(out=2 * np.arctan2(np.sqrt(t), np.sqrt(1 - t)))


@kernel(dict(n=200, npt=7), dict(n=400000, npt=200))
def azimint_naive(n, npt):
    data, radius = uniform(n), uniform(n)[::-1].copy()
    yield dict(data=data, radius=radius, npt=npt)
    top, out = radius.max(), np.zeros(npt)
    for i in range(npt):
        inside = np.logical_and(top * i / npt <= radius, radius < top * (i + 1) / npt)
        out[i] = data[inside].mean()
    yield dict(out=out)


@kernel(dict(n=200, npt=7), dict(n=1000000, npt=1000))
def azimint_hist(n, npt):
    data, radius = uniform(n), uniform(n)[::-1].copy()
    yield dict(data=data, radius=radius, npt=npt)
    yield dict(out=np.histogram(radius, npt, weights=data)[0] / np.histogram(radius, npt)[0])


@kernel(dict(n=9, m=11), dict(n=2000, m=2000))
def compute(n, m):
    x, y = (uniform(n, m) * 1000).astype(np.int64), (uniform(m, n).T * 1000).astype(np.int64).copy()
    yield dict(x=x, y=y, a=4, b=3, c=9)
    yield dict(out=np.clip(x, 2, 10) * 4 + y * 3 + 9)


@kernel(dict(n=6, m=4, slabs=2, points=8), dict(n=50, m=30, slabs=2, points=32))
def contour_integral(n, m, slabs, points):
    ham = uniform(slabs + 1, n, n) + 1j * uniform(slabs + 1, n, n)[::-1]
    z = (0.5 + uniform(points)) * np.exp(2j * np.pi * uniform(points)[::-1])
    Y = uniform(n, m) + 1j * uniform(m, n).T
    yield dict(h=ham, z=z, y=Y)
    P0, P1 = np.zeros((n, m), complex), np.zeros((n, m), complex)
    for point in z:
        T = sum(np.power(point, slabs / 2 - s) * ham[s] for s in range(slabs + 1))
        X = np.linalg.solve(T, Y)
        if np.abs(point) < 1.0:
            X = -X
        P0 += X
        P1 += point * X
    yield dict(p0=P0, p1=P1)


@kernel(dict(n=40), dict(n=100000))
def crc16(n):
    data = (uniform(n) * 256).astype(np.int64)
    yield dict(data=data)
    crc = 0xFFFF
    for b in data.tolist():
        for _ in range(8):
            crc = (crc >> 1) ^ 0x8408 if (crc & 1) ^ (b & 1) else crc >> 1
            b >>= 1
    crc = ~crc & 0xFFFF
    yield dict(crc=np.array([((crc << 8) | ((crc >> 8) & 0xFF)) & 0xFFFF]))


@kernel(dict(n=13), dict(n=600))
def floyd_warshall(n):
    path = (uniform(n, n) * 1000).astype(np.int64)
    yield dict(path=path.copy())
    for k in range(n):
        path = np.minimum(path, np.add.outer(path[:, k], path[k, :]))
    yield dict(out=path)


@kernel(dict(n=13), dict(n=3000))
def go_fast(n):
    a = uniform(n, n)
    yield dict(a=a)
    trace = 0.0
    for i in range(n):
        trace += np.tanh(a[i, i])
    yield dict(out=a + trace)


def plane(n, m):
    x, y = np.linspace(-1.75, 0.25, n), np.linspace(-1.25, 1.25, m)
    return x + y[:, None] * 1j


@kernel(dict(n=15, m=11, rounds=8), dict(n=250, m=250, rounds=100))
def mandelbrot1(n, m, rounds):
    yield dict(n=n, m=m, rounds=rounds)
    C = plane(n, m)
    N, Z = np.zeros(C.shape, np.int64), np.zeros(C.shape, complex)
    for k in range(rounds):
        inside = np.less(abs(Z), 2.0)
        N[inside] = k
        Z[inside] = Z[inside] ** 2 + C[inside]
    N[N == rounds - 1] = 0
    yield dict(N=N)


@kernel(dict(n=15, m=11, rounds=8), dict(n=250, m=250, rounds=100))
def mandelbrot2(n, m, rounds):
    yield dict(n=n, m=m, rounds=rounds)
    C = plane(n, m).reshape(-1)
    N, at, Z = np.zeros(n * m, np.int64), np.arange(n * m), np.zeros(n * m, complex)
    for k in range(rounds):
        Z = Z * Z + C
        out = abs(Z) > 2.0
        N[at[out]] = k + 1
        Z, C, at = Z[~out], C[~out], at[~out]
    yield dict(N=N)


@kernel(dict(n=9, steps=5), dict(n=100, steps=200))
def nbody(n, steps):
    mass, pos, vel = 20.0 * np.ones(n) / n, uniform(n, 3), uniform(3, n).T.copy()
    yield dict(mass=mass, pos=pos.copy(), vel=vel.copy(), steps=steps)
    dt, soft = 0.01, 0.1

    def pull(pos):
        d = pos[None, :, :] - pos[:, None, :]
        inverse = (d ** 2).sum(axis=2) + soft ** 2
        return ((d * inverse[:, :, None] ** -1.5) * mass[None, :, None]).sum(axis=1)

    def energy(pos, vel):
        d = pos[None, :, :] - pos[:, None, :]
        r = np.sqrt((d ** 2).sum(axis=2))
        r[r > 0] = 1.0 / r[r > 0]
        return 0.5 * (mass[:, None] * vel ** 2).sum(), np.triu(-np.outer(mass, mass) * r, 1).sum()
    vel -= (mass[:, None] * vel).mean(axis=0) / mass.mean()
    acc, energies = pull(pos), [energy(pos, vel)]
    for _ in range(steps):
        vel += acc * dt / 2.0
        pos += vel * dt
        acc = pull(pos)
        vel += acc * dt / 2.0
        energies.append(energy(pos, vel))
    yield dict(energies=np.array(energies))


@kernel(dict(n=14), dict(n=120))
def nussinov(n):
    seq = (uniform(n) * 4).astype(np.int64)
    yield dict(seq=seq)
    t = np.zeros((n, n), np.int64)
    for i in range(n - 1, -1, -1):
        for j in range(i + 1, n):
            best = max(t[i, j], t[i, j - 1])
            if i + 1 < n:
                best = max(best, t[i + 1, j], t[i + 1, j - 1] + (int(seq[i] + seq[j] == 3) if i < j - 1 else 0))
            for k in range(i + 1, j):
                best = max(best, t[i, k] + t[k + 1, j])
            t[i, j] = best
    yield dict(table=t)


@kernel(dict(r=8), dict(r=512))
def stockham_fft(r):
    x = uniform(r * r) + 1j * uniform(r * r)[::-1]
    yield dict(x=x, r=r)
    yield dict(y=np.fft.fft(x))
