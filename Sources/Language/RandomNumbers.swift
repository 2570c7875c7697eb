/// Random numbers as functions of (seed, index), written in PDL: Philox4x32-10.
///
/// J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw: Parallel Random Numbers: As Easy as 1, 2, 3. SC 2011. The key is the seed and
/// the counter the index, low half first; the upper half of the counter is 0. Rounds are written out, so that code for many
/// indices is straight and vectorises.
enum RandomNumbers {
    static let builtins: [Builtin] = [
        Builtin(
            "random_bits", "random_bits(seed, index)", "64 random bits, the first half of Philox4x32-10's block.",
            .prelude("fn random_bits(seed, index) {\n\(rounds)    return c0_10 | (c1_10 << 32)\n}", lifts: true)),
        Builtin(
            "random_bits_2", "random_bits_2(seed, index)", "The other 64 bits of the same block.",
            .prelude(
                "fn random_bits_2(seed, index) {\n\(rounds)    return c2_10 | (c3_10 << 32)\n}", lifts: true)),
        Builtin(
            "random", "random(seed, index)", "A uniform f64 in 0.0..1.0, a multiple of 2⁻⁵³.",
            .prelude(
                "fn random(seed, index) = f64(random_bits(seed, index) >> 11) * 1.1102230246251565e-16",
                lifts: true)),
        Builtin(
            "random_normal", "random_normal(seed, index)", "A normal f64 of mean 0 and variance 1 (Box and Muller).",
            .prelude(
                """
                fn random_normal(seed, index) {
                    let u = f64((random_bits(seed, index) >> 11) + 1) * 1.1102230246251565e-16
                    let v = f64(random_bits_2(seed, index) >> 11) * 1.1102230246251565e-16
                    return sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v)
                }
                """, lifts: true)),
        Builtin(
            "random_int", "random_int(seed, index, low, high)",
            "An i64 in low..high, each equally likely to 2⁻³² or better.",
            .prelude(
                """
                fn random_int(seed, index, low: i64, high: i64) =
                    low + i64(f64(random_bits(seed, index) >> 11) * 1.1102230246251565e-16 * f64(high - low))
                """, lifts: true)),
    ]

    /// Ten rounds on 32-bit words kept in u64: c0_r … c3_r is the counter after round r.
    private static let rounds: String = {
        var text = """
                let k0 = u64(seed) & 0xffffffff
                let k1 = u64(seed) >> 32
                let c0_0 = u64(index) & 0xffffffff
                let c1_0 = u64(index) >> 32
                let c2_0 = u64(0)
                let c3_0 = u64(0)

            """
        for round in 1...10 {
            let before = round - 1
            let weyl0 = UInt32(truncatingIfNeeded: UInt64(before) * 0x9E37_79B9)
            let weyl1 = UInt32(truncatingIfNeeded: UInt64(before) * 0xBB67_AE85)
            text += """
                    let p\(round) = 0xD2511F53 * c0_\(before)
                    let q\(round) = 0xCD9E8D57 * c2_\(before)
                    let c0_\(round) = (q\(round) >> 32) ^ c1_\(before) ^ ((k0 + \(weyl0)) & 0xffffffff)
                    let c1_\(round) = q\(round) & 0xffffffff
                    let c2_\(round) = (p\(round) >> 32) ^ c3_\(before) ^ ((k1 + \(weyl1)) & 0xffffffff)
                    let c3_\(round) = p\(round) & 0xffffffff

                """
        }
        return text
    }()
}
