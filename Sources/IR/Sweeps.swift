import Language

/// Several sweeps of a stencil over a divided array in one visit to memory (local stage).
///
///     %last, %before, %p = sweeps(1 1) 16 %count, %rows, %u, %a, %b with (%from: …, %to: …) {
///         %q: part(+) f64 = loop (%i in %begin..%end …) divided 0 of %n … { … read %from … write %to … }
///         yield %q
///     }
///
/// The first sweep goes from %u to %a, the second from %a to %b, then from %b to %a, and so on; there are %count of them, at most
/// 16. A row of a sweep needs (1 1), one row before and one behind it of the sweep before. So sweep s does %rows rows, then sweep s + 1
/// the %rows before those, and what is in flight stays in the cache. Around this rank's block %u has the rows that an exchange of
/// %count times as many has brought; of those each sweep does fewer than the one before, for nothing but the next.
///
/// Where a sweep also reads the array before the one before, there is one more of each: sweeps(1 1) 16 before %count, %rows, %u, %u0, %a,
/// %b, %c with (%from: …, %before: …, %to: …). %b may be the memory of %u, or of %u0 and %c that of %u.
///
/// The loop is over all rows, checks nothing, and reduces to numbers, each in the order of a loop alone. Results are the buffer
/// that the last sweep went to and the others, backwards; sweeps that there have been are in them. Then the last sweep's parts, or with
/// `each` those of every sweep, 16 times as many; of sweeps that there are not they are empty.
public struct Sweeps: Hashable, Sendable {
    /// The rows around a row that a sweep reads.
    public var halo: Halo
    public var most: Int
    /// Whether it reads the array before the one before.
    public var readsBefore: Bool
    public var reducesEach: Bool

    public init(halo: Halo, most: Int, readsBefore: Bool, reducesEach: Bool) {
        self.halo = halo
        self.most = most
        self.readsBefore = readsBefore
        self.reducesEach = reducesEach
    }

    /// How many arrays a sweep reads.
    public var sources: Int { readsBefore ? 2 : 1 }
}

extension Node {
    /// The loop of which `sweeps` are.
    public var sweptLoop: Node? {
        guard bodies == .swept, let body = regions.first, body.nodes.count == 2, case .loop = body.nodes[0].operation
        else { return nil }
        return body.nodes[0]
    }
}
