import Language
import Source
import Syntax
import TypedTree

extension Checker {
    /// The typed form of an expression. `expecting` is the element type that the context asks for: literals take it.
    func expression(_ written: Expression, expecting: ElementType? = nil) -> TypedExpression {
        let typed = expressionOrView(written, expecting: expecting)
        if typed.isView { return report(.viewAsArray(sourceText(written.span), at: written.span)) }
        return typed
    }

    /// The same where a view may stand: before `[...]`, and where `let` names it.
    func expressionOrView(_ written: Expression, expecting: ElementType? = nil) -> TypedExpression {
        guard enter(written.span) else { return error(written.span) }
        defer { leave() }
        let typed = typed(written, expecting)
        observations?.note(typed.type, at: written.span)
        return typed
    }

    private func typed(_ written: Expression, _ expecting: ElementType?) -> TypedExpression {
        let span = written.span
        switch written.kind {
        case .integer(let digits): return integerLiteral(digits, expecting, span)
        case .float(let digits): return floatLiteral(digits, expecting, span)
        case .imaginary(let digits): return imaginaryLiteral(digits, expecting, span)
        case .boolean(let value): return TypedExpression(.constant(.bool(value)), .bool, span)
        case .string: return path(written)
        case .name(let name): return self.name(name, expecting, span)
        case .unary(let op, let operand): return unary(op, operand, expecting, span)
        case .binary(.pipe, let left, let right): return pipe(left, right, span)
        case .binary(.power, let base, let exponent): return power(base, exponent, expecting, span)
        case .binary(let op, let left, let right): return binary(op, left, right, expecting, written)
        case .call(let callee, let arguments, let isLocal): return call(callee, arguments, isLocal, expecting, span)
        case .index(let base, let subscripts): return indexed(base, subscripts, span)
        case .member(let base, let member): return self.member(base, member, span)
        case .array(let elements): return arrayLiteral(elements, expecting, span)
        case .tuple(let elements):
            let typed = elements.map { expression($0) }
            if typed.contains(where: { $0.type == .error }) { return error(span) }
            guard isOfFewParts(typed.map(\.type), span) else { return error(span) }
            return TypedExpression(.tuple(typed), .tuple(typed.map(\.type)), span)
        case .comprehension(let body, let generator): return comprehension(body, generator, expecting, span)
        case .conditional(let condition, let then, let otherwise):
            return conditional(condition, then, otherwise, expecting, span)
        case .layout: return report(.notYetSupported("`redistribute`", at: span))
        case .lambda: return report(.lambdaAsValue(at: span))
        case .block(let block):
            let typed = valueBlock(block, expecting)
            guard typed.value.type != .error else { return error(span) }
            return TypedExpression(.block(typed), typed.value.type, span)
        case .local(let block): return localBlock(block, span)
        case .parenthesized(let inner):
            var typed = expression(inner, expecting: expecting)
            typed.span = span
            return typed
        case .invalid: return error(span)
        }
    }

    func error(_ span: Span) -> TypedExpression { TypedExpression(.constant(.bool(false)), .error, span) }

    // MARK: Literals and names

    func integerLiteral(_ digits: String, _ expecting: ElementType?, _ span: Span) -> TypedExpression {
        let value = digits.hasPrefix("0x") ? UInt64(digits.dropFirst(2), radix: 16) : UInt64(digits)
        guard let value else { return report(.literalTooLarge(digits, .u64, at: span)) }
        let element = expecting ?? .i64
        switch element {
        case .f32, .f64:
            let number = element == .f32 ? Double(Float(value)) : Double(value)
            return TypedExpression(.constant(.float(number, element)), .scalar(element), span)
        case .bool, .c64, .c128: return integerLiteral(digits, .i64, span)
        case .i32, .i64, .u32, .u64:
            let limit: UInt64 =
                switch element {
                case .i32: UInt64(Int32.max)
                case .u32: UInt64(UInt32.max)
                case .u64: .max
                default: UInt64(Int64.max)
                }
            // Hexadecimal writes bit patterns: 0xffff_ffff_ffff_ffff is -1 as an i64.
            let isPattern = digits.hasPrefix("0x") && element == .i64
            guard value <= limit || isPattern else { return report(.literalTooLarge(digits, element, at: span)) }
            return TypedExpression(.constant(.integer(Int64(bitPattern: value), element)), .scalar(element), span)
        }
    }

    func floatLiteral(_ digits: String, _ expecting: ElementType?, _ span: Span) -> TypedExpression {
        let value = Double(digits) ?? .nan
        let element: ElementType = expecting == .f32 ? .f32 : .f64
        let isFinite = element == .f32 ? Float(value).isFinite : value.isFinite
        return isFinite ? float(value, element, span) : report(.literalTooLarge(digits, element, at: span))
    }

