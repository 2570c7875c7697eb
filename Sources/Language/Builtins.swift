/// The table of builtins. To add one, add a row.
public enum Builtins {
    public static let all: [Builtin] =
        elementwise + reductions + byKey + collectives + makers + views + arrayOperations + products
        + order + rearrangements + prelude
        + complexNumbers + transforms
        + RandomNumbers.builtins

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    public static func named(_ name: String) -> Builtin? { byName[name] }

    static let elementwise: [Builtin] =
        [
            Builtin("abs", "abs(x)", "Absolute value.", .elementwise(.abs, accepts: .reals)),
            Builtin("sign", "sign(x)", "-1, 0 or 1, of x's type.", .elementwise(.sign, accepts: .reals)),
            Builtin(
                "floor", "floor(x)", "Largest integer not above x, as a float.", .elementwise(.floor, accepts: .floats)),
            Builtin(
                "ceil", "ceil(x)", "Smallest integer not below x, as a float.", .elementwise(.ceil, accepts: .floats)),
            Builtin(
                "round", "round(x)", "Nearest integer, ties to even, as a float.",
                .elementwise(.round, accepts: .floats)),
            Builtin("trunc", "trunc(x)", "Integer part, as a float.", .elementwise(.trunc, accepts: .floats)),
            Builtin("sqrt", "sqrt(x)", "Square root, exactly rounded.", .elementwise(.sqrt, accepts: .floats)),
            Builtin("cbrt", "cbrt(x)", "Cube root.", .elementwise(.cbrt, accepts: .floats)),
            Builtin("exp", "exp(x)", "e to the power x.", .elementwise(.exp, accepts: .floats)),
            Builtin("exp2", "exp2(x)", "2 to the power x.", .elementwise(.exp2, accepts: .floats)),
            Builtin("expm1", "expm1(x)", "exp(x) - 1 without cancellation.", .elementwise(.expm1, accepts: .floats)),
            Builtin("log", "log(x)", "Natural logarithm.", .elementwise(.log, accepts: .floats)),
            Builtin("log2", "log2(x)", "Logarithm to base 2.", .elementwise(.log2, accepts: .floats)),
            Builtin("log10", "log10(x)", "Logarithm to base 10.", .elementwise(.log10, accepts: .floats)),
            Builtin("log1p", "log1p(x)", "log(1 + x) without cancellation.", .elementwise(.log1p, accepts: .floats)),
            Builtin("sin", "sin(x)", "Sine of x radians.", .elementwise(.sin, accepts: .floats)),
            Builtin("cos", "cos(x)", "Cosine of x radians.", .elementwise(.cos, accepts: .floats)),
            Builtin("tan", "tan(x)", "Tangent of x radians.", .elementwise(.tan, accepts: .floats)),
            Builtin("asin", "asin(x)", "Arc sine, in radians.", .elementwise(.asin, accepts: .floats)),
            Builtin("acos", "acos(x)", "Arc cosine, in radians.", .elementwise(.acos, accepts: .floats)),
            Builtin("atan", "atan(x)", "Arc tangent, in radians.", .elementwise(.atan, accepts: .floats)),
            Builtin(
                "atan2", "atan2(y, x)", "Angle of the point (x, y), in radians.", .elementwise(.atan2, accepts: .floats)
            ),
            Builtin("sinh", "sinh(x)", "Hyperbolic sine.", .elementwise(.sinh, accepts: .floats)),
            Builtin("cosh", "cosh(x)", "Hyperbolic cosine.", .elementwise(.cosh, accepts: .floats)),
            Builtin("tanh", "tanh(x)", "Hyperbolic tangent.", .elementwise(.tanh, accepts: .floats)),
            Builtin("asinh", "asinh(x)", "Inverse hyperbolic sine.", .elementwise(.asinh, accepts: .floats)),
            Builtin("acosh", "acosh(x)", "Inverse hyperbolic cosine.", .elementwise(.acosh, accepts: .floats)),
            Builtin("atanh", "atanh(x)", "Inverse hyperbolic tangent.", .elementwise(.atanh, accepts: .floats)),
            Builtin("erf", "erf(x)", "Error function.", .elementwise(.erf, accepts: .floats)),
            Builtin("erfc", "erfc(x)", "1 - erf(x) without cancellation.", .elementwise(.erfc, accepts: .floats)),
            Builtin(
                "gamma", "gamma(x)", "Gamma function: (x - 1)! of integers.", .elementwise(.gamma, accepts: .floats)),
            Builtin(
                "lgamma", "lgamma(x)", "Logarithm of the absolute value of gamma(x).",
                .elementwise(.lgamma, accepts: .floats)),
            Builtin("hypot", "hypot(x, y)", "sqrt(x² + y²) without overflow.", .elementwise(.hypot, accepts: .floats)),
            Builtin("isnan", "isnan(x)", "Whether x is not a number.", .elementwise(.isnan, accepts: .floats)),
            Builtin("isinf", "isinf(x)", "Whether x is infinite.", .elementwise(.isinf, accepts: .floats)),
            Builtin(
                "isfinite", "isfinite(x)", "Whether x is a finite number.", .elementwise(.isfinite, accepts: .floats)),
            Builtin("fma", "fma(a, b, c)", "a·b + c, rounded once.", .elementwise(.fma, accepts: .floats)),
            Builtin(
                "where", "where(c, a, b)", "a where c is true, b elsewhere; both are evaluated.",
                .elementwise(.select, accepts: .any)),
        ]
        + [ElementType.bool, .i32, .i64, .u32, .u64, .f32, .f64].map { type in
            Builtin(
                type.rawValue, "\(type.rawValue)(x)",
                "Convert to \(type.rawValue); a float is cut towards zero, an integer wraps.", .conversion(.to(type)))
        }
        + [ElementType.c64, .c128].map { type in
            Builtin(
                type.rawValue, "\(type.rawValue)(x), \(type.rawValue)(re, im)",
                "Convert to \(type.rawValue), or make one of two parts.", .conversion(.to(type)))
        }
        + [
            Builtin(
                "float", "float(x)", "Convert to floating point: f32 stays f32, all else becomes f64.",
                .conversion(.toFloat)),
            Builtin(
                "complex", "complex(x), complex(re, im)",
                "A complex number: c64 of f32, c128 of all else; c64 and c128 stay as they are.",
                .conversion(.toComplex)),
            Builtin("cast_like", "cast_like(x, a)", "x, converted to the type of a's elements.", .conversion(.like)),
        ]

