import Language
import Source
import Syntax
import TypedTree

// `for v in a { }`: the elements of an array of one axis, the rows of another, one after the other.

extension Checker {
    func elementLoop(
        _ name: Name, _ written: Expression, _ body: Block, _ span: Span
    ) -> [TypedStatement] {
        let array = expression(written)
        guard let type = arrayType(of: array), !type.isScalar else {
            if array.type != .error { report(.notIterable(array.type, at: written.span)) }
            return []
        }
        guard type.placement == .replicated || type.placement == .local else {
            report(.loopOverPlaced(array.type, at: written.span))
            return []
        }
        // The loop goes over what the array is now, whatever its body assigns.
        let (bindings, held) = dissolved(array, named: sourceText(written.span))
        let range = (integer(0, written.span), extent(firstLeaf(held), 0, written.span), integer(1, written.span))
        let place = Name("the place of \(name.text)", written.span)
        let loop = countedLoop(place, range, span) {
            let row = Subscript.index(Expression(.name(place.text), place.span))
            let rest = (1..<type.rank).map { _ in Subscript.all(written.span) }
            return bound(name, indexed(held, written, [row] + rest, written.span)) + statements(body.statements)
        }
        return bindings + loop
    }

    /// A name of the body for the element.
    private func bound(_ name: Name, _ element: TypedExpression) -> [TypedStatement] {
        if element.type.components != nil { return compoundBinding(name, element, false, name.span) }
        let variable = bindVariable(name, element.type, size: sizes.knownSize(of: element))
        return [TypedStatement(kind: .binding(variable, element), span: name.span)]
    }
}
