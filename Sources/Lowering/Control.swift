import IR
import Language
import Source
import TypedTree

// Conditions and loops: variables that bodies assign are carried as values.

extension Lowering {
    /// A conditional whose two ways give values of one type.
    func choose(
        _ condition: Value, _ type: ValueType, _ then: () throws -> Lowered, _ otherwise: () throws -> Lowered
    ) throws -> Lowered {
        let leaves = type.leaves
        // Extents that no value stands for here yet come out of the ways as further results.
        var missing: [(leaf: Int, axis: Int, size: Size)] = []
        for (leaf, type) in leaves.enumerated() {
            for (axis, size) in (type?.shape ?? []).enumerated() where try value(of: size) == nil {
                missing.append((leaf, axis, size))
            }
        }
        func way(_ body: () throws -> Lowered) throws -> Region {
            try region { _ in
                guard let values = try body().values else { throw Diagnostic.partUnderCondition(at: self.builder.span) }
                guard values.count == leaves.count else { throw self.fault("a way does not give a \(type)") }
                return values
                    + missing.map { entry in
                        let order = leaves[entry.leaf]?.storageOrder ?? .plain
                        return self.extents(of: values[entry.leaf], order)[entry.axis]
                    }
            }
        }
        let regions = [try way(then), try way(otherwise)]
        let extents = missing.indices.map { index in
            let ways = regions.map { $0.yielded[leaves.count + index] }
            return builder.newValue(.scalar(.i64, TypeInference(builder.module).join(ways + [condition])))
        }
        for (entry, extent) in zip(missing, extents) where scope.sizes[entry.size] == nil {
            scope.sizes[entry.size] = extent
        }
        var results: [Value] = []
        for (leaf, type) in leaves.enumerated() {
            results.append(builder.newValue(try type.map { try irType($0) } ?? self.type(of: regions[0].yielded[leaf])))
        }
        try builder.append(
            Node(.conditional, [condition], regions: regions, results: results + extents, builder.span))
        return try rebuilt(results, as: type)
    }

    func rebuilt(_ values: [Value], as type: ValueType) throws -> Lowered {
        var rest = values[...]
        guard let lowered = Lowered(&rest, as: type), rest.isEmpty else { throw fault("values do not make a \(type)") }
        return lowered
    }

    // MARK: Carried variables

    /// Variables from outside that the statements assign, in a fixed order, and their values.
    struct Carried {
        var variables: [Variable]
        var type: ValueType { .tuple(variables.map(\.type)) }
    }

    func carried(by statements: [TypedStatement]) -> Carried { carried(by: AssignedVariables(in: statements)) }

    func carried(by assigned: AssignedVariables) -> Carried {
        let assigned = assigned.variables
        return Carried(variables: assigned.filter { scope.variables[$0] != nil }.sorted { $0.id < $1.id })
    }

    /// The present values of the carried variables.
    func current(_ carried: Carried) throws -> Lowered {
        .tuple(
            try carried.variables.map { variable in
                guard let value = scope.variables[variable] else { throw fault("`\(variable.name)` has no value") }
                return value
            })
    }

    func assign(_ carried: Carried, _ lowered: Lowered) throws {
        guard case .tuple(let values) = lowered, values.count == carried.variables.count else {
            throw fault("carried values do not match the variables")
        }
        for (variable, value) in zip(carried.variables, values) { scope.variables[variable] = value }
    }

    /// The values of something that a loop carries, and the types of its body's arguments: numbers in the placement that the
    /// type says, arrays with the extents that they have.
    private func carriedValues(_ lowered: Lowered, _ type: ValueType) throws -> (values: [Value], types: [IRType]) {
        guard let values = lowered.values else { throw Diagnostic.partUnderCondition(at: builder.span) }
        let types = zip(values, type.leaves).map { value, leaf in
            leaf.map { self.type(of: value).with(placement: $0.placement.stored) } ?? self.type(of: value)
        }
        return (values, types)
    }

    /// `for index in lower..<upper by step`: gives what the body makes of the carried state in the end.
    func forLoop(
        _ range: [Value], _ state: Lowered, _ type: ValueType, _ body: (Value, Lowered) throws -> Lowered
    ) throws -> Lowered {
        let (initial, types) = try carriedValues(state, type)
        let index = IRType.scalar(.i64, TypeInference(builder.module).join(range))
        let region = try region([index] + types) { arguments in
            let state = try self.rebuilt(Array(arguments.dropFirst()), as: type)
            return try self.carriedValues(try body(arguments[0], state), type).values
        }
        let results = try builder.append(.forLoop, range + initial, regions: [region])
        return try rebuilt(results, as: type)
    }

    func whileLoop(
        _ state: Lowered, _ type: ValueType, _ condition: (Lowered) throws -> Value, _ body: (Lowered) throws -> Lowered
    ) throws -> Lowered {
        let (initial, types) = try carriedValues(state, type)
        let test = try region(types) { [try condition(try self.rebuilt($0, as: type))] }
        let region = try region(types) { arguments in
            try self.carriedValues(try body(try self.rebuilt(arguments, as: type)), type).values
        }
        let results = try builder.append(.whileLoop, initial, regions: [test, region])
        return try rebuilt(results, as: type)
    }
}
