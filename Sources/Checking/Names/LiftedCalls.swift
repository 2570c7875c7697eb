import Language
import Source
import Syntax
import TypedTree

extension Checker {
    /// A function of numbers called for each element of arrays of one shape and placement, beside numbers: `random_int(7, i, 0, n)` of an
    /// array i. The result is a comprehension, which fuses with what is done with it.
    func liftedCall(_ declaration: FunctionDeclaration, _ arguments: [TypedExpression], _ span: Span)
        -> TypedExpression
    {
        guard let position = arguments.firstIndex(where: { !$0.isNamed && $0.type.array?.isScalar == false }) else {
            return calledForElements(declaration, arguments, span)
        }
        let array = context.isElement ? stable(arguments[position]) : arguments[position]
        return bindingOnce(array) { named in
            var arguments = arguments
            arguments[position] = named
            return liftedCall(declaration, arguments, span)
        }
    }

    /// The arguments, of which arrays have the shape of `base`; nil, which is reported, where one does not fit.
    private func shaped(
        _ arguments: [TypedExpression], like base: TypedExpression, _ type: ArrayType, _ name: String, _ span: Span
    ) -> [TypedExpression]? {
        var shaped: [TypedExpression] = []
        for argument in arguments {
            guard let own = argument.type.array, !own.isScalar else {
                shaped.append(argument)
                continue
            }
            let fits = own.rank == type.rank
            guard fits, let fit = withShape(argument, type.shape, what: "`\(name)`", target: base) else {
                report(.shapeMismatch(name, base, argument, at: span, origins: origins(of: [base, argument])))
                return nil
            }
            shaped.append(fit)
        }
        return shaped
    }

    private func calledForElements(_ declaration: FunctionDeclaration, _ arguments: [TypedExpression], _ span: Span)
        -> TypedExpression
    {
        let name = declaration.name.text
        guard let base = arguments.first(where: { $0.type.array?.isScalar == false }), let type = base.type.array,
            let placement = joinedPlacement(arguments, arguments.compactMap(\.type.array), name, span)
        else { return error(span) }
        if placement.isPart { return report(.partUsed(base.type, "an argument of `\(name)`", at: base.span)) }
        guard let named = shaped(arguments, like: base, type, name, span) else { return error(span) }
        return enteringDomain { domain in
            domain.ranges = self.domain(of: base, type, span).ranges
            for axis in placement.distribution.dividedAxes {
                self.divide(
                    domain,
                    DividedRange(
                        range: axis, extent: domain.ranges[axis].upper, size: type.shape[axis],
                        name: sourceText(span), span: span,
                        direction: placement.distribution.direction(axis: axis)))
            }
            let indices = domain.ranges.map { $0.index.read(at: span) }
            let elements = named.map { argument in
                let isNumber = argument.type.array?.isScalar != false
                return isNumber ? argument : self.ownElement(self.stable(argument), indices, argument.span)
            }
            let element = self.specialisedCall(declaration, elements.map(Actual.value), span, span)
            guard element.type != .error else { return element }
            return TypedExpression(
                .comprehension(domain.typed, element), element.type.over(type.shape, placement), span)
        }
    }
}
