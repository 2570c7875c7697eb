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
        case .array(let array) where array.kind == .reshape:
            // Its sizes are its later operands; one that is negative follows from the others.
            let wanted = operand(node.results.firstIndex(of: value) ?? 0)
            if (number(wanted) ?? 0) >= 0 { return wanted }
        default: break
        }
        return .symbol("(a size of line \(node.span.line))")
    }
}
