"""Kernels on grids, as NPBench defines them."""
import numpy as np

from catalogue import kernel, uniform


@kernel(dict(n=12, steps=3), dict(n=300, steps=20))
def adi(n, steps):
    u = uniform(n, n)
    yield dict(u0=u.copy(), steps=steps)
    v, p, q = np.zeros((n, n)), np.zeros((n, n)), np.zeros((n, n))
    dx, dt = 1.0 / n, 1.0 / steps
    mul1, mul2 = 2.0 * dt / dx ** 2, 1.0 * dt / dx ** 2
    a, b, d, e = -mul1 / 2.0, 1.0 + mul1, -mul2 / 2.0, 1.0 + mul2
    c, f = a, d
    for _ in range(steps):
        v[0, 1:-1], p[1:-1, 0], q[1:-1, 0] = 1.0, 0.0, 1.0
        for j in range(1, n - 1):
            p[1:-1, j] = -c / (a * p[1:-1, j - 1] + b)
            q[1:-1, j] = (-d * u[j, :-2] + (1.0 + 2.0 * d) * u[j, 1:-1] - f * u[j, 2:] - a * q[1:-1, j - 1]) / (
                a * p[1:-1, j - 1] + b)
        v[n - 1, 1:-1] = 1.0
        for j in range(n - 2, 0, -1):
            v[j, 1:-1] = p[1:-1, j] * v[j + 1, 1:-1] + q[1:-1, j]
        u[1:-1, 0], p[1:-1, 0], q[1:-1, 0] = 1.0, 0.0, 1.0
        for j in range(1, n - 1):
            p[1:-1, j] = -f / (d * p[1:-1, j - 1] + e)
            q[1:-1, j] = (-a * v[:-2, j] + (1.0 + 2.0 * a) * v[1:-1, j] - c * v[2:, j] - d * q[1:-1, j - 1]) / (
                d * p[1:-1, j - 1] + e)
        u[1:-1, n - 1] = 1.0
        for j in range(n - 2, 0, -1):
            u[1:-1, j] = p[1:-1, j] * u[1:-1, j + 1] + q[1:-1, j]
    yield dict(u=u)


def pressure(p, dx, dy, b, rounds, periodic):
    for _ in range(rounds):
        pn = p.copy()
        p[1:-1, 1:-1] = ((pn[1:-1, 2:] + pn[1:-1, :-2]) * dy ** 2 + (pn[2:, 1:-1] + pn[:-2, 1:-1]) * dx ** 2) / (
            2 * (dx ** 2 + dy ** 2)) - dx ** 2 * dy ** 2 / (2 * (dx ** 2 + dy ** 2)) * b[1:-1, 1:-1]
        if periodic:
            for k, left, right in ((-1, -2, 0), (0, -1, 1)):
                p[1:-1, k] = ((pn[1:-1, right] + pn[1:-1, left]) * dy ** 2 + (pn[2:, k] + pn[:-2, k]) * dx ** 2) / (
                    2 * (dx ** 2 + dy ** 2)) - dx ** 2 * dy ** 2 / (2 * (dx ** 2 + dy ** 2)) * b[1:-1, k]
            p[-1, :], p[0, :] = p[-2, :], p[1, :]
        else:
            p[:, -1], p[0, :], p[:, 0], p[-1, :] = p[:, -2], p[1, :], p[:, 1], 0


def source(rho, dt, dx, dy, u, v):
    right = lambda x: np.roll(x, -1, axis=1)  # noqa: E731
    left = lambda x: np.roll(x, 1, axis=1)  # noqa: E731
    below = lambda x: np.roll(x, -1, axis=0)  # noqa: E731
    above = lambda x: np.roll(x, 1, axis=0)  # noqa: E731
    ux, vy = (right(u) - left(u)) / (2 * dx), (below(v) - above(v)) / (2 * dy)
    return rho * ((ux + vy) / dt - ux ** 2 - 2 * (below(u) - above(u)) / (2 * dy) * (right(v) - left(v)) / (2 * dx) - vy ** 2)


