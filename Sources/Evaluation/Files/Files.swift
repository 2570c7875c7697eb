import Language
import Source
import TypedTree

// load and save: files whole, with the runtime's messages.

extension ClosureBuilder {
    func load(
        _ variable: Variable, _ file: TypedFile, _ extents: [LoadExtent], _ span: Span
    ) throws -> StatementCode {
        guard let element = variable.type.numberElement else { throw Fault("load of \(variable.type)") }
        let target = place(variable)
        let file = try self.file(file, span)
        let wanted: [Code<Int>?] = try extents.map { extent in
            guard case .equals(let size) = extent else { return nil }
            let code = try number(size)
            return { Int(word: try code($0)) }
        }
        let bound: [Place?] = extents.map { extent in
            if case .binds(let variable) = extent { place(variable) } else { nil }
        }
        return { machine in
            let given = try wanted.map { try $0?(machine) }
            try Shape.count(given.compactMap { $0 }, at: span)
            let array = try file(machine).load(element, extents: given.map { $0 ?? -1 })
            for (place, extent) in zip(bound, array.extents) {
                if let place { try machine.store(.number(extent.word), place) }
            }
            try machine.store(element.isComplex ? array.parts : .array(array), target)
            return .end
        }
    }

    func save(_ value: TypedExpression, _ file: TypedFile, _ span: Span) throws -> StatementCode {
        guard let element = value.type.numberElement else { throw Fault("save of \(value.type)") }
        let file = try self.file(file, span)
        let value = try self.value(value)
        return { machine in
            try file(machine).save(try value(machine).inOnePiece(), element)
            return .end
        }
    }

    private func file(_ file: TypedFile, _ span: Span) throws -> Code<ArrayFile> {
        let path = try value(file.path)
        let detail = try value(file.detail)
        let libraries = shared.libraries
        return { machine in
            ArrayFile(
                path: try path(machine).text(), detail: try detail(machine).text(), span: span, libraries: libraries)
        }
    }
}
