import IR
import Language

/// What loading and saving files sends. `kind`: nil where only a run knows it, so that what some kinds send is a bound.
extension Cost {
    init(loading array: IRType, from kind: FileKind?, _ sizes: Sizes) {
        let bytes = sizes.bytes(of: array)
        let isWhole = !array.placement.isDivided
        var told = Formula.number(Message.bytesOfAnOpening)
        if isWhole { told = told + bytes }
        var messages = [Message(kind: .bcast, count: .exactly(.number(isWhole ? 2 : 1)), bytes: .exactly(told))]
        var remarks = ["rank 0 reads the header and tells the others"]
        var own = "every rank reads its own block of the file: \(bytes / .ranks) bytes"
        switch kind {
        case .csv:
            messages += [.allgather(16), .allreduce(12, times: 2)]
            remarks = [
                "rank 0 reads the first line and tells the others",
                "every rank counts the lines of its share of the file and tells the others",
            ]
            own = "every rank reads its own rows: \(bytes / .ranks) bytes in memory"
        case nil: messages += [Message.allgather(16).asBound, Message.allreduce(12, times: 2).asBound]
        default: messages.append(.allreduce(4))
        }
        if kind == .npz { own += "; a compressed array it unpacks whole, keeping its own" }
        remarks += [
            isWhole ? "rank 0 reads the whole file and tells the others: \(bytes) bytes" : own,
            kind == .csv ? "the ranks agree on the first mistake" : "the ranks agree whether all could read",
        ]
        self.init("load", isWhole ? 3 : 2, messages, remarks)
    }

    init(saving value: IRType, in kind: FileKind?, _ sizes: Sizes) {
        let isDivided = value.placement.isDivided
        let isPicture = kind?.isPicture ?? false
        let isBands = kind == .png && isDivided
        let all = isPicture ? sizes.elements(of: value) : sizes.bytes(of: value)
        let unit = isPicture ? "bytes, twice as many if a level is above 255" : "bytes"
        let told = kind == .png ? Message.bytesOfAFault : Message.bytesOfASaving
        var messages = [Message(kind: .bcast, bytes: .exactly(.number(told)))]
        var remarks = ["rank 0 makes the new file and tells the others its name"]
        var written =
            isDivided
            ? "every rank writes its own block of the file: \(all / .ranks) \(unit)"
            : "rank 0 writes the file: \(all) \(unit)"
        switch kind {
        case .csv:
            messages += [.allgather(8), .allreduce(12, times: 3)]
            if isDivided {
                written = "every rank tells the others how long the text of its rows is, and writes it to its place"
            }
        case nil: messages += [Message.allgather(8).asBound, Message.allreduce(24, times: 3).asBound]
        case .pgm, .png: messages.append(.allreduce(24, times: 3))
        default: messages.append(.allreduce(8, times: 2))
        }
        if isPicture { remarks.append("the ranks agree on the brightest level") }
        if isBands {
            messages.append(
                Message(kind: .gather, count: .exactly(.symbol("(bands)")), bytes: .exactly(.symbol("(levels)"))))
            written = "rank 0 collects bands of rows, 4 MB at a time, and writes the file: \(all) \(unit)"
        }
        remarks += [
            written, "the ranks agree whether all could write, and whether the new file took the old one's place",
        ]
        self.init("save", isBands ? 3 : 2, messages, remarks)
    }

    /// What is read and written row by row where columns are divided.
    mutating func addExchange(of array: IRType, _ order: StorageOrder, _ kind: FileKind?, _ sizes: Sizes) {
        guard array.placement.isDivided, order.first == 1, kind == .csv || kind == .png else { return }
        costClass = 3
        messages.append(.sends(sizes.bytes(of: array)))
        remarks.append("the file has rows, and columns are divided: every element is sent once")
    }
}