@kernel(dict(n=14, steps=4, rounds=3), dict(n=251, steps=20, rounds=50))
def cavity_flow(n, steps, rounds):
    dx = dy = 2.0 / (n - 1)
    dt, rho, nu = 0.1 / ((n - 1) * (n - 1)), 1.0, 0.1
    yield dict(n=n, steps=steps, rounds=rounds)
    u, v, p = np.zeros((n, n)), np.zeros((n, n)), np.zeros((n, n))
    for _ in range(steps):
        un, vn = u.copy(), v.copy()
        b = source(rho, dt, dx, dy, u, v)
        b[0, :], b[-1, :], b[:, 0], b[:, -1] = 0, 0, 0, 0
        pressure(p, dx, dy, b, rounds, periodic=False)
        c = np.s_[1:-1, 1:-1]
        for w, wn, slope in ((u, un, (p[1:-1, 2:] - p[1:-1, :-2]) / dx), (v, vn, (p[2:, 1:-1] - p[:-2, 1:-1]) / dy)):
            w[c] = (wn[c] - un[c] * dt / dx * (wn[c] - wn[1:-1, :-2]) - vn[c] * dt / dy * (wn[c] - wn[:-2, 1:-1])
                    - dt / (2 * rho) * slope
                    + nu * (dt / dx ** 2 * (wn[1:-1, 2:] - 2 * wn[c] + wn[1:-1, :-2])
                            + dt / dy ** 2 * (wn[2:, 1:-1] - 2 * wn[c] + wn[:-2, 1:-1])))
        for w in (u, v):
            w[0, :], w[:, 0], w[:, -1], w[-1, :] = 0, 0, 0, 0
        u[-1, :] = 1
    yield dict(u=u, v=v, p=p)


@kernel(dict(n=14, steps=4, rounds=3), dict(n=201, steps=20, rounds=50))
def channel_flow(n, steps, rounds):
    dx = dy = 2.0 / (n - 1)
    dt, rho, nu, force = 0.1 / ((n - 1) * (n - 1)), 1.0, 0.1, 1.0
    yield dict(n=n, steps=steps, rounds=rounds)
    u, v, p = np.zeros((n, n)), np.zeros((n, n)), np.ones((n, n))
    for _ in range(steps):
        un, vn = u.copy(), v.copy()
        b = source(rho, dt, dx, dy, un, vn)
        pressure(p, dx, dy, b, rounds, periodic=True)
        right, left = np.roll(p, -1, axis=1), np.roll(p, 1, axis=1)
        below, above = np.roll(p, -1, axis=0), np.roll(p, 1, axis=0)
        for w, wn, slope, push in ((u, un, (right - left) / dx, force), (v, vn, (below - above) / dy, 0.0)):
            r, l = np.roll(wn, -1, axis=1), np.roll(wn, 1, axis=1)
            d, a = np.roll(wn, -1, axis=0), np.roll(wn, 1, axis=0)
            w[:] = (wn - un * dt / dx * (wn - l) - vn * dt / dy * (wn - a) - dt / (2 * rho) * slope
                    + nu * (dt / dx ** 2 * (r - 2 * wn + l) + dt / dy ** 2 * (d - 2 * wn + a)) + push * dt)
            w[0, :], w[-1, :] = 0, 0
    yield dict(u=u, v=v, p=p)


