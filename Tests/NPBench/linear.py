"""Kernels of linear algebra, as NPBench defines them."""
import numpy as np

from catalogue import kernel, uniform


@kernel(dict(n=13, m=9), dict(n=4000, m=3000))
def atax(n, m):
    A, x = uniform(n, m), uniform(m)
    yield dict(A=A, x=x)
    yield dict(y=(A @ x) @ A)


@kernel(dict(n=13, m=9), dict(n=4000, m=3000))
def bicg(n, m):
    A, p, r = uniform(n, m), uniform(m), uniform(n)
    yield dict(A=A, p=p, r=r)
    yield dict(s=r @ A, q=A @ p)


@kernel(dict(n=11), dict(n=400))
def cholesky(n):
    B = uniform(n, n)
    A = B @ B.T + n * np.eye(n)
    yield dict(A=A)
    A[0, 0] = np.sqrt(A[0, 0])
    for i in range(1, n):
        for j in range(i):
            A[i, j] -= np.dot(A[i, :j], A[j, :j])
            A[i, j] /= A[j, j]
        A[i, i] -= np.dot(A[i, :i], A[i, :i])
        A[i, i] = np.sqrt(A[i, i])
    yield dict(L=np.tril(A))


@kernel(dict(n=12), dict(n=500))
def cholesky2(n):
    B = uniform(n, n)
    A = B @ B.T + n * np.eye(n)
    yield dict(A=A)
    yield dict(L=np.linalg.cholesky(A) + np.triu(A, k=1))


@kernel(dict(n=14, m=6), dict(n=1400, m=1200))
def correlation(n, m):
    x = uniform(n, m)
    yield dict(x=x)
    mean = np.mean(x, axis=0)
    stddev = np.std(x, axis=0)
    stddev[stddev <= 0.1] = 1.0
    y = (x - mean) / (np.sqrt(n) * stddev)
    yield dict(corr=y.T @ y)


@kernel(dict(n=14, m=6), dict(n=1400, m=1200))
def covariance(n, m):
    x = uniform(n, m)
    yield dict(x=x)
    y = x - np.mean(x, axis=0)
    yield dict(cov=y.T @ y / (n - 1.0))


@kernel(dict(n=14, m=6), dict(n=1400, m=1200))
def covariance2(n, m):
    x = uniform(n, m)
    yield dict(x=x)
    yield dict(cov=np.cov(x.T))


@kernel(dict(r=5, q=7, p=6), dict(r=110, q=125, p=128))
def doitgen(r, q, p):
    A, C = uniform(r, q, p), uniform(p, p)
    yield dict(A=A, C=C)
    yield dict(B=(A.reshape(r, q, 1, p) @ C).reshape(r, q, p))


@kernel(dict(ni=9, nj=11, nk=7), dict(ni=900, nj=1000, nk=800))
def gemm(ni, nj, nk):
    A, B, C = uniform(ni, nk), uniform(nk, nj), uniform(ni, nj)
    yield dict(A=A, B=B, C=C)
    yield dict(D=1.5 * A @ B + 1.2 * C)


@kernel(dict(n=12), dict(n=3000))
def gemver(n):
    A = uniform(n, n)
    u1, v1, u2, v2, y, z = (uniform(n, 1 + k).sum(axis=1) for k in range(6))
    yield dict(A=A, u1=u1, v1=v1, u2=u2, v2=v2, y=y, z=z)
    A = A + np.outer(u1, v1) + np.outer(u2, v2)
    x = 1.2 * y @ A + z
    yield dict(x=x, w=1.5 * A @ x)


@kernel(dict(n=12), dict(n=3500))
def gesummv(n):
    A, B, x = uniform(n, n), uniform(n, n)[::-1].copy(), uniform(n)
    yield dict(A=A, B=B, x=x)
    yield dict(y=1.5 * A @ x + 1.2 * B @ x)


@kernel(dict(m=13, n=6), dict(m=600, n=300))
def gramschmidt(m, n):
    A = uniform(m, n)
    yield dict(A=A)
    Q, R = np.zeros_like(A), np.zeros((n, n))
    for k in range(n):
        R[k, k] = np.sqrt(np.dot(A[:, k], A[:, k]))
        Q[:, k] = A[:, k] / R[k, k]
        for j in range(k + 1, n):
            R[k, j] = np.dot(Q[:, k], A[:, j])
            A[:, j] -= Q[:, k] * R[k, j]
    yield dict(Q=Q, R=R)


@kernel(dict(ni=8, nj=9, nk=10, nl=7), dict(ni=700, nj=800, nk=900, nl=750))
def k2mm(ni, nj, nk, nl):
    A, B, C, D = uniform(ni, nk), uniform(nk, nj), uniform(nj, nl), uniform(ni, nl)
    yield dict(A=A, B=B, C=C, D=D)
    yield dict(E=1.5 * A @ B @ C + 1.2 * D)