    private func float(_ value: Double, _ expecting: ElementType?, _ span: Span) -> TypedExpression {
        let element: ElementType = expecting == .f32 ? .f32 : .f64
        let rounded = element == .f32 ? Double(Float(value)) : value
        return TypedExpression(.constant(.float(rounded, element)), .scalar(element), span)
    }

    private func name(_ name: String, _ expecting: ElementType?, _ span: Span) -> TypedExpression {
        guard let binding = lookUp(name) else {
            switch name {
            case "inf": return float(.infinity, expecting, span)
            case "nan": return float(.nan, expecting, span)
            case "pi": return float(.pi, expecting, span)
            default: break
            }
            if meaning(of: name, at: span) != nil { return report(.functionAsValue(name, at: span)) }
            if let defined = namesOfProgram[name] { return report(.notInLibrary(name, at: span, defined: defined)) }
            return report(.unknownName(name, at: span, nearest: nearestName(to: name, at: span)))
        }
        switch binding.meaning {
        case .alias(var expression):
            if context.localBlock != nil, case .view(let array, let view) = expression.kind {
                let own = ownBlock(array)
                return TypedExpression(.view(own, view), own.type, span)
            }
            expression.span = span
            return expression
        case .function: return report(.functionAsValue(name, at: span))
        case .compound(let value): return readCompound(value, span)
        case .variable(let variable):
            let read = TypedExpression(.variable(variable), variable.type, span)
            return context.localBlock == nil ? read : ownBlock(read)
        }
    }

    /// A scattered array inside `local { }`: the block that this rank holds.
    func ownBlock(_ read: TypedExpression) -> TypedExpression {
        guard let type = read.type.array, let axis = type.placement.dividedAxis else { return read }
        var shape = type.shape
        shape[axis] = sizes.blockSize(of: shape[axis])
        return TypedExpression(.ownBlock(read), .array(ArrayType(type.element, shape, .local)), read.span)
    }

    // MARK: Conditionals and blocks

    private func conditional(
        _ condition: Expression, _ then: Block, _ otherwise: Block, _ expecting: ElementType?, _ span: Span
    ) -> TypedExpression {
        let condition = self.condition(condition)
        let ways = underCondition(condition, "this condition") { together(then, otherwise, expecting: expecting) }
        guard condition.type != .error, ways.0.value.type != .error, ways.1.value.type != .error else {
            return error(span)
        }
        guard let type = commonType(ways.0.value.type, ways.1.value.type) else {
            return report(.branchMismatch(ways.0.value.type, ways.1.value.type, at: span))
        }
        var result = type
        if type.isPart { return report(.partUsed(type, "chosen by a condition", at: span)) }
        if condition.type.array?.placement == .local, let leaves = type.dataLeaves {
            guard leaves.allSatisfy({ $0.placement == .replicated || $0.placement == .local }) else {
                return report(.divergentChoice(type, at: span, localOrigin(condition)))
            }
            result = type.mappingLeaves { $0.with(placement: .local) }
        } else if condition.type.array?.placement == .local, type != .void, type != .error {
            return report(.divergentChoice(type, at: span, localOrigin(condition)))
        }
        let first = TypedBlock(ways.0.statements, convert(ways.0.value, to: result, for: "this way"))
        let second = TypedBlock(ways.1.statements, convert(ways.1.value, to: result, for: "the other way"))
        return TypedExpression(.conditional(condition, first, second), result, span)
    }

    /// The type that both ways of a choice take: widened, placed as the less free one.
    func commonType(_ a: ValueType, _ b: ValueType) -> ValueType? {
        if a == b { return a }
        if let complex = commonComplexType(a, b) { return complex }
        if let x = a.components, let y = b.components, a.componentNames == b.componentNames,
            a.record?.name == b.record?.name
        {
            let joined = zip(x, y).compactMap { commonType($0, $1) }
            guard joined.count == x.count else { return nil }
            guard case .record(var record) = a else { return .tuple(joined) }
            for (index, type) in joined.enumerated() { record.fields[index].type = type }
            return .record(record)
        }
        guard let x = a.array, let y = b.array, x.rank == y.rank,
            let element = x.element == y.element ? x.element : ElementType.join(x.element, y.element)
        else { return nil }
        let placement: Placement
        switch (x.placement, y.placement) {
        case (let p, let q) where p == q: placement = p
        case (.replicated, let other), (let other, .replicated): placement = other
        default: return nil
        }
        return .array(ArrayType(element, x.shape, placement))
    }

