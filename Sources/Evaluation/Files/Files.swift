import Language
import Semantics
import Source

// load and save: .npy files and pictures, whole, with the runtime's messages.

extension ClosureBuilder {
    func load(
        _ variable: Variable, _ path: TypedExpression, _ extents: [LoadExtent], _ span: Span
    ) throws -> StatementCode {
        guard let type = variable.type.array else { throw Fault("load of \(variable.type)") }
        let target = place(variable)
        let path = try value(path)
        let wanted: [Code<Int>?] = try extents.map { extent in
            guard case .equals(let size) = extent else { return nil }
            let code = try number(size)
            return { Int(word: try code($0)) }
        }
        let bound: [Place?] = extents.map { extent in
            if case .binds(let variable) = extent { place(variable) } else { nil }
        }
        return { machine in
            let file = ArrayFile(path: try path(machine).text(), span: span)
            let given = try wanted.map { try $0?(machine) }
            try Shape.count(given.compactMap { $0 }, at: span)
            let array = try file.load(type.element, extents: given.map { $0 ?? -1 })
            for (place, extent) in zip(bound, array.extents) {
                if let place { try machine.store(.number(extent.word), place) }
            }
            try machine.store(.array(array), target)
            return false
        }
    }

    func save(_ value: TypedExpression, _ path: TypedExpression, _ span: Span) throws -> StatementCode {
        guard let type = value.type.array else { throw Fault("save of \(value.type)") }
        let path = try self.value(path)
        let value = try self.value(value)
        return { machine in
            let array = try value(machine).array()
            try ArrayFile(path: try path(machine).text(), span: span).save(array, type.element)
            return false
        }
    }
}