    // `min` and `max` of two or more arguments are elementwise; of one, reductions. The checker reads `minmax` so.
    static let reductions: [Builtin] = [
        Builtin("sum", "sum(a), sum(a, axis: k), sum(E for i in R if C)", "Sum.", .reduction(.init(.sum))),
        Builtin("prod", "prod(a), prod(E for i in R)", "Product.", .reduction(.init(.product))),
        Builtin("min", "min(a), min(x, y)", "Least element, or the lesser of numbers.", .reduction(.init(.min))),
        Builtin("max", "max(a), max(x, y)", "Greatest element, or the greater of numbers.", .reduction(.init(.max))),
        Builtin("any", "any(a)", "Whether one element is true.", .reduction(.init(.or))),
        Builtin("all", "all(a)", "Whether every element is true.", .reduction(.init(.and))),
        Builtin(
            "count", "count(a), count(C for i in R)", "How many elements are true.", .reduction(.init(.sum, .count))),
        Builtin(
            "argmin", "argmin(a)", "Index of the least element, the lowest on a tie.",
            .reduction(.init(.minloc, .index))),
        Builtin(
            "argmax", "argmax(a)", "Index of the greatest element, the lowest on a tie.",
            .reduction(.init(.maxloc, .index))),
        Builtin("minloc", "minloc(a)", "The pair (least element, its index).", .reduction(.init(.minloc, .pair))),
        Builtin("maxloc", "maxloc(a)", "The pair (greatest element, its index).", .reduction(.init(.maxloc, .pair))),
    ]

    static let byKey: [Builtin] = [
        Builtin(
            "sum_by", "sum_by(key, a, k)", "Sums of the elements or rows of a that share a key in 0..k.",
            .keyedReduction(.init(.sum))),
        Builtin(
            "min_by", "min_by(key, a, k)", "Least of the elements or rows that share a key.",
            .keyedReduction(.init(.min))),
        Builtin(
            "max_by", "max_by(key, a, k)", "Greatest of the elements or rows that share a key.",
            .keyedReduction(.init(.max))),
        Builtin(
            "count_by", "count_by(key, k)", "How often each key in 0..k occurs.", .keyedReduction(.init(.sum, .count))),
        Builtin(
            "bin", "bin(x, low, high, k)", "Which of k equal bins of low..high x lies in; outside: the first or last.",
            .prelude(
                """
                fn bin(x, low: f64, high: f64, k: i64) =
                    min(max(i64(floor((f64(x) - low) * (f64(k) / (high - low)))), 0), k - 1)
                """)),
    ]