@kernel(dict(n=13, m=10), dict(n=1000, m=800))
def deriche(n, m):
    img, alpha = uniform(n, m), 0.25
    yield dict(img=img)
    k = (1 - np.exp(-alpha)) ** 2 / (1 + alpha * np.exp(-alpha) - np.exp(2 * alpha))
    a1, a2 = k, k * np.exp(-alpha) * (alpha - 1)
    a3, a4 = k * np.exp(-alpha) * (alpha + 1), -k * np.exp(-2 * alpha)
    b1, b2 = 2 ** -alpha, -np.exp(-2 * alpha)

    def smooth(x):  # along the last axis, forwards and backwards
        y1, y2 = np.empty_like(x), np.empty_like(x)
        y1[:, 0], y1[:, 1] = a1 * x[:, 0], a1 * x[:, 1] + a2 * x[:, 0] + b1 * a1 * x[:, 0]
        for j in range(2, x.shape[1]):
            y1[:, j] = a1 * x[:, j] + a2 * x[:, j - 1] + b1 * y1[:, j - 1] + b2 * y1[:, j - 2]
        y2[:, -1], y2[:, -2] = 0, a3 * x[:, -1]
        for j in range(x.shape[1] - 3, -1, -1):
            y2[:, j] = a3 * x[:, j + 1] + a4 * x[:, j + 2] + b1 * y2[:, j + 1] + b2 * y2[:, j + 2]
        return y1 + y2
    yield dict(out=smooth(smooth(img).T).T)


@kernel(dict(n=12, m=9, steps=5), dict(n=1000, m=1200, steps=40))
def fdtd_2d(n, m, steps):
    ex, ey, hz = uniform(n, m), uniform(n, m)[::-1].copy(), uniform(n, m)[:, ::-1].copy()
    yield dict(ex0=ex.copy(), ey0=ey.copy(), hz0=hz.copy(), steps=steps)
    for t in range(steps):
        ey[0, :] = t
        ey[1:, :] -= 0.5 * (hz[1:, :] - hz[:-1, :])
        ex[:, 1:] -= 0.5 * (hz[:, 1:] - hz[:, :-1])
        hz[:-1, :-1] -= 0.7 * (ex[:-1, 1:] - ex[:-1, :-1] + ey[1:, :-1] - ey[:-1, :-1])
    yield dict(ex=ex, ey=ey, hz=hz)


@kernel(dict(i=14, j=12, k=3), dict(i=256, j=256, k=100))
def hdiff(i, j, k):
    field, coeff = uniform(i + 4, j + 4, k), uniform(i, j, k)
    yield dict(field=field, coeff=coeff)
    lap = 4 * field[1:-1, 1:-1] - (field[2:, 1:-1] + field[:-2, 1:-1] + field[1:-1, 2:] + field[1:-1, :-2])
    res = lap[1:, 1:j + 1] - lap[:-1, 1:j + 1]
    flx = np.where(res * (field[2:i + 3, 2:j + 2] - field[1:i + 2, 2:j + 2]) > 0, 0, res)
    res = lap[1:i + 1, 1:] - lap[1:i + 1, :-1]
    fly = np.where(res * (field[2:i + 2, 2:j + 3] - field[2:i + 2, 1:j + 2]) > 0, 0, res)
    yield dict(out=field[2:i + 2, 2:j + 2] - coeff * (flx[1:] - flx[:-1] + fly[:, 1:] - fly[:, :-1]))


@kernel(dict(n=9, steps=3), dict(n=100, steps=30))
def heat_3d(n, steps):
    a = uniform(n, n, n)
    yield dict(a=a, steps=steps)
    b, c = a.copy(), np.s_[1:-1, 1:-1, 1:-1]
    for _ in range(steps):
        for x, y in ((a, b), (b, a)):
            y[c] = (0.125 * (x[2:, 1:-1, 1:-1] - 2.0 * x[c] + x[:-2, 1:-1, 1:-1])
                    + 0.125 * (x[1:-1, 2:, 1:-1] - 2.0 * x[c] + x[1:-1, :-2, 1:-1])
                    + 0.125 * (x[1:-1, 1:-1, 2:] - 2.0 * x[c] + x[1:-1, 1:-1, :-2]) + x[c])
    yield dict(u=a)


