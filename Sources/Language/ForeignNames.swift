/// What Python, NumPy, MPI, C and Fortran call things, and how PDL writes them: hints for those who come from there.
public enum ForeignNames {
    /// How PDL writes what the name, or a member's last part (`np.cumsum`, `x.T`), means elsewhere.
    public static func hint(for name: String) -> String? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard let last = parts.last else { return nil }
        if let hint = hints[last] { return hint.hasPrefix("`") ? "in PDL: \(hint)" : hint }
        guard parts.count > 1, Builtins.named(last) != nil else { return nil }
        return modules.contains(parts[0])
            ? "`\(last)` stands alone" : "functions are not members: `\(last)(\(parts[0]))`"
    }

    private static let modules: Set = ["np", "numpy", "math", "cmath", "scipy", "torch", "random"]

    private static let hints: [String: String] = {
        var table: [String: String] = [:]
        for (names, hint) in rows { for name in names.split(separator: " ") { table[String(name)] = hint } }
        return table
    }()

    private static let rows: [(names: String, hint: String)] = [
        ("len shape length ndim", "`size(a)` is the extent of an array, `size(a, axis: k)` that of an axis"),
        ("range xrange", "`0..n` is a range, `arange(n)` an array"),
        ("linspace", "`[low + (high - low) * f64(i) / f64(n - 1) for i in 0..n]`"),
        ("enumerate zip map", "a comprehension counts: `[a[i] * b[i] for i in 0..n]`"),
        ("cumsum", "`scan(+, a)`"),
        ("cumprod", "`scan(*, a)`"),
        ("bincount", "`count_by(key, k)`"),
        ("hist histogram", "`count_by(bin(x, low, high, k), k)`"),
        ("matmul dgemm mm", "`a @ b`"),
        ("T", "`transpose(a)`"),
        ("concatenate vstack hstack stack append", "`concat(a, b, axis: k)`"),
        ("empty", "`zeros(n)`"),
        ("roll", "`[periodic(a)[i - 1] for i in 0..n]`"),
        ("variance std median", "`import \"stats\"` has it"),
        ("stddev stdev", "`std(x)`, after `import \"stats\"`"),
        ("var", "`variance(x)`, after `import \"stats\"`"),
        ("percentile", "`quantile(x, 0.95)`, after `import \"stats\"`"),
        ("corrcoef", "`correlation(x, y)`, after `import \"stats\"`"),
        ("maximum fmax", "`max(a, b)`"),
        ("minimum fmin", "`min(a, b)`"),
        ("clip", "`clamp(x, low, high)`"),
        ("diff", "`[a[i + 1] - a[i] for i in 0..n - 1]`"),
        ("convolve", "`[sum(k[q] * padded(a, 0.0)[i - q] for q in 0..m) for i in 0..n]`"),
        ("flip flipud fliplr", "`reversed(a, axis: k)`"),
        ("astype", "a type's name converts: `f32(a)`, `i64(a)`"),
        ("loadtxt genfromtxt read_csv", "`let x: f64[/n, m] = load(\"x.csv\")` reads a table"),
        ("imsave savefig", "`save(gray(x, low, high), \"x.png\", colors: \"viridis\")`, after `import \"image\"`"),
        ("savetxt to_csv tofile", "`save(x, \"x.csv\")` writes a table"),
        ("fabs absolute", "`abs(x)`"),
        ("pow power", "`x ** y`"),
        ("fmod", "`x % y`"),
        ("arctan2", "`atan2(y, x)`"),
        ("angle phase carg", "`arg(z)`"),
        ("conjugate", "`conj(z)`"),
        ("complex128 complex64", "`c128`, `c64`"),
        ("arcsin arccos arctan", "`asin`, `acos`, `atan`"),
        ("rand randn uniform", "`random(seed, index)`, `random_normal(seed, index)`"),
        ("randint", "`random_int(seed, index, low, high)`"),
        ("printf println echo puts", "`print \"x = {x:.6}\"`"),
        ("copy deepcopy", "assignment copies: `let b = a`"),
        ("int integer long int64 int64_t", "`i64`"),
        ("int32 int32_t", "`i32`"),
        ("float double real float64", "`f64`"),
        ("float32", "`f32`"),
        ("logical boolean", "`bool`"),
        ("size_t uint64 uint64_t", "`u64`"),
        ("MPI_Allreduce Allreduce psum", "`allreduce(local sum(a))`, or simply `sum(a)`"),
        ("MPI_Reduce Reduce", "`reduce(local sum(a))`"),
        ("MPI_Bcast Bcast broadcast", "`bcast(x)`"),
        ("MPI_Scatter MPI_Scatterv Scatter Scatterv", "`scatter(a)`"),
        ("MPI_Gather MPI_Gatherv Gather Gatherv", "`gather(a)`"),
        ("MPI_Allgather MPI_Allgatherv Allgather Allgatherv", "`allgather(a)`"),
        ("MPI_Scan Scan", "`scan(+, a)`"),
        ("MPI_Exscan Exscan", "`exscan(+, a)`"),
        ("MPI_Alltoall MPI_Alltoallv Alltoall Alltoallv", "`redistribute(a, axis: 1)` and `x[idx]` send to all"),
        (
            "MPI_Send MPI_Recv MPI_Isend MPI_Irecv MPI_Sendrecv Send Recv Isend Irecv Sendrecv send recv sendrecv",
            "a read beside the own index, `u[i-1]`, is a halo exchange; `x[idx]` asks the ranks that hold the elements"
        ),
        ("MPI_Barrier Barrier barrier", "nothing waits for it: collectives order what ranks do"),
        ("MPI_Comm_rank Get_rank", "`rank()`"),
        ("MPI_Comm_size Get_size", "`ranks()`"),
        ("MPI_Wtime Wtime time perf_counter", "`clock()`"),
    ]
}
