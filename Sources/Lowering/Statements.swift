import IR
import Language
import TypedTree

extension Lowering {
    func statements(_ list: [TypedStatement]) throws {
        for statement in list {
            try self.statement(statement)
            for variable in statement.changed { try name(variable, at: statement.span) }
        }
        try nameAgain(list)
    }

    private func statement(_ statement: TypedStatement) throws {
        builder.span = statement.span
        switch statement.kind {
        case .binding(let variable, let value): bind(variable, try expression(value))
        case .tupleBinding(let variables, let value):
            guard case .tuple(let elements) = try expression(value), elements.count == variables.count else {
                throw fault("a tuple of another length is bound")
            }
            for (variable, element) in zip(variables, elements) { bind(variable, element) }
        case .assignment(let variable, let value): scope.variables[variable] = try expression(value)
        case .update(let variable, let indices, let value, let condition, let domain):
            try update(variable, indices, value, condition, domain)
        case .forLoop(let index, let lower, let upper, let step, let body):
            try forLoop(index, [lower, upper, step], body)
        case .whileLoop(let condition, let body): try whileLoop(condition, body)
        case .conditional(let condition, let then, let otherwise): try conditional(condition, then, otherwise)
        case .returnValue: throw fault("a return outside a function")
        case .breakLoop, .continueLoop: throw fault("the end of a loop that is not written out")
        case .print(let parts):
            let (pieces, holes) = try text(parts)
            try builder.append(.print(pieces), holes)
        case .show(let name, let value): try show(name, value)
        case .assertion(let condition, let message):
            let value = try number(condition)
            let (pieces, holes) = try text(message)
            builder.span = statement.span
            try builder.append(.assertion(pieces), [value] + holes)
        case .save(let value, let file):
            let saved = try inOnePiece(value)
            try builder.append(.saveFile(value.leafOrder), [saved] + (try texts(of: file)))
        case .load(let variable, let file, let extents): try load(variable, file, extents)
        case .expression(let value): _ = try expression(value)
        }
    }

    /// Gives a new variable its value; the extents of an array, or the number, stand for the sizes in types from now on.
    func bind(_ variable: Variable, _ lowered: Lowered) {
        scope.variables[variable] = lowered
        guard case .value(let value) = lowered, let type = variable.type.array else { return }
        learn(type.shape, extents(of: value, type.storageOrder))
        if !type.isScalar { noteShape(type.shape) }
        if let size = program.sizes.variables[variable] { learn([size], [value]) }
    }

    // MARK: Control

    private func conditional(
        _ condition: TypedExpression, _ then: [TypedStatement], _ otherwise: [TypedStatement]
    ) throws {
        let condition = try number(condition)
        let carried = carried(by: then + otherwise)
        func way(_ list: [TypedStatement]) -> () throws -> Lowered {
            return {
                try self.statements(list)
                return try self.current(carried)
            }
        }
        try assign(carried, try choose(condition, carried.type, way(then), way(otherwise)))
    }

    private func forLoop(_ index: Variable, _ range: [TypedExpression], _ body: [TypedStatement]) throws {
        let range = try range.map { try number($0) }
        let carried = carried(by: body)
        let end = try forLoop(range, try current(carried), carried.type) { value, state in
            self.bind(index, .value(value))
            try self.name(index, at: self.builder.span)
            try self.assign(carried, state)
            try self.statements(body)
            return try self.current(carried)
        }
        try assign(carried, end)
    }

    private func whileLoop(_ condition: TypedExpression, _ body: [TypedStatement]) throws {
        let carried = carried(by: body)
        let end = try whileLoop(try current(carried), carried.type) { state in
            try self.assign(carried, state)
            return try self.number(condition)
        } _: { state in
            try self.assign(carried, state)
            try self.statements(body)
            return try self.current(carried)
        }
        try assign(carried, end)
    }

    // MARK: The outside world

    func text(_ parts: [PrintPart]) throws -> (pieces: [PrintPiece], holes: [Value]) {
        var holes: [Value] = []
        let pieces = try parts.map { part -> PrintPiece in
            switch part {
            case .text(let text): return .text(text)
            case .value(let value, let format):
                holes.append(try inOnePiece(value))
                return .hole(style: format.style.hole, digits: format.digits, width: format.width)
            }
        }
        return (pieces, holes)
    }

    /// A part is shown as each rank's contribution.
    private func show(_ name: String, _ value: TypedExpression) throws {
        let span = builder.span
        let lowered = try expression(value)
        let isOwn = value.type.leaves.first??.placement == .local
        let show = Operation.show(name: name, value.leafOrder, isOwn: isOwn)
        builder.span = span
        switch lowered {
        case .value(let value): try builder.append(show, [value])
        case .part(let part):
            guard let basic = part.basics.first?.first else { throw fault("a part of nothing") }
            try builder.append(show, [try folded(part), basic])
        case .tuple(let parts): try showComplex(show, parts, value.type)
        }
    }

    private func showComplex(_ show: Operation, _ parts: [Lowered], _ type: ValueType) throws {
        var basic: [Value] = []
        let values = try parts.map { lowered -> Value in
            guard case .part(let part) = lowered else { return try value(lowered) }
            basic = Array(part.basics.joined().prefix(1))
            return try folded(part)
        }
        try builder.append(show, [try inOnePiece(values, type)] + basic)
    }

    private func texts(of file: TypedFile) throws -> [Value] { try file.parts.map { try value(expression($0)) } }

    private func load(_ variable: Variable, _ file: TypedFile, _ extents: [LoadExtent]) throws {
        let texts = try texts(of: file)
        try arrive(variable, extents) {
            .loadFile($0)
        } operands: {
            texts + $0
        }
    }

    /// An array that comes from outside by `operation`, whose operands are made of the extents that are asked for.
    func arrive(
        _ variable: Variable, _ extents: [LoadExtent], _ operation: (StorageOrder) -> Operation,
        operands: ([Value]) -> [Value] = { $0 }
    ) throws {
        guard let type = variable.type.leaves.first ?? nil, type.rank == extents.count else {
            throw fault("a load of no array")
        }
        let asked = try extents.map { extent in
            switch extent {
            case .binds: try i64(-1)
            case .equals(let size): try number(size)
            }
        }
        let given = zip(type.shape, zip(extents, asked)).filter { if case .equals = $1.0 { true } else { false } }
        try test(given.map(\.0), given.map(\.1.1))
        let placement: Placement = type.placement == .local ? .local : .replicated
        let found = extents.map { _ in builder.newValue(.scalar(.i64, placement)) }
        // Where the size was given, the file's agrees with it.
        let dimensions = zip(extents, zip(asked, found)).map { extent, values in
            if case .binds = extent { values.1 } else { values.0 }
        }
        let order = type.storageOrder
        let array = builder.newValue(
            .array(
                variable.type.numberElement ?? type.element, dimensions: order.stored(dimensions), type.placement.stored
            ))
        try builder.append(Node(operation(order), operands(asked), results: [array] + found, builder.span))
        for (extent, value) in zip(extents, found) {
            if case .binds(let size) = extent { bind(size, .value(value)) }
        }
        bind(variable, variable.type.complexElement == nil ? .value(array) : try taken(apart: array, type.element))
    }
}

extension PrintFormat.Style {
    fileprivate var hole: PrintPiece.HoleStyle {
        switch self {
        case .shortest: .shortest
        case .fixed: .fixed
        case .scientific: .scientific
        }
    }
}
