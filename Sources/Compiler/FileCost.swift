import IR
import Language

/// What loading and saving files sends. `kind`: nil where only a run knows it.
extension Cost {
    init(loading array: IRType, from kind: FileKind?, _ sizes: Sizes) {
        let bytes = sizes.bytes(of: array)
        let isWhole = !array.placement.isDivided
        var told = Formula.number(Message.bytesOfAnOpening)
        if isWhole { told = told + bytes }
        let bcasts = Message(
            kind: .bcast, count: .exactly(.number(isWhole ? 2 : 1)), bytes: .exactly(told))
        let isTable = kind == .csv
        let agreements = isTable ? Message.allreduce(12, times: 2) : .allreduce(4)
        let own: String =
            switch kind {
            case .csv: "every rank reads its own rows: \(bytes / .ranks) bytes in memory"
            case .npz:
                "every rank reads its own block: \(bytes / .ranks) bytes; a compressed array it unpacks whole, keeping its own"
            default: "every rank reads its own block of the file: \(bytes / .ranks) bytes"
            }
        self.init(
            "load", isWhole ? 3 : 2, [bcasts] + (isTable ? [.allgather(16)] : []) + [agreements],
            (isTable
                ? [
                    "rank 0 reads the first line and tells the others",
                    "every rank counts the lines of its share of the file and tells the others",
                ] : ["rank 0 reads the header and tells the others"]) + [
                    isWhole ? "rank 0 reads the whole file and tells the others: \(bytes) bytes" : own,
                    isTable ? "the ranks agree on the first mistake" : "the ranks agree whether all could read",
                ])
    }

    init(saving value: IRType, in kind: FileKind?, _ sizes: Sizes) {
        let isDivided = value.placement.isDivided
        let isPicture = kind?.isPicture ?? false
        let all = isPicture ? sizes.elements(of: value) : sizes.bytes(of: value)
        let unit = isPicture ? "bytes, twice as many if a level is above 255" : "bytes"
        var messages: [Message] = []
        var remarks = ["rank 0 makes the new file and tells the others its name"]
        if isPicture {
            remarks.append("the ranks agree on the brightest level")
        }
        var written =
            isDivided
            ? "every rank writes its own block of the file: \(all / .ranks) \(unit)"
            : "rank 0 writes the file: \(all) \(unit)"
        var told = Message.bytesOfASaving
        if kind == .png {
            told = 4
            if isDivided {
                written =
                    "rank 0 collects bands of rows, 4 MB at a time, and writes the file: a rank sends \(all / .ranks) \(unit)"
                messages.append(
                    Message(kind: .gather, count: .exactly(.symbol("(bands)")), bytes: .exactly(.symbol("(levels)"))))
            }
        } else if kind == .csv, isDivided {
            messages.append(.allgather(8))
            written = "every rank tells the others how long the text of its rows is, and writes it to its place"
        }
        messages += [
            Message(kind: .bcast, bytes: .exactly(.number(told))),
            isPicture ? .allreduce(24, times: 3) : .allreduce(8, times: 2),
        ]
        self.init(
            "save", kind == .png && isDivided ? 3 : 2, messages,
            remarks + [
                written, "the ranks agree whether all could write, and whether the new file took the old one's place",
            ])
    }

    /// What is read and written row by row where columns are divided.
    mutating func addExchange(of array: IRType, _ order: StorageOrder, _ kind: FileKind?, _ sizes: Sizes) {
        guard array.placement.isDivided, order.first == 1, kind == .csv || kind == .png else { return }
        costClass = 3
        messages.append(.sends(sizes.bytes(of: array)))
        remarks.append("the file has rows, and columns are divided: every element is sent once")
    }
}