@kernel(dict(n=30, steps=6), dict(n=1000000, steps=30))
def jacobi_1d(n, steps):
    a, b = uniform(n), uniform(n)[::-1].copy()
    yield dict(a=a, b=b, steps=steps)
    for _ in range(steps):
        b[1:-1] = 0.33333 * (a[:-2] + a[1:-1] + a[2:])
        a[1:-1] = 0.33333 * (b[:-2] + b[1:-1] + b[2:])
    yield dict(u=a)


@kernel(dict(n=13, steps=5), dict(n=1000, steps=50))
def jacobi_2d(n, steps):
    a, b = uniform(n, n), uniform(n, n)[::-1].copy()
    yield dict(a=a, b=b, steps=steps)
    for _ in range(steps):
        for x, y in ((a, b), (b, a)):
            y[1:-1, 1:-1] = 0.2 * (x[1:-1, 1:-1] + x[1:-1, :-2] + x[1:-1, 2:] + x[2:, 1:-1] + x[:-2, 1:-1])
    yield dict(u=a)


@kernel(dict(n=11, steps=3), dict(n=120, steps=5))
def seidel_2d(n, steps):
    a = uniform(n, n)
    yield dict(a=a, steps=steps)
    for _ in range(steps):
        for i in range(1, n - 1):
            a[i, 1:-1] += a[i - 1, :-2] + a[i - 1, 1:-1] + a[i - 1, 2:] + a[i, 2:] + a[i + 1, :-2] + a[i + 1, 1:-1] + a[i + 1, 2:]
            for j in range(1, n - 1):
                a[i, j] += a[i, j - 1]
                a[i, j] /= 9.0
    yield dict(u=a)


@kernel(dict(i=9, j=8, k=7), dict(i=128, j=128, k=80))
def vadv(i, j, k):
    stage, pos, tens, tens_stage = (uniform(i, j, k + d) for d in (0, 0, 1, 2))
    wcon = uniform(i + 1, j, k)
    tens, tens_stage = tens[:, :, :k].copy(), tens_stage[:, :, :k].copy()
    yield dict(stage=stage, pos=pos, tens=tens, tens0=tens_stage.copy(), wcon=wcon)
    dtr, beta_v = 3.0 / 20.0, 0.0
    bet_m, bet_p = 0.5 * (1.0 - beta_v), 0.5 * (1.0 + beta_v)
    c, d = np.empty((i, j, k)), np.empty((i, j, k))
    for q in range(k):
        acol = correction = 0.0
        if q > 0:
            gav = -0.25 * (wcon[1:, :, q] + wcon[:-1, :, q])
            acol, a_s = gav * bet_p, gav * bet_m
            correction = -a_s * (stage[:, :, q - 1] - stage[:, :, q])
        if q < k - 1:
            gcv = 0.25 * (wcon[1:, :, q + 1] + wcon[:-1, :, q + 1])
            c[:, :, q], c_s = gcv * bet_p, gcv * bet_m
            correction = correction - c_s * (stage[:, :, q + 1] - stage[:, :, q])
        else:
            c[:, :, q] = 0.0
        bcol = dtr - acol - c[:, :, q]
        d[:, :, q] = dtr * pos[:, :, q] + tens[:, :, q] + tens_stage[:, :, q] + correction
        divided = 1.0 / (bcol - c[:, :, q - 1] * acol) if q > 0 else 1.0 / bcol
        c[:, :, q] *= divided
        d[:, :, q] = (d[:, :, q] - (d[:, :, q - 1] * acol if q > 0 else 0.0)) * divided
    data = d[:, :, k - 1]
    tens_stage[:, :, k - 1] = dtr * (data - pos[:, :, k - 1])
    for q in range(k - 2, -1, -1):
        data = d[:, :, q] - c[:, :, q] * data
        tens_stage[:, :, q] = dtr * (data - pos[:, :, q])
    yield dict(out=tens_stage)
