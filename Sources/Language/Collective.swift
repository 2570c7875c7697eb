/// The operators that change a placement: the only way to communicate.
public enum Collective: String, CaseIterable, Hashable, Sendable {
    case scatter, gather, allgather, bcast, reduce, allreduce
    case reduceScatter = "reduce_scatter"

    /// The MPI call that it becomes.
    public var mpiCall: String {
        switch self {
        case .scatter: "MPI_Scatterv"
        case .gather: "MPI_Gatherv"
        case .allgather: "MPI_Allgatherv"
        case .bcast: "MPI_Bcast"
        case .reduce: "MPI_Reduce"
        case .allreduce: "MPI_Allreduce"
        case .reduceScatter: "MPI_Reduce_scatter"
        }
    }

    /// 0 sends nothing, 1 goes to neighbours, 2 costs log P, 3 moves volume.
    public var costClass: Int {
        switch self {
        case .bcast, .reduce, .allreduce: 2
        case .scatter, .gather, .allgather, .reduceScatter: 3
        }
    }
}
