import Source
import Syntax

extension NameResolver {
    mutating func expression(_ written: Expression) {
        switch written.kind {
        case .integer, .float, .imaginary, .boolean, .invalid: break
        case .string(let parts): text(parts)
        case .name(let text): use(Name(text, written.span))
        case .unary(_, let operand), .parenthesized(let operand): expression(operand)
        case .binary(.pipe, let left, let right):
            expression(left)
            if case .name(let text) = right.kind { use(Name(text, right.span), .calls) } else { expression(right) }
        case .binary(_, let left, let right):
            expression(left)
            expression(right)
        case .call(let callee, let arguments, _): call(callee, arguments, written.span)
        case .index(let base, let subscripts):
            expression(base)
            for subscript_ in subscripts { position(subscript_) }
        case .member(let base, let name):
            expression(base)
            names.members.append(MemberUse(name: name, owner: .value(base.span)))
        case .array(let elements), .tuple(let elements): for element in elements { expression(element) }
        case .layout(let dimensions): for dimension in dimensions { self.dimension(dimension) }
        case .comprehension(let body, let generator): inGenerator(generator, written.span) { $0.expression(body) }
        case .conditional(let condition, let then, let otherwise):
            expression(condition)
            block(then)
            block(otherwise)
        case .lambda(let parameters, let body):
            inNewScope(to: written.span.end + 1) { resolver in
                for name in parameters { resolver.bind(.parameter, name, name.span) }
                resolver.expression(body)
            }
        case .block(let body), .local(let body): block(body)
        }
    }

    private mutating func call(_ callee: Expression, _ arguments: [Argument], _ span: Span) {
        var made: String?
        if case .name(let text) = callee.kind {
            use(Name(text, callee.span), .calls)
            if let index = lookUp(text), names.declarations[index].kind == .record { made = text }
        } else {
            expression(callee)
        }
        for argument in arguments {
            if let label = argument.label, let made {
                names.members.append(MemberUse(name: label, owner: .record(made)))
            }
            inGenerator(argument.generator, span) { $0.expression(argument.value) }
        }
    }

    /// What is computed for each point of a generator, or once where there is none.
    mutating func inGenerator(_ generator: Generator?, _ span: Span, _ body: (inout NameResolver) -> Void) {
        guard let generator else { return body(&self) }
        inNewScope(to: span.end + 1) { resolver in
            for clause in generator.clauses {
                resolver.source(clause.source)
                resolver.bind(.index, clause.name, clause.name.span, visibleFrom: span.start)
            }
            if let condition = generator.condition { resolver.expression(condition) }
            body(&resolver)
        }
    }

    mutating func source(_ source: Generator.Clause.Source) {
        switch source {
        case .range(let range, _):
            expression(range.lower)
            expression(range.upper)
            if let step = range.step { expression(step) }
        case .elements(let array): expression(array)
        }
    }

    mutating func position(_ written: Subscript) {
        switch written {
        case .index(let index): expression(index)
        case .range(let lower, let upper, let step, _):
            for end in [lower, upper, step] { if let end { expression(end) } }
        case .all: break
        }
    }

    mutating func text(_ parts: [StringPart]) {
        for case .hole(let value, _) in parts { expression(value) }
    }

    mutating func type(_ written: TypeExpression, dimensions: Bool = true) {
        switch written.kind {
        case .named(let name, let sizes):
            use(name)
            if dimensions { for size in sizes { dimension(size) } }
        case .tuple(let parts): for part in parts { type(part) }
        case .part(let op, let inner):
            use(op)
            type(inner, dimensions: dimensions)
        case .local(let inner), .root(let inner): type(inner, dimensions: dimensions)
        }
    }

    mutating func dimension(_ dimension: Dimension) {
        expression(dimension.size)
        if case .cyclic(let size?) = dimension.distribution { expression(size) }
    }
}
