import IR
import Language

/// What one operation of the distributed IR sends.
struct Cost {
    /// The language's word for it: `allreduce`.
    var operatorName: String
    var call: String
    /// 0 sends nothing, 1 goes to neighbours, 2 costs log P, 3 moves volume.
    var costClass: Int
    /// What a rank sends, or receives where it only receives.
    var bytes: Formula
    /// How many messages a rank sends one after the other.
    var messages: Formula
    var remarks: [String] = []

    /// A record of a part on its way has room for this many nodes of the tree at first, each with 16 bytes that say where it stands
    /// (see allreduce.c).
    static let nodesOfARecord = 8
    static let bytesOfANode = 16
    /// Larger values are cut into slices, one for each rank (see reduce_scatter.c).
    private static let largestRecordValue = 2048

    /// nil: the operation sends nothing.
    init?(of node: Node, in module: Module, _ sizes: Sizes) {
        let value = node.operands.first.map { module.type($0) }
        switch node.operation {
        case .collective(let collective):
            guard let value else { return nil }
            self.init(collective, node, value, module, sizes)
        case .array(let operation):
            self.init(operation, node, module, sizes)
        case .exchange(let halos): self.init(halos, node, module, sizes)
        case .clock:
            self.init(
                operatorName: "clock()", call: "MPI_Bcast", costClass: 2, bytes: .number(8),
                messages: .logarithmOfRanks,
                remarks: ["every rank takes rank 0's clock, so that all of them have one value"])
        case .loadFile(let order):
            guard let array = node.results.first.map({ module.type($0) }) else { return nil }
            let kind = sizes.text(of: node.path).flatMap(FileKind.init(path:))
            self.init(loading: array, from: kind, sizes)
            addExchange(of: array, order, kind, sizes)
        case .saveFile(let order):
            guard let value else { return nil }
            let kind = sizes.text(of: node.path).flatMap(FileKind.init(path:))
            self.init(saving: value, in: kind, sizes)
            addExchange(of: value, order, kind, sizes)
        case .show:
            self.init(
                operatorName: "show", call: "MPI_Gatherv", costClass: 3, bytes: .symbol("(text of the line)"),
                messages: .number(1), remarks: ["rank 0 collects and prints a line of every rank"])
        default:
            return nil
        }
    }

    init(
        operatorName: String, call: String, costClass: Int, bytes: Formula, messages: Formula, remarks: [String] = []
    ) {
        (self.operatorName, self.call, self.costClass) = (operatorName, call, costClass)
        (self.bytes, self.messages, self.remarks) = (bytes, messages, remarks)
    }

    /// A rank sends as many rows as it receives, to the rank before it and to the one after it.
    private init(_ halos: [Halo], _ node: Node, _ module: Module, _ sizes: Sizes) {
        var bytes = Formula.number(0)
        for (halo, array) in zip(halos, node.arrays) {
            let type = module.type(array)
            guard case .array(let element, let dimensions, let placement) = type else { continue }
            let row = IRType.array(element, dimensions: Array(dimensions.dropFirst()), placement)
            bytes = bytes + .number(halo.low + halo.high) * sizes.bytes(of: row)
        }
        let sides = [halos.contains { $0.low > 0 }, halos.contains { $0.high > 0 }].count { $0 }
        let widths = halos.map { halo in
            "\(halo.low) before and \(halo.high) after a rank's own\(halo.wraps ? ", around the ends" : "")"
        }
        self.init(
            operatorName: "halo exchange", call: "MPI_Isend, MPI_Irecv", costClass: 1, bytes: bytes,
            messages: .number(sides), remarks: ["rows: \(widths.joined(separator: "; "))"])
        if halos.count > 1 {
            remarks.append("the rows of \(halos.count) arrays travel in one message to each neighbour")
        }
    }

    private init?(_ collective: Collective, _ node: Node, _ value: IRType, _ module: Module, _ sizes: Sizes) {
        // A slice of what every rank holds already.
        if collective == .scatter && value.placement != .root { return nil }
        (operatorName, call, costClass) = (collective.rawValue, collective.mpiCall, collective.costClass)
        let whole = sizes.bytes(of: value)
        switch collective {
        case .scatter: (bytes, messages) = (whole / .ranks, .number(1))
        case .gather: (bytes, messages) = (whole / .ranks, .number(1))
        case .allgather: (bytes, messages) = (whole / .ranks * (.ranks - .number(1)), .ranks - .number(1))
        case .bcast: (bytes, messages) = (whole, .logarithmOfRanks)
        case .reduceScatter:
            (bytes, messages) = (whole / .ranks * (.ranks - .number(1)), .ranks - .number(1))
        case .reduce, .allreduce:
            (bytes, messages) = Self.combination(node.values.map { module.type($0) }, sizes)
        }
    }

    private static func combination(_ parts: [IRType], _ sizes: Sizes) -> (Formula, Formula) {
        var bytes = Formula.number(8)
        for part in parts {
            let value = sizes.bytes(of: part)
            if let constant = value.value([:]), constant <= Double(largestRecordValue) {
                bytes = bytes + .number(8) + .number(nodesOfARecord) * (.number(bytesOfANode) + value)
            } else {
                bytes = bytes + .number(2) * value
            }
        }
        return (bytes, .logarithmOfRanks)
    }
}

/// Extents in the user's words: what an i64 value of a module is, as a formula.
struct Sizes {
    private let module: Module
    private var definitions: [Value: Node] = [:]
    /// The names of what a loaded file binds, by the line of the `load`.
    private let names: [Int: [String]]

    init(_ module: Module, names: [Int: [String]]) {
        self.module = module
        self.names = names
        var definitions: [Value: Node] = [:]
        module.body.forEachNode { node in for result in node.results { definitions[result] = node } }
        self.definitions = definitions
    }

    func bytes(of type: IRType) -> Formula {
        type.dimensions.reduce(.number(type.element?.byteSize ?? 0)) { $0 * formula(of: $1) }
    }

    func elements(of type: IRType) -> Formula { type.dimensions.reduce(.number(1)) { $0 * formula(of: $1) } }

    /// A text that stands in the program.
    func text(of value: Value) -> String? {
        if case .text(let text)? = definitions[value]?.operation { text } else { nil }
    }

    func formula(of value: Value, depth: Int = 0) -> Formula {
        guard let node = definitions[value], depth < 8 else { return .symbol("(a size)") }
        func operand(_ index: Int) -> Formula { formula(of: node.operands[index], depth: depth + 1) }
        switch node.operation {
        case .constant(.integer(let number, _)): return .number(Int(number))
        case .parameter(let index): return .symbol(module.parameters[index].name)
        case .conditional:
            // A parameter with a default: the value given, else the default.
            guard let given = node.operands.first.flatMap({ definitions[$0] }),
                case .parameterGiven(let index) = given.operation
            else { break }
            return .symbol(module.parameters[index].name)
        case .scalar(.add): return operand(0) + operand(1)
        case .scalar(.subtract): return operand(0) - operand(1)
        case .scalar(.multiply): return operand(0) * operand(1)
        case .loadFile, .argument:
            let axis = (node.results.firstIndex(of: value) ?? 1) - 1
            if let bound = names[node.span.line], bound.indices.contains(axis) { return .symbol(bound[axis]) }
        case .ranks: return .ranks
        default: break
        }
        return .symbol("(a size of line \(node.span.line))")
    }
}
