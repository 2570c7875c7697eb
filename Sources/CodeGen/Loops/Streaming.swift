import IR
import LLVMSupport
import Language

/// Stores past the caches. What a loop writes of an array that is larger than they are is gone from them before it is read again; a plain
/// store would first fetch the line that it overwrites.
///
///     a[i .. i + 8] = v   →   if address & zeros == 0 { stream v } else { store v }
///
/// `zeros` is the alignment that the processor wants if the array is large, else all ones, which no address meets.
extension Emitter {
    /// Bytes of an array from which on it pays off.
    private static let largeArray = 32 << 20

    /// Known of x86 alone, which needs a fence after them.
    private var hasStreams: Bool { target.triple.hasPrefix("x86_64") }

    /// Whether a loop's stores go past the caches; nil: none does.
    func isStreaming(_ axes: [LoopNest.Axis], _ body: Region) throws -> LLVMValue? {
        guard hasStreams else { return nil }
        var written: [Value] = []
        var read: Set<Value> = []
        for node in body.nodes {
            if node.operation == .write { written.append(node.array) }
            if node.operation == .read { read.insert(node.array) }
        }
        // What is read in the same turn is in the caches.
        let others = written.filter { !read.contains($0) && !read.contains(sameMemory[$0] ?? $0) }
        let sizes = try others.map { try element($0).byteSize }
        guard let size = sizes.max() else { return nil }
        var bytes = i64(size)
        for axis in axes {
            let length = builder.binary(.sub, axis.upper, axis.lower)
            let positive = try builder.intrinsic("llvm.smax", [bytes.type], [length, i64(0)])
            bytes = builder.binary(.mul, bytes, positive)
        }
        return builder.compare(.sge, bytes, i64(Self.largeArray))
    }

    /// After such a loop: other processors see what went past the caches before anything that is stored from here on.
    func endStreaming(_ isStreaming: LLVMValue) throws {
        guard hasStreams else { return }
        try when(isStreaming) { try builder.intrinsic("llvm.x86.sse.sfence", [], []) }
    }

    /// Stores a vector, past the caches where it is aligned to its size.
    func stream(_ value: LLVMValue, _ address: LLVMValue, _ element: ElementType, where isStreaming: LLVMValue) {
        stream([value], [address], element, where: isStreaming)
    }

    /// Stores the pieces of eight numbers that stand behind each other.
    func stream(_ pieces: [LLVMValue], _ addresses: [LLVMValue], _ element: ElementType, where isStreaming: LLVMValue) {
        let alignment = Lanes.count / pieces.count * element.byteSize
        let zeros = builder.select(isStreaming, i64(alignment - 1), i64(-1))
        let number = builder.cast(.pointerToInteger, addresses[0], to: llvm.integer(64))
        when(builder.compare(.eq, builder.binary(.and, number, zeros), i64(0))) {
            for (piece, address) in zip(pieces, addresses) { builder.stream(piece, address, alignment: alignment) }
        } otherwise: {
            for (piece, address) in zip(pieces, addresses) {
                builder.store(piece, address, alignment: element.byteSize)
            }
        }
    }
}