    /// A block whose last statement is its value.
    func valueBlock(_ block: Block, _ expecting: ElementType?) -> TypedBlock {
        let loop = context.loop
        context.loop = nil
        defer { context.loop = loop }
        return inNewScope {
            var typed = statements(Array(block.statements.dropLast()))
            guard let last = block.statements.last else { return TypedBlock([], report(.noValue(at: block.span))) }
            switch last.kind {
            case .expression(let value): return TypedBlock(typed, expression(value, expecting: expecting))
            case .conditional(let condition, let then, let otherwise?):
                return TypedBlock(typed, conditional(condition, then, otherwise, expecting, last.span))
            case .invalid: return TypedBlock(typed, error(last.span))
            default:
                typed += statements([last])
                return TypedBlock(typed, report(.noValue(at: last.span)))
            }
        }
    }

    private func localBlock(_ block: Block, _ span: Span) -> TypedExpression {
        if let outer = context.localBlock { return report(.nestedLocal(at: span, outer)) }
        if context.isElement { return report(.localInElement(at: span)) }
        context.localBlock = span
        let body = valueBlock(block, nil)
        context.localBlock = nil
        guard body.value.type != .error else { return error(span) }
        guard body.value.type.dataLeaves != nil else { return report(.noValue(at: body.value.span)) }
        let value = placedLocally(body.value)
        return TypedExpression(.local(TypedBlock(body.statements, value)), value.type, span)
    }

    // MARK: Literals of arrays, members

    /// `[1, 2]`, and `[[1, 2], [3, 4]]` with an axis for each level of brackets.
    private func arrayLiteral(_ written: [Expression], _ expecting: ElementType?, _ span: Span) -> TypedExpression {
        guard let (elements, extents) = unnested(written, span) else { return error(span) }
        let typed = elementsTogether(elements, expecting: expecting)
        if typed.contains(where: { $0.type == .error }) { return error(span) }
        if typed.contains(where: { $0.type.complexElement != nil }) { return complexArray(typed, extents, span) }
        var element: ElementType?
        for value in typed {
            guard let type = value.type.array, type.isScalar, type.placement == .replicated || type.placement == .local
            else {
                return report(.elementNotScalar(value.type, at: value.span))
            }
            let joined = element.map { $0 == type.element ? $0 : ElementType.join($0, type.element) } ?? type.element
            guard let joined else { return report(.branchMismatch(typed[0].type, value.type, at: value.span)) }
            element = joined
        }
        guard let element else { return error(span) }
        return arrayOf(typed, element, extents, span)
    }

    func arrayOf(_ typed: [TypedExpression], _ element: ElementType, _ extents: [Int], _ span: Span) -> TypedExpression
    {
        let isLocal = typed.contains { $0.type.array?.placement == .local }
        let type = ArrayType(element, extents.map { Size($0) }, isLocal ? .local : .replicated)
        return TypedExpression(.arrayLiteral(typed.map { convert($0, toElement: element) }), .array(type), span)
    }

    /// The elements of nested literals in row-major order, with the extents; rows must agree in theirs.
    private func unnested(_ written: [Expression], _ span: Span) -> (elements: [Expression], extents: [Int])? {
        guard let first = written.first else {
            report(.emptyArray(at: span))
            return nil
        }
        guard case .array = first.kind else { return (written, [written.count]) }
        var elements: [Expression] = []
        var extents: [Int] = []
        for row in written {
            guard case .array(let inner) = row.kind else {
                report(.raggedArray(at: row.span, first.span))
                return nil
            }
            guard let (more, own) = unnested(inner, row.span) else { return nil }
            guard extents.isEmpty || own == extents else {
                report(.raggedArray(at: row.span, first.span))
                return nil
            }
            elements += more
            extents = own
        }
        return (elements, [written.count] + extents)
    }

    private func member(_ base: Expression, _ member: Name, _ span: Span) -> TypedExpression {
        let typed = expression(base)
        guard typed.type != .error else { return typed }
        guard let position = position(of: member, in: typed.type) else { return error(span) }
        var part = component(typed, position)
        part.span = span
        return part
    }

    /// Which part of a tuple or record a member is; reported where there is none of that name.
    func position(of member: Name, in type: ValueType) -> Int? {
        let names = type.componentNames
        if let position = names.firstIndex(of: member.text) { return position }
        let fields = type.record == nil ? [] : names
        report(
            .unknownMember(member.text, type, fields, nearest: nearest(to: member.text, among: fields), at: member.span)
        )
        return nil
    }
}
