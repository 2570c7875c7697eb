/// SplitMix64: the same numbers on every machine, so that a seed names a program.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    /// The states of neighbouring seeds lie far apart: their numbers are not the same ones, shifted.
    init(seed: UInt64) { state = Self.mixed(seed ^ 0x1234_5678) }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return Self.mixed(state)
    }

    private static func mixed(_ state: UInt64) -> UInt64 {
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

    mutating func pick<Element>(_ choices: [Element]) -> Element { choices[below(choices.count)] }

    /// True once in `n` times.
    mutating func once(in n: Int) -> Bool { below(n) == 0 }
}