@kernel(dict(ni=8, nj=9, nk=10, nl=7, nm=6), dict(ni=600, nj=700, nk=650, nl=550, nm=800))
def k3mm(ni, nj, nk, nl, nm):
    A, B, C, D = uniform(ni, nk), uniform(nk, nj), uniform(nj, nm), uniform(nm, nl)
    yield dict(A=A, B=B, C=C, D=D)
    yield dict(E=A @ B @ C @ D)


def lu_in_place(A):
    for i in range(len(A)):
        for j in range(i):
            A[i, j] -= A[i, :j] @ A[:j, j]
            A[i, j] /= A[j, j]
        for j in range(i, len(A)):
            A[i, j] -= A[i, :i] @ A[:i, j]


@kernel(dict(n=11), dict(n=350))
def lu(n):
    A = uniform(n, n) + n * np.eye(n)
    yield dict(A=A)
    lu_in_place(A)
    yield dict(LU=A)


@kernel(dict(n=11), dict(n=350))
def ludcmp(n):
    A, b = uniform(n, n) + n * np.eye(n), uniform(n)
    yield dict(A=A, b=b)
    lu_in_place(A)
    x, y = np.zeros(n), np.zeros(n)
    for i in range(n):
        y[i] = b[i] - A[i, :i] @ y[:i]
    for i in range(n - 1, -1, -1):
        x[i] = (y[i] - A[i, i + 1:] @ x[i + 1:]) / A[i, i]
    yield dict(x=x, y=y)


@kernel(dict(n=13), dict(n=4000))
def mvt(n):
    A = uniform(n, n)
    x1, x2, y1, y2 = (uniform(n, 1 + k).sum(axis=1) for k in range(4))
    yield dict(A=A, x1=x1, x2=x2, y1=y1, y2=y2)
    yield dict(z1=x1 + A @ y1, z2=x2 + y2 @ A)


@kernel(dict(m=9, n=11), dict(m=300, n=350))
def symm(m, n):
    A, B, C = uniform(m, m), uniform(m, n), uniform(m, n)[::-1].copy()
    yield dict(A=A, B=B, C=C)
    C *= 1.2
    for i in range(m):
        for j in range(n):
            C[:i, j] += 1.5 * B[i, j] * A[i, :i]
            C[i, j] += 1.5 * B[i, j] * A[i, i] + 1.5 * (B[:i, j] @ A[i, :i])
    yield dict(D=C)


@kernel(dict(n=11, m=8), dict(n=600, m=500))
def syrk(n, m):
    A, C = uniform(n, m), uniform(n, n)
    yield dict(A=A, C=C)
    for i in range(n):
        C[i, :i + 1] *= 1.2
        for k in range(m):
            C[i, :i + 1] += 1.5 * A[i, k] * A[:i + 1, k]
    yield dict(D=C)


@kernel(dict(n=11, m=8), dict(n=400, m=300))
def syr2k(n, m):
    A, B, C = uniform(n, m), uniform(n, m)[::-1].copy(), uniform(n, n)
    yield dict(A=A, B=B, C=C)
    for i in range(n):
        C[i, :i + 1] *= 1.2
        for k in range(m):
            C[i, :i + 1] += A[:i + 1, k] * 1.5 * B[i, k] + B[:i + 1, k] * 1.5 * A[i, k]
    yield dict(D=C)


@kernel(dict(n=12), dict(n=3000))
def trisolv(n):
    L, b = np.tril(uniform(n, n)) + n * np.eye(n), uniform(n)
    yield dict(L=L, b=b)
    x = np.zeros(n)
    for i in range(n):
        x[i] = (b[i] - L[i, :i] @ x[:i]) / L[i, i]
    yield dict(x=x)


@kernel(dict(m=9, n=11), dict(m=400, n=450))
def trmm(m, n):
    A, B = uniform(m, m), uniform(m, n)
    yield dict(A=A, B=B)
    for i in range(m):
        for j in range(n):
            B[i, j] += np.dot(A[i + 1:, i], B[i + 1:, j])
    yield dict(D=1.5 * B)


@kernel(dict(n=13), dict(n=2000))
def durbin(n):
    r = uniform(n)
    yield dict(r=r)
    y = np.empty_like(r)
    alpha, beta, y[0] = -r[0], 1.0, -r[0]
    for k in range(1, n):
        beta *= 1.0 - alpha * alpha
        alpha = -(r[k] + np.dot(np.flip(r[:k]), y[:k])) / beta
        y[:k] += alpha * np.flip(y[:k])
        y[k] = alpha
    yield dict(y=y)


@kernel(dict(n=20, width=5), dict(n=100000, width=20))
def spmv(n, width):
    rng = np.random.default_rng(3)
    lengths = rng.integers(0, width, n)
    row = np.concatenate([[0], np.cumsum(lengths)])
    col, val, x = rng.integers(0, n, row[-1]), rng.random(row[-1]), uniform(n)
    yield dict(row=row, col=col, val=val, x=x)
    y = np.empty(n)
    for i in range(n):
        y[i] = val[row[i]:row[i + 1]] @ x[col[row[i]:row[i + 1]]]
    yield dict(y=y)
