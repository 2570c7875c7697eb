import Foundation
import Language
import Source
import TypedTree

extension ClosureBuilder {
    /// An expression whose value is an array.
    func array(_ expression: TypedExpression) throws -> Code<ArrayValue> {
        switch expression.kind {
        case .apply(let op, let operands):
            return try apply(try elementwise(op, operands, expression.span), operands)
        case .power(let base, let exponent): return try apply(try power(of: base, exponent, expression.span), [base])
        case .convert(let operand): return try apply(try conversion(operand, to: expression), [operand])
        case .slice(let base, let subscripts): return try slice(base, subscripts, expression.span)
        case .comprehension(let domain, let element): return try comprehension(domain, element, expression.span)
        case .arrayLiteral(let elements): return try arrayLiteral(elements, expression.type)
        case .ownBlock(let whole): return try ownBlock(whole)
        case .reduction(let reduction):
            let code = try self.reduction(reduction, at: expression.span)
            return { try code($0).array() }
        default: return try structural(expression)
        }
    }

    private func apply(_ function: ElementwiseFunction, _ operands: [TypedExpression]) throws -> Code<ArrayValue> {
        let codes = try operands.map(value)
        return { machine in try function.apply(to: try codes.map { try $0(machine) }).array() }
    }

    private func arrayLiteral(_ elements: [TypedExpression], _ type: ValueType) throws -> Code<ArrayValue> {
        let codes = try elements.map(number)
        let extents = type.array?.shape.compactMap(\.constant) ?? []
        return { machine in
            ArrayValue(extents: extents, elements: try codes.map { try $0(machine) })
        }
    }

    private func ownBlock(_ whole: TypedExpression) throws -> Code<ArrayValue> {
        guard let distribution = whole.type.array?.placement.distribution, distribution.isDivided else {
            throw Fault("the own block of \(whole.type)")
        }
        let code = try array(whole)
        return { machine in try code(machine).block(distribution, rank: machine.rank, machine.grid) }
    }

    private func comprehension(
        _ domain: Domain, _ element: TypedExpression, _ span: Span
    ) throws -> Code<ArrayValue> {
        let order = domain.order
        let domain = try self.domain(domain.stored)
        let element = try domain.bodyBuilder(self).number(element)
        return { machine in
            let box = try domain.box(machine)
            let count = try machine.countOfElements(box.shape, at: span)
            var elements: [Word] = []
            elements.reserveCapacity(count)
            try domain.visit(machine, box) { elements.append(try element(machine)) }
            return ArrayValue(storedExtents: box.counts, elements: elements, order)
        }
    }

    /// A comprehension of tuples or records: an array for each of their numbers.
    func comprehension(
        _ domain: Domain, _ body: TypedExpression, _ type: ValueType, _ span: Span
    ) throws -> Code<Value> {
        let order = domain.order
        let domain = try self.domain(domain.stored)
        let body = try domain.bodyBuilder(self).value(body)
        let count = type.dataLeaves?.count ?? 0
        return { machine in
            let box = try domain.box(machine)
            _ = try machine.countOfElements(box.shape, at: span)
            var columns = [[Word]](repeating: [], count: count)
            try domain.visit(machine, box) {
                for (column, word) in try body(machine).words().enumerated() { columns[column].append(word) }
            }
            return Value(columns.map { .array(ArrayValue(storedExtents: box.counts, elements: $0, order)) }, as: type)
        }
    }

    // MARK: Slices

    private enum SliceAxis {
        case index(NumberCode)
        case range(lower: NumberCode, upper: NumberCode, step: NumberCode)
    }

    private func slice(
        _ base: TypedExpression, _ subscripts: [Subscripted], _ span: Span
    ) throws -> Code<ArrayValue> {
        let axes: [SliceAxis] = try subscripts.map { subscripted in
            switch subscripted {
            case .index(let index, _): .index(try number(index))
            case .range(let lower, let upper, let step):
                .range(lower: try number(lower), upper: try number(upper), step: try number(step))
            }
        }
        let code = try array(base)
        return { machine in
            let whole = try code(machine)
            guard whole.extents.count == axes.count else { throw Fault("a slice of another rank") }
            var cut: [DomainCode.Extent] = []
            var kept: [Int] = []
            for axis in axes {
                switch axis {
                case .index(let code):
                    let index = Int(word: try code(machine))
                    cut.append(DomainCode.Extent(lower: index, upper: index + 1, step: 1))
                case .range(let lower, let upper, let step):
                    let range = DomainCode.Extent(
                        lower: Int(word: try lower(machine)), upper: Int(word: try upper(machine)),
                        step: Int(word: try step(machine)))
                    cut.append(range)
                    kept.append(range.extent)
                }
            }
            try Shape.count(kept, at: span)
            try whole.checkSlice(cut, at: span)
            let elements = whole.slice(cut.map { ($0.lower, $0.step, $0.count) }).elements
            return ArrayValue(extents: kept, elements: elements)
        }
    }
}

extension ArrayValue {
    /// Fails at the first element, in row-major order, that a slice would read outside the array.
    func checkSlice(_ cut: [DomainCode.Extent], at span: Span) throws {
        guard cut.allSatisfy({ $0.count > 0 }) else { return }
        func isInside(_ index: Int, _ axis: Int) -> Bool { 0..<extents[axis] ~= index }
        for (axis, range) in cut.enumerated() where !isInside(range.lower, axis) {
            throw Failure.index(range.lower, extents[axis], axis: axis, at: span)
        }
        // The first point lies inside; the innermost axis is the first to leave.
        for (axis, range) in cut.enumerated().reversed() where !isInside(range.last, axis) {
            let steps = (extents[axis] - range.lower + range.step - 1) / range.step
            throw Failure.index(range.lower + steps * range.step, extents[axis], axis: axis, at: span)
        }
    }
}

extension Shape {
    /// How many elements an array of these extents has; fails where there can be no such array.
    @discardableResult
    static func count(_ extents: [Int], at span: Span) throws -> Int {
        switch verdict(extents) {
        case .count(let count): return count
        case .impossible(let axis, let count): throw Failure.shape(extents[axis], axis: axis, times: count, at: span)
        }
    }
}

extension Machine {
    private static let mostElements = Int(clamping: ProcessInfo.processInfo.physicalMemory) / MemoryLayout<Word>.size

    /// The same; fails too where this machine has not that much memory.
    func countOfElements(_ extents: [Int], at span: Span) throws -> Int {
        let count = try Shape.count(extents, at: span)
        if count > Machine.mostElements { throw Failure("out of memory", at: span) }
        return count
    }
}