    static let collectives: [Builtin] = [
        Builtin(
            "scatter", "scatter(x), scatter(x, axis: k)",
            "Divide an array over the ranks in blocks along its first axis, or another.",
            .collective(.scatter)),
        Builtin("gather", "gather(x)", "Collect a scattered array on rank 0.", .collective(.gather)),
        Builtin("allgather", "allgather(x)", "Collect a scattered array on every rank.", .collective(.allgather)),
        Builtin("bcast", "bcast(x)", "Send rank 0's value to every rank.", .collective(.bcast)),
        Builtin(
            "reduce", "reduce(p), reduce(f, init, a), reduce(f, init, E for i in R if C)",
            "Combine every rank's part on rank 0; or combine elements by an associative f whose identity is init.",
            .collective(.reduce)),
        Builtin(
            "allreduce", "allreduce(p, ...)", "Combine every rank's part on every rank; several travel in one message.",
            .collective(.allreduce)),
        Builtin(
            "reduce_scatter", "reduce_scatter(p)", "Combine parts and divide the result over the ranks.",
            .collective(.reduceScatter)),
        Builtin(
            "redistribute", "redistribute(a, axis: k)", "Divide a scattered array along another axis.", .redistribution),
    ]

    static let makers: [Builtin] = [
        Builtin(
            "arange", "arange(n), arange(a, b), arange(a, b, step)", "The integers a, a+step, ... below b.",
            .generator(.arange)),
        Builtin("zeros", "zeros(n, m, ...)", "An array of 0.0.", .generator(.zeros)),
        Builtin("ones", "ones(n, m, ...)", "An array of 1.0.", .generator(.ones)),
        Builtin("full", "full(x, n, m, ...)", "An array whose elements are all x.", .generator(.full)),
        Builtin("zeros_like", "zeros_like(a)", "Zeros of a's type, shape and placement.", .generator(.zerosLike)),
        Builtin("ones_like", "ones_like(a)", "Ones of a's type, shape and placement.", .generator(.onesLike)),
        Builtin("full_like", "full_like(a, x)", "Copies of x in a's type, shape and placement.", .generator(.fullLike)),
        Builtin("linspace", "linspace(a, b, n)", "n numbers from a to b, both included.", .generator(.linspace)),
        Builtin("eye", "eye(n)", "The n by n identity matrix.", .generator(.eye)),
        Builtin(
            "size", "size(a), size(a, axis: k)", "How many elements a has, or its extent along one axis.", .query(.size)
        ),
        Builtin("rank", "rank()", "This rank's number: local i64.", .query(.rank)),
        Builtin("ranks", "ranks()", "How many ranks run the program.", .query(.ranks)),
        Builtin("clock", "clock()", "Seconds since some fixed moment, the same on every rank.", .query(.clock)),
        Builtin(
            "load", "load(path), load(path, dataset: name)",
            "Read an array from a .npy, .npz, .csv or .h5 file or a .pgm picture; every rank reads its own part.",
            .file(.load)),
        Builtin(
            "save",
            "save(x, path), save(x, path, dataset: name), save(x, path, colors: map), "
                + "save(x, path, header: names)",
            "Write a .npy, .csv or .h5 file or a .png or .pgm picture; every rank writes its own part.",
            .file(.save)),
    ]

    static let views: [Builtin] = [
        Builtin(
            "periodic", "periodic(a)[i - 1], periodic(a, axis: k)",
            "a as if its ends met: every index is taken modulo the extent.",
            .view(.periodic)),
        Builtin(
            "clamped", "clamped(a)[i - 1], clamped(a, axis: k)",
            "a continued by its outermost elements: every index is moved to the nearest.",
            .view(.clamped)),
        Builtin(
            "padded", "padded(a, x)[i - 1], padded(a, x, axis: k)", "a with x all around it: x at every index outside.",
            .view(.padded)),
    ]

    static let prelude: [Builtin] = [
        Builtin(
            "mean", "mean(a), mean(a, axis: k)", "Arithmetic mean.",
            .prelude(
                "fn mean(a) = cast_like(sum(f64(a)) / f64(size(a)), float(a))",
                along: "fn mean(a) = cast_like(sum(f64(a), axis: AXIS) / f64(size(a, axis: AXIS)), float(a))")),
        Builtin("dot", "dot(x, y)", "Sum of products.", .prelude("fn dot(x, y) = sum(x * y)")),
        Builtin(
            "norm", "norm(x), norm(x, axis: k)", "Euclidean length.",
            .prelude(
                "fn norm(x) = sqrt(sum(float(x) * float(x)))",
                along: "fn norm(x) = sqrt(sum(float(x) * float(x), axis: AXIS))")),
        Builtin(
            "clamp", "clamp(x, low, high)", "x, held between low and high.",
            .prelude("fn clamp(x, low, high) = min(max(x, low), high)")),
    ]

