import IR
import Language

/// Extents in the user's words: what an i64 value of a module is, as a formula.
struct Sizes {
    private let module: Module
    private var definitions: [Value: Node] = [:]
    /// The names of what a loaded file binds, by the line of the `load`.
    private let names: [Int: [String]]
    /// Parameters of the program and P, where they are known.
    private let known: [String: Int]

    init(_ module: Module, names: [Int: [String]], known: [String: Int] = [:]) {
        self.module = module
        self.names = names
        self.known = known
        var definitions: [Value: Node] = [:]
        module.body.forEachNode { node in for result in node.results { definitions[result] = node } }
        self.definitions = definitions
    }

    var ranks: Int? { known["P"] }

    func number(_ formula: Formula) -> Int? { formula.number(known) }

    func bytes(of type: IRType) -> Formula {
        type.dimensions.reduce(.number(type.element?.byteSize ?? 0)) { $0 * formula(of: $1) }
    }

    func elements(of type: IRType) -> Formula { type.dimensions.reduce(.number(1)) { $0 * formula(of: $1) } }

    /// A text that stands in the program.
    func text(of value: Value) -> String? {
        if case .text(let text)? = definitions[value]?.operation { text } else { nil }
    }

    /// Which yield of which loop a part comes from: its numbers have that in common.
    func yield(of part: Value) -> [Int]? {
        guard let node = definitions[part], case .loop(let loop) = node.operation,
            let result = node.results.firstIndex(of: part), let yield = loop.yieldIndex(ofResult: result)
        else { return nil }
        return [node.results[0].id, yield]
    }

    func formula(of value: Value, depth: Int = 0) -> Formula {
        guard let node = definitions[value], depth < 8 else { return .symbol("(a size)") }
        func operand(_ index: Int) -> Formula { formula(of: node.operands[index], depth: depth + 1) }
        if case .constant(.integer(let number, _)) = node.operation { return .number(Int(number)) }
        if case .parameter(let index) = node.operation { return .symbol(module.parameters[index].name) }
        if node.operation == .scalar(.add) { return operand(0) + operand(1) }
        if node.operation == .scalar(.subtract) { return operand(0) - operand(1) }
        if node.operation == .scalar(.multiply) { return operand(0) * operand(1) }
        if node.operation == .ranks { return .ranks }
        // A parameter with a default: the value given, else the default.
        if node.bodies == .ways, case .parameterGiven(let index) = definitions[node.condition]?.operation {
            return .symbol(module.parameters[index].name)
        }
        if let bound = names[node.span.line], node.bindsExtents {
            let axis = (node.results.firstIndex(of: value) ?? 1) - 1
            if bound.indices.contains(axis) { return .symbol(bound[axis]) }
        }
        if case .array(let array) = node.operation, array.kind == .reshape {
            // Its sizes are its later operands; one that is negative follows from the others.
            let wanted = operand(node.results.firstIndex(of: value) ?? 0)
            if (number(wanted) ?? 0) >= 0 { return wanted }
        }
        return .symbol("(a size of line \(node.span.line))")
    }
}

extension Node {
    /// Whether its results are an array from outside and the extents that this has.
    fileprivate var bindsExtents: Bool {
        if case .loadFile = operation { return true }
        if case .argument = operation { return true }
        return false
    }
}
