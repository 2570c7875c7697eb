import IR
import LLVMSupport

/// Sections become functions: what they need comes as arguments, what later code needs of them goes back in a struct.
extension Emitter {
    /// Calls a section's function, after another emitter (or this one) has written it.
    func emit(_ section: Section) throws {
        let arguments = try section.inputs.map(operand)
        let line = section.nodes.first { $0.span.file === source.file.file }?.span.line ?? 0
        let name = units.name(line: line)
        let writer = try units.emitter(for: section.nodes.reduce(0) { $0 + $1.size })
        let outputs = try writer.define(section, name, line: line, arguments, isInternal: writer === self)
        let type = try functionType(of: section)
        let result = builder.call(
            LLVMFunction(llvm.function(name, type, ["nounwind"]), type), arguments.map(\.value))
        for (index, (value, output)) in zip(section.outputs, outputs).enumerated() {
            define(value, output.with(builder.field(of: result, index)))
        }
    }

    /// Writes the function; `arguments` are what the caller passes. Gives what it returns.
    private func define(
        _ section: Section, _ name: String, line: Int, _ arguments: [Operand], isInternal: Bool
    ) throws -> [Operand] {
        let function = llvm.definition(name, try functionType(of: section), isInternal ? .internal : .hidden)
        llvm.isNeverInlined(function)
        describeArrays(of: section, function)
        // This emitter may be in the middle of a function around the call.
        let outer = section.inputs.map { environment[$0.id] }
        defer { for (value, operand) in zip(section.inputs, outer) { environment[value.id] = operand } }
        for (index, (value, argument)) in zip(section.inputs, arguments).enumerated() {
            define(value, argument.with(function.parameter(index)))
        }
        var results: [Operand] = []
        try writing(function, as: name, line: line) {
            for node in section.nodes { try emit(node) }
            results = try section.outputs.map(operand)
            builder.returnStructure(results.map(\.value))
        }
        return results
    }

    private func functionType(of section: Section) throws -> LLVMType {
        let outputs = try section.outputs.map(registerType)
        return .function(outputs.isEmpty ? llvm.void : llvm.structure(outputs), try section.inputs.map(registerType))
    }

    private func registerType(_ value: Value) throws -> LLVMType {
        let type = source.type(value)
        guard type.isScalar, !type.placement.isPart, let element = type.element else { return llvm.pointer }
        return try self.type(element)
    }

    /// What LLVM would know of arrays if it saw where they come from.
    private func describeArrays(of section: Section, _ function: LLVMValue) {
        var written: Set<Value> = []
        for node in section.nodes {
            Region(nodes: [node]).forEachNode { node in
                switch node.operation {
                case .write, .accumulate: written.insert(node.operands[0])
                default: break
                }
            }
        }
        for (index, value) in section.inputs.enumerated() {
            let type = source.type(value)
            guard !type.isScalar, !type.placement.isPart else { continue }
            llvm.isAligned(function, parameter: index, Self.arrayAlignment)
            if written.contains(value), units.unshared.contains(value) { llvm.isAlone(function, parameter: index) }
        }
    }
}

extension Operand {
    /// The same kind of thing, known by another value.
    fileprivate func with(_ value: LLVMValue) -> Operand {
        guard case .part(var part) = self else { return .uniform(value) }
        part.address = value
        return .part(part)
    }
}
