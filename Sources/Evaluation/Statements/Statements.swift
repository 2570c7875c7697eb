import Language
import Source
import TypedTree

extension ClosureBuilder {
    func statements(_ list: [TypedStatement]) throws -> StatementCode {
        // What follows where some ranks have ended the round is for the others.
        if !onOneRank, let parting = list.dropLast().firstIndex(where: \.exitsLocally) {
            let together = try statements(Array(list[..<parting]))
            let apart = try everywhere(if: true) { try $0.statements(Array(list[parting...])) }
            return { machine in
                let ending = try together(machine)
                return ending == .end ? try apart(machine) : ending
            }
        }
        let codes = try list.map(statement)
        return { machine in
            for code in codes {
                let ending = try code(machine)
                if ending != .end { return ending }
            }
            return .end
        }
    }

    private func statement(_ statement: TypedStatement) throws -> StatementCode {
        let span = statement.span
        switch statement.kind {
        case .binding(let variable, let value), .assignment(let variable, let value):
            return try assign(value, to: variable)
        case .tupleBinding(let variables, let value): return try tupleBinding(variables, value)
        case .update(let variable, _, _, _, _):
            return try everywhere(if: variable.type.isLocal) { try $0.update(statement) }
        case .forLoop(let index, let lower, let upper, let step, let body):
            return try everywhere(if: index.type.isLocal || body.breakLocally) {
                try $0.forLoop(index, lower, upper, step, body)
            }
        case .whileLoop(let condition, let body):
            return try everywhere(if: condition.type.isLocal || body.breakLocally) {
                try $0.whileLoop(condition, body)
            }
        case .conditional(let condition, let then, let otherwise):
            return try everywhere(if: condition.type.isLocal) { try $0.conditional(condition, then, otherwise) }
        case .breakLoop: return { _ in .leftLoop }
        case .continueLoop: return { _ in .leftRound }
        case .returnValue(let value): return try returnValue(value)
        case .print(let parts): return try print(parts)
        case .show(let name, let value): return try show(name, value)
        case .assertion(let condition, let message):
            return try everywhere(if: condition.type.isLocal) { try $0.assertion(condition, message, span) }
        case .save(let value, let file): return try save(value, file, span)
        case .load(let variable, let file, let extents): return try load(variable, file, extents, span)
        case .expression(let value):
            return try everywhere(if: value.type.isLocal) { builder in
                let code = try builder.value(value)
                return { machine in
                    _ = try code(machine)
                    return .end
                }
            }
        }
    }

    // MARK: Variables

    func assign(_ value: TypedExpression, to variable: Variable) throws -> StatementCode {
        try assign(value, to: place(variable))
    }

    func assign(_ value: TypedExpression, to place: Place) throws -> StatementCode {
        try everywhere(if: place.isLocal) { builder in
            let code =
                switch place.kind {
                case .number: Word.write(place, try Word.code(value, builder))
                case .array: ArrayValue.write(place, try builder.array(value))
                case .value: Value.write(place, try builder.value(value))
                }
            return { machine in
                try code(machine)
                return .end
            }
        }
    }

    private func tupleBinding(_ variables: [Variable], _ value: TypedExpression) throws -> StatementCode {
        let places = variables.map(place)
        return try everywhere(if: value.type.isLocal) { builder in
            let code = try builder.value(value)
            return { machine in
                let values = try code(machine).tuple()
                guard values.count == places.count else { throw Fault("a tuple of another length") }
                for (place, value) in zip(places, values) { try machine.store(value, place) }
                return .end
            }
        }
    }

    // MARK: Control

    private func forLoop(
        _ index: Variable, _ lower: TypedExpression, _ upper: TypedExpression, _ step: TypedExpression,
        _ body: [TypedStatement]
    ) throws -> StatementCode {
        let place = place(index)
        let (lower, upper, step) = (try number(lower), try number(upper), try number(step))
        let body = try statements(body)
        return { machine in
            let extent = DomainCode.Extent(
                lower: Int(word: try lower(machine)), upper: Int(word: try upper(machine)),
                step: Int(word: try step(machine)))
            var index = extent.lower
            for _ in 0..<extent.count {
                machine.numbers[place.index(machine)] = index.word
                switch try body(machine) {
                case .returned: return .returned
                case .leftLoop: return .end
                case .end, .leftRound: index &+= extent.step
                }
            }
            return .end
        }
    }

    private func whileLoop(_ condition: TypedExpression, _ body: [TypedStatement]) throws -> StatementCode {
        let condition = try number(condition)
        let body = try statements(body)
        return { machine in
            while try condition(machine) != 0 {
                switch try body(machine) {
                case .returned: return .returned
                case .leftLoop: return .end
                case .end, .leftRound: break
                }
            }
            return .end
        }
    }

    private func conditional(
        _ condition: TypedExpression, _ then: [TypedStatement], _ otherwise: [TypedStatement]
    ) throws -> StatementCode {
        let condition = try number(condition)
        let (then, otherwise) = (try statements(then), try statements(otherwise))
        return { try condition($0) != 0 ? try then($0) : try otherwise($0) }
    }

    private func returnValue(_ value: TypedExpression?) throws -> StatementCode {
        guard let value else { return { _ in .returned } }
        if value.type.kind == .number {
            let code = try number(value)
            return { machine in
                machine.returnedNumber = try code(machine)
                return .returned
            }
        }
        let code = try self.value(value)
        return { machine in
            machine.returned = try code(machine)
            return .returned
        }
    }
}

extension Machine {
    func store(_ value: Value, _ place: Place) throws {
        switch place.kind {
        case .number: numbers[place.index(self)] = try value.number()
        case .array: arrays[place.index(self)] = try value.array()
        case .value: values[place.index(self)] = value
        }
    }
}
