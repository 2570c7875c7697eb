/// An operation on whole arrays that the runtime carries out, moving elements between ranks where they must go:
/// one row here, one rule in the checker, one function in the interpreter and one in C (`pdl_array_<kind>`).
///
/// Everything that lies between treats them alike: operands are arrays or numbers, results are new arrays, whose extents may be known
/// only when it has run.
public struct ArrayOperation: Hashable, Sendable {
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// (a) -> a with its axes in the order of the attributes: result axis k is operand axis attributes[k].
        case transpose
        /// (a: n × k, b: k × m) -> n × m. An element is the chain fma(a[i, k-1], b[k-1, j], … fma(a[i, 0], b[0, j], 0)) of floats.
        case matmul
        /// (a, then for each axis: lower, upper, step) -> the elements of a scattered array at lower, lower + step, … before
        /// upper. attributes[axis] is 1 where the axis stays, 0 where it was one index and goes; in the IR one more says where the
        /// first axis is written. A negative step counts down.
        /// The result stays divided along the operand's axis; where that goes, it is divided along its first. It may be whole on every rank.
        case slice
        /// (index array, extent) -> what every rank needs of whom to read those rows of a scattered array of that extent: an opaque
        /// `local i64[1]`, of which only `gather` knows the true length. Never fails.
        case gatherPlan
        /// (scattered array, index array, its plan) -> the rows at the indices, placed like the index array.
        case gather
        /// (a…) -> like a…, an array for each number that the operator combines: attributes[0] is its position in
        /// `ReductionOperator.builtin`, those of the program following, attributes[1] the axis; element i combines elements 0 to i
        /// (exscan: those before i, starting with the identity) in the order of docs/architecture.md, "Bits".
        case scan, exscan
        /// (a) -> its lines along axis attributes[0] in rising order, those that compare equal in their old order, NaN last. An array of
        /// several axes is not divided along that one.
        case sort
        /// (a) -> i64: the old index, along the axis, of each element of `sort`.
        case argsort
        /// (a of rank 1) -> its different values in rising order; of equal ones the first stays.
        case unique
        /// (a, bools over its first axis) -> the rows of a where the bool is true.
        case compress
        /// (a of rank 1, k) -> the k last of `sort` in falling order, of equal ones the lower index first; i64: their indices.
        case topK = "top_k"
        /// (a, extents…) -> the elements in row-major order under these extents. Of a scattered array, divided along its first axis.
        case reshape
        /// (a, …) -> one after the other along axis attributes[0]; attributes[1] counts them.
        case concat
        /// (x, index) -> result[index[i]] = x[i] along the first axis.
        case permute
        /// (base, index, rows) -> base, with result[index[i]] = rows[i] along the first axis. attributes[0] is 1 where the rows are all alike,
        /// so that an index may stand twice.
        case put
        /// (real parts, imaginary parts) -> complex numbers, each in one piece: for files and people.
        case interleave
        /// The opposite.
        case separate
        /// (real parts, imaginary parts) -> (real parts, imaginary parts) of the discrete Fourier transforms of the lines along axis
        /// attributes[0], which is whole on every rank; their inverse.
        case fft, ifft
        /// (a) -> (real parts, imaginary parts): the first n / 2 + 1 elements of such transforms of real lines of n elements.
        case rfft
        /// (real parts, imaginary parts, n) -> the real lines of n elements of which those are the transforms.
        case irfft

        /// Whether it transforms lines that no rank shares with another.
        public var isTransform: Bool { [.fft, .ifft, .rfft, .irfft].contains(self) }

        /// Whether it compares elements.
        public var needsOrder: Bool { [.sort, .argsort, .unique, .topK].contains(self) }
    }

    public var kind: Kind
    /// What the kind's comment says: axes, positions of reduction operators in `ReductionOperator.builtin`, and the like.
    public var attributes: [Int]

    public init(_ kind: Kind, _ attributes: [Int] = []) {
        self.kind = kind
        self.attributes = attributes
    }

    /// Whether it can fail at run time.
    public var canFail: Bool {
        switch kind {
        case .transpose, .matmul, .interleave, .separate, .fft, .ifft, .rfft: false
        case .irfft: true
        case .gatherPlan: false
        case .slice, .gather: true
        case .topK: true
        case .scan, .exscan, .sort, .argsort, .unique, .compress: false
        case .reshape, .concat, .permute, .put: true
        }
    }

    /// Whether no rank needs elements of another, however operands are divided.
    public var staysOnRanks: Bool { [.interleave, .separate].contains(kind) || kind.isTransform }

    /// Whether it only finds out who needs what of whom, and never fails: worth doing once ahead of a loop, even of one that may not run.
    public var isInspector: Bool { kind == .gatherPlan }

    /// The cost class of its messages when an operand is scattered: 2 costs log P, 3 moves volume.
    public var costClass: Int {
        switch kind {
        case .transpose, .matmul, .interleave, .separate, .fft, .ifft, .rfft, .irfft: 3
        case .slice, .gatherPlan, .gather: 3
        case .scan, .exscan: 2
        case .sort, .argsort, .unique, .compress, .topK: 3
        case .reshape, .concat, .permute, .put: 3
        }
    }

    /// The MPI call that moves its elements when an operand is scattered.
    public var mpiCall: String {
        switch kind {
        case .transpose, .interleave, .separate, .fft, .ifft, .rfft, .irfft: "MPI_Alltoallv"
        case .matmul: "MPI_Allgatherv"
        case .slice, .gatherPlan, .gather: "MPI_Isend"
        case .scan, .exscan: "MPI_Allgather"
        case .topK: "MPI_Allgatherv"
        case .sort, .argsort, .unique, .compress: "MPI_Isend"
        case .reshape, .concat, .permute, .put: "MPI_Isend"
        }
    }
}
