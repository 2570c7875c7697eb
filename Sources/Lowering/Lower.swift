import HashTreeCollections
import IR
import Language
import Source
import TypedTree

/// Translates a checked program to the IR's global stage: whole arrays, every call inlined, no ranks.
///
/// - Throws: a `Diagnostic` for the few things that the checker accepts and no program can be made of yet,
///   an `IRFault` when the typed program is inconsistent.
/// `namesVariables`: nodes say which values the program's variables have, for a debugger.
public func lower(_ program: TypedProgram, namesVariables: Bool = false) throws -> Module {
    let lowering = Lowering(program)
    lowering.namesVariables = namesVariables
    for definition in program.operators { try lowering.define(definition) }
    try lowering.parameters()
    try lowering.statements(program.body)
    return try lowering.builder.finish()
}

/// Translates a function of a library: what its arguments are, the call, and where its results go.
public func lower(_ function: LibraryFunction) throws -> Module {
    let lowering = Lowering(function.program)
    for definition in function.program.operators { try lowering.define(definition) }
    lowering.builder.span = function.span
    try lowering.parameters()
    for (index, argument) in function.arguments.enumerated() where !argument.extents.isEmpty {
        lowering.builder.span = function.span
        try lowering.arrive(argument.variable, argument.extents) { .argument(index, $0) }
    }
    let result = try lowering.expression(function.call)
    lowering.builder.span = function.span
    let values = try lowering.leaving(result)
    for (index, (value, leaf)) in zip(values, function.call.type.dataLeaves ?? []).enumerated() {
        try lowering.builder.append(.result(index, leaf.storageOrder), [value])
    }
    return try lowering.builder.finish()
}

/// The state of one translation. Methods stand in extensions, one file for each idea.
final class Lowering {
    let program: TypedProgram
    var builder: Builder
    var scope = Scope()
    /// What the values of integer constants are.
    private(set) var integers: [Value: Int] = [:]
    let isRepeatable: [Bool]
    var limits: InliningLimits
    fileprivate(set) var namesVariables = false
    /// Inside a loop over the points of an array.
    private(set) var isInElement = false

    /// What is known at a point of the program: a region's knowledge ends with it. To set a copy aside costs nothing.
    struct Scope {
        var variables: TreeDictionary<Variable, Lowered> = [:]
        /// The one i64 value that stands for a size here, so that arrays of provably equal shape have equal extents.
        var sizes: TreeDictionary<Size, Value> = [:]
        /// The shapes, and each of their extents, of which there is an array already: they need no test.
        var shapes: TreeSet<[Size]> = []
        var constants: TreeDictionary<Constant, Value> = [:]
        /// What functions gave for values that they were called with.
        var calls: TreeDictionary<CallKey, Lowered> = [:]
    }

    init(_ program: TypedProgram) {
        self.program = program
        isRepeatable = Lowering.repeatable(program.functions)
        limits = InliningLimits(sourceSize: ([program.file] + program.imports).map(\.text.count).reduce(0, +))
        let parameters = program.parameters.map { parameter in
            ModuleParameter(
                name: parameter.variable.name, element: parameter.variable.type.array?.element,
                defaultText: parameter.defaultValue?.span.text, documentation: parameter.documentation)
        }
        builder = Builder(stage: .global, parameters: parameters, file: program.file)
    }

    /// A parameter is what the command line says, else its default, which may read parameters before it.
    func parameters() throws {
        for (index, parameter) in program.parameters.enumerated() {
            builder.span = parameter.span
            let type = parameter.variable.type
            let given = { Lowered.value(try self.one(.parameter(index))) }
            guard let defaultValue = parameter.defaultValue else {
                scope.variables[parameter.variable] = try given()
                try name(parameter.variable, at: parameter.span)
                continue
            }
            let isGiven = try one(.parameterGiven(index))
            scope.variables[parameter.variable] = try choose(
                isGiven, type, given, { try self.expression(defaultValue) })
            try name(parameter.variable, at: parameter.span)
        }
    }

    // MARK: Building

    /// Appends a node with one result.
    func one(_ operation: Operation, _ operands: [Value] = [], types: [IRType]? = nil) throws -> Value {
        let results = try builder.append(operation, operands, types: types)
        guard let value = results.first, results.count == 1 else { throw fault("\(operation) has not one result") }
        return value
    }

    /// A body. What is learnt inside is forgotten outside.
    func region(_ arguments: [IRType] = [], _ body: ([Value]) throws -> [Value]) throws -> Region {
        let (outer, place) = (scope, builder.span)
        defer { (scope, builder.span) = (outer, place) }
        let values = builder.beginRegion(arguments)
        let yielded = try nested { try body(values) }
        return try builder.endRegion(yielding: yielded)
    }

    /// The code of the points of a space.
    func points(of space: IterationSpace, _ body: ([Value]) throws -> [Value]) throws -> Region {
        let outer = isInElement
        isInElement = true
        defer { isInElement = outer }
        return try region(builder.indexTypes(space), body)
    }

    func constant(_ constant: Constant) throws -> Value {
        if let value = scope.constants[constant] { return value }
        let value = try builder.constant(constant)
        scope.constants[constant] = value
        if case .integer(let number, .i64) = constant { integers[value] = Int(number) }
        return value
    }

    func i64(_ number: Int) throws -> Value { try constant(.i64(number)) }

    func type(of value: Value) -> IRType { builder.module.type(value) }

    func fault(_ message: String) -> IRFault { IRFault(message, at: builder.span) }
}
