import CNumerics
import Foundation
import Language
import Source
import TypedTree

extension ClosureBuilder {
    // MARK: print and assert

    func print(_ parts: [PrintPart]) throws -> StatementCode {
        let text = try self.text(parts)
        let onOneRank = onOneRank
        return { machine in
            if !onOneRank || machine.rank == 0 { machine.output(try text(machine) + "\n") }
            return .end
        }
    }

    func assertion(_ condition: TypedExpression, _ message: [PrintPart], _ span: Span) throws -> StatementCode {
        let condition = try number(condition)
        let text = try self.text(message)
        return { machine in
            if try condition(machine) == 0 {
                let message = try text(machine)
                throw Failure(message.isEmpty ? "the assertion does not hold" : message, at: span)
            }
            return .end
        }
    }

    func text(_ parts: [PrintPart]) throws -> Code<String> {
        let codes: [Code<String>] = try parts.map { part in
            switch part {
            case .text(let text): return { _ in text }
            case .value(let value, let format): return try hole(value, format)
            }
        }
        return { machine in try codes.map { try $0(machine) }.joined() }
    }

    private func hole(_ value: TypedExpression, _ format: PrintFormat) throws -> Code<String> {
        guard let type = value.type.array else {
            let code = try self.value(value)
            guard let complex = value.type.complexElement else { return { try code($0).text() } }
            return { machine in formatted(try code(machine).inOnePiece(), complex, format) }
        }
        if type.isScalar {
            let code = try number(value)
            return { machine in formatted([], [try code(machine)], type.element, format) }
        }
        let code = try self.value(value)
        return { machine in formatted(try code(machine).array(), type.element, format) }
    }

    // MARK: show

    func show(_ name: String, _ value: TypedExpression) throws -> StatementCode {
        guard let type = value.type.dataLeaves?.first, let element = value.type.numberElement else {
            throw Fault("show of \(value.type)")
        }
        let held = try self.held(value, type)
        return { machine in
            let blocks = try held(machine)
            let extents = element.isComplex ? blocks.whole.dropLast() : blocks.whole
            var text = "\(name): \(type.with(element: element).shown(extents))\n"
            for (rank, block) in blocks.byRank.enumerated() {
                text += "  rank \(rank): \(block.map { formatted($0, element) } ?? "-")\n"
            }
            machine.output(text)
            return .end
        }
    }

    /// The whole array's extents and what each rank holds, nil where that is nothing.
    private typealias Held = (whole: [Int], byRank: [ArrayValue?])

    private func held(_ value: TypedExpression, _ type: ArrayType) throws -> Code<Held> {
        let builder = type.placement == .local ? forOneRank : self
        let code = try builder.value(value)
        let ranks = 0..<ranks
        switch type.placement {
        case .local:
            return { machine in
                var byRank: [ArrayValue?] = []
                try machine.onEveryRank { byRank.append(try code(machine).inOnePiece()) }
                return (byRank[0]?.extents ?? [], byRank)
            }
        case .part:
            return { machine in
                let part = try code(machine)
                let byRank = try ranks.map { try part.held(by: $0).inOnePiece() }
                return (byRank[0].extents, byRank)
            }
        case .replicated:
            return { machine in
                let array = try code(machine).inOnePiece()
                return (array.extents, ranks.map { _ in array })
            }
        case .root:
            return { machine in
                let array = try code(machine).inOnePiece()
                return (array.extents, ranks.map { $0 == 0 ? array : nil })
            }
        case .scattered(let distribution):
            guard distribution.isDivided else { throw Fault("a scattered array that is not cut") }
            return { machine in
                let array = try code(machine).inOnePiece()
                return (array.extents, ranks.map { array.block(distribution, rank: $0, machine.grid) })
            }
        }
    }
}

private func formatted(_ array: ArrayValue, _ element: ElementType, _ format: PrintFormat = PrintFormat()) -> String {
    formatted(element.isComplex ? array.extents.dropLast() : array.extents, array.elements, element, format)
}

/// A number, of no axes, or an array in brackets.
private func formatted(
    _ extents: [Int], _ elements: some Collection<Word>, _ element: ElementType, _ format: PrintFormat
) -> String {
    let style: Int32 =
        switch format.style {
        case .shortest: 0
        case .fixed: 1
        case .scientific: 2
        }
    let format = pdl_format(style: style, digits: Int32(format.digits), width: Int32(format.width))
    guard
        let text = pdl_format_array(
            element.code, Int32(extents.count), extents.map(Int64.init), (element.part ?? element).bytes(elements),
            format)
    else { return "" }
    defer { free(text) }
    return String(cString: text)
}

extension ArrayType {
    /// The type with its extents as numbers, those of a local array as `_`: `part(+) f64[/16, 3]`.
    fileprivate func shown(_ extents: [Int]) -> String {
        let prefix =
            switch placement {
            case .part(let op): "part(\(op.symbol)) "
            case .local: "local "
            case .root: "root "
            case .replicated, .scattered: ""
            }
        let sizes = extents.enumerated().map { axis, extent in
            (placement.distribution.isWhole(axis: axis) ? "" : "/") + (placement == .local ? "_" : String(extent))
        }
        return prefix + element.rawValue + (sizes.isEmpty ? "" : "[\(sizes.joined(separator: ", "))]")
    }
}
