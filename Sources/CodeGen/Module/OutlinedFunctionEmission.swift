import IR
import LLVMSupport

/// Outlined functions: what they need comes as arguments, what later code needs of them goes back in a struct.
extension Emitter {
    /// Calls an outlined function, after another emitter (or this one) has written it.
    func emit(_ outlined: OutlinedFunction) throws {
        let arguments = try outlined.inputs.map(operand)
        let line = outlined.nodes.first { $0.span.file === source.file.file }?.span.line ?? 0
        let name = units.name(line: line)
        let writer = try units.emitter(for: outlined.nodes.reduce(0) { $0 + $1.size })
        let outputs = try writer.define(outlined, name, line: line, arguments, isInternal: writer === self)
        let type = try functionType(of: outlined)
        let result = builder.call(
            LLVMFunction(llvm.function(name, type, ["nounwind"]), type), arguments.map(\.value))
        for (index, (value, output)) in zip(outlined.outputs, outputs).enumerated() {
            define(value, output.with(builder.field(of: result, index)))
        }
    }

    /// Writes the function; `arguments` are what the caller passes. Gives what it returns.
    private func define(
        _ outlined: OutlinedFunction, _ name: String, line: Int, _ arguments: [Operand], isInternal: Bool
    ) throws -> [Operand] {
        let function = llvm.definition(name, try functionType(of: outlined), isInternal ? .internal : .hidden)
        llvm.isNeverInlined(function)
        describeArrays(of: outlined, function)
        // This emitter may be in the middle of a function around the call.
        let outer = outlined.inputs.map { environment[$0.id] }
        defer { for (value, operand) in zip(outlined.inputs, outer) { environment[value.id] = operand } }
        for (index, (value, argument)) in zip(outlined.inputs, arguments).enumerated() {
            define(value, argument.with(function.parameter(index)))
        }
        var results: [Operand] = []
        try writing(function, as: name, line: line) {
            for node in outlined.nodes { try emit(node) }
            results = try outlined.outputs.map(operand)
            builder.returnStructure(results.map(\.value))
        }
        return results
    }

    private func functionType(of outlined: OutlinedFunction) throws -> LLVMType {
        let outputs = try outlined.outputs.map(registerType)
        return .function(outputs.isEmpty ? llvm.void : llvm.structure(outputs), try outlined.inputs.map(registerType))
    }

    private func registerType(_ value: Value) throws -> LLVMType {
        let type = source.type(value)
        guard type.isScalar, !type.placement.isPart, let element = type.element else { return llvm.pointer }
        return try self.type(element)
    }

    /// What LLVM would know of arrays if it saw where they come from.
    private func describeArrays(of outlined: OutlinedFunction, _ function: LLVMValue) {
        var written: Set<Value> = []
        for node in outlined.nodes {
            Region(nodes: [node]).forEachNode { written.formUnion($0.written) }
        }
        for (index, value) in outlined.inputs.enumerated() {
            let type = source.type(value)
            guard !type.isScalar, !type.placement.isPart else { continue }
            if !units.hasForeignArrays { llvm.isAligned(function, parameter: index, Self.arrayAlignment) }
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
