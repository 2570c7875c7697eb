import IR
import Language

/// What loading and saving files sends. `kind`: nil where only a run knows it.
extension Cost {
    init(loading array: IRType, from kind: FileKind?, _ sizes: Sizes) {
        let isDivided = array.placement.isDivided
        let own = isDivided ? sizes.bytes(of: array) / .ranks : sizes.bytes(of: array)
        self.init(
            operatorName: "load", call: "MPI_Bcast", costClass: 2, bytes: .symbol("(the header)"),
            messages: .logarithmOfRanks, remarks: ["rank 0 reads the header and tells the others"])
        switch kind {
        case .csv:
            call = "MPI_Bcast, MPI_Allgather"
            bytes = .symbol("(the first line)") + .number(16)
            remarks = [
                "rank 0 reads the first line and tells the others",
                "every rank counts the lines of its share of the file and tells the others",
                isDivided
                    ? "every rank reads its own rows: \(own) bytes in memory"
                    : "rank 0 reads the rows and sends them to all: \(own) bytes",
                "the ranks agree on the first mistake",
            ]
        case .npz:
            remarks.append(
                isDivided
                    ? "every rank reads its own block: \(own) bytes; a compressed array it unpacks whole, keeping its own"
                    : "rank 0 reads the array and sends it to all: \(own) bytes")
        default:
            remarks.append(
                isDivided
                    ? "every rank reads its own block of the file: \(own) bytes"
                    : "every rank reads the whole file: \(own) bytes")
        }
    }

    init(saving value: IRType, in kind: FileKind?, _ sizes: Sizes) {
        let isDivided = value.placement.isDivided
        let isPicture = kind?.isPicture ?? false
        let all = isPicture ? sizes.elements(of: value) : sizes.bytes(of: value)
        let unit = isPicture ? "bytes, twice as many if a level is above 255" : "bytes"
        self.init(
            operatorName: "save", call: "MPI_Allreduce", costClass: 2, bytes: .number(isPicture ? 20 : 4),
            messages: isPicture ? .number(2) * .logarithmOfRanks : .logarithmOfRanks,
            remarks: isPicture ? ["the ranks agree on the brightest level"] : [])
        switch kind {
        case .png where isDivided:
            call = "MPI_Allreduce, MPI_Gatherv"
            bytes = bytes + all / .ranks
            costClass = 3
            remarks.append(
                "rank 0 collects bands of rows, 4 MB at a time, and writes the file: "
                    + "a rank sends \(all / .ranks) \(unit)")
        case .csv where isDivided:
            call = "MPI_Allgather, MPI_Allreduce"
            bytes = bytes + .number(8)
            remarks.append("every rank tells the others how long the text of its rows is, and writes it to its place")
        default:
            remarks.append(
                isDivided
                    ? "every rank writes its own block of the file: \(all / .ranks) \(unit)"
                    : "rank 0 writes the file: \(all) \(unit)")
        }
        remarks.append("the ranks agree whether all could write")
    }

    /// What is read and written row by row where columns are divided.
    mutating func addExchange(of array: IRType, _ order: StorageOrder, _ kind: FileKind?, _ sizes: Sizes) {
        guard array.placement.isDivided, order.first == 1, kind == .csv || kind == .png else { return }
        call += ", MPI_Alltoallv"
        costClass = 3
        bytes = bytes + sizes.bytes(of: array) / .ranks
        remarks.append("the file has rows, and columns are divided: every element is sent once")
    }
}