    /// Of complex numbers: `ComplexFunctions`.
    static let complexNumbers: [Builtin] = [
        Builtin("real", "real(z)", "The real part.", .prelude("fn real(x) = x")),
        Builtin("imag", "imag(z)", "The imaginary part.", .prelude("fn imag(x) = zeros_like(x)")),
        Builtin("conj", "conj(z)", "The conjugate.", .prelude("fn conj(x) = x")),
        Builtin(
            "arg", "arg(z)", "The angle, in radians from -π to π.", .prelude("fn arg(x) = atan2(zeros_like(x), x)")),
        Builtin(
            "vdot", "vdot(x, y)", "Sum of products with the conjugate of x.",
            .prelude("fn vdot(x, y) = sum(conj(x) * y)")),
    ]

    static let arrayOperations: [Builtin] = [
        Builtin(
            "transpose", "transpose(a)",
            "The axes in reverse order; the divided axis goes with them, so nothing is sent.",
            .arrayOperation(.transpose))
    ]

    static let products: [Builtin] = [
        Builtin(
            "outer", "outer(x, y)", "The matrix of the products x[i]·y[j].",
            .prelude("fn outer(x, y) = [x[i] * y[j] for i in 0..size(x), j in 0..size(y)]"))
    ]

    static let order: [Builtin] = [
        Builtin(
            "scan", "scan(op, a), scan(op, a, axis: k), scan(f, init, a)",
            "Element i combines elements 0 to i; op is one of + * min max and or & | ^ minloc maxloc.",
            .arrayOperation(.scan)),
        Builtin(
            "exscan", "exscan(op, a), exscan(op, a, axis: k), exscan(f, init, a)",
            "Element i combines the elements before i; element 0 is the operator's identity.", .arrayOperation(.exscan)),
        Builtin(
            "sort", "sort(a), sort(a, axis: k)",
            "The elements, or those of each line along an axis, in rising order, NaN last.",
            .arrayOperation(.sort)),
        Builtin(
            "argsort", "argsort(a), argsort(a, axis: k)", "The indices that sort a; equal elements keep their order.",
            .arrayOperation(.argsort)),
        Builtin("unique", "unique(a)", "The different values in rising order.", .arrayOperation(.unique)),
        Builtin(
            "compress", "compress(a, mask)", "The elements, or rows, of a where mask is true.",
            .arrayOperation(.compress)),
        Builtin("filter", "filter(a, mask)", "The same as `compress`.", .arrayOperation(.compress)),
        Builtin(
            "top_k", "top_k(a, k)", "The k greatest elements in falling order and their indices, on every rank.",
            .arrayOperation(.topK)),
    ]

    static let rearrangements: [Builtin] = [
        Builtin(
            "reversed", "reversed(a), reversed(a, axis: k)", "The elements (rows) in the opposite order.",
            .arrayOperation(.slice)),
        Builtin(
            "reshape", "reshape(a, n, m, ...)", "The elements in row-major order as an array of other extents.",
            .arrayOperation(.reshape)),
        Builtin(
            "concat", "concat(a, b, ...), concat(a, b, axis: k)", "One array after the other along an axis.",
            .arrayOperation(.concat)),
        Builtin(
            "permute", "permute(x, idx)", "The array whose element (row) idx[i] is x[i]; idx is a permutation.",
            .arrayOperation(.permute)),
    ]

    static let transforms: [Builtin] = [
        Builtin(
            "fft", "fft(z), fft(z, axis: k)",
            "Discrete Fourier transforms of the lines along the last axis, or another.", .transform(.fft, axes: 1)),
        Builtin("ifft", "ifft(z), ifft(z, axis: k)", "The inverse of `fft`.", .transform(.ifft, axes: 1)),
        Builtin(
            "rfft", "rfft(x), rfft(x, axis: k)", "The first half, n // 2 + 1 elements, of `fft` of real lines.",
            .transform(.rfft, axes: 1)),
        Builtin(
            "irfft", "irfft(z), irfft(z, n), irfft(z, n, axis: k)",
            "The inverse of `rfft`, of lines of n elements; without n of an even number.", .transform(.irfft, axes: 1)),
        Builtin("fft2", "fft2(z)", "`fft` along the last two axes.", .transform(.fft, axes: 2)),
        Builtin("ifft2", "ifft2(z)", "The inverse of `fft2`.", .transform(.ifft, axes: 2)),
        Builtin("fftn", "fftn(z)", "`fft` along all axes.", .transform(.fft, axes: nil)),
        Builtin("ifftn", "ifftn(z)", "The inverse of `fftn`.", .transform(.ifft, axes: nil)),
        Builtin(
            "fftfreq", "fftfreq(n)", "The frequencies of the elements of `fft`, in cycles per element.",
            .prelude(
                "fn fftfreq(n: i64) = [f64(if i <= (n - 1) // 2 { i } else { i - n }) / f64(n) for i in 0..n]")),
    ]

}
