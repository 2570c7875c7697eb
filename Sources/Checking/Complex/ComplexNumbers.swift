import Language
import Source
import Syntax
import TypedTree

// Complex numbers are made of two floats, and what they are asked for is what records are asked for. Here is how they are made and
// converted; ComplexOperators.swift has the arithmetic.

extension Checker {
    /// `2i`; `expecting`: the type of its parts.
    func imaginaryLiteral(_ digits: String, _ expecting: ElementType?, _ span: Span) -> TypedExpression {
        let part = floatLiteral(digits, expecting, span)
        guard let type = part.type.array else { return part }
        let zero = TypedExpression(.constant(.zero(type.element)), part.type, span)
        return TypedExpression(.tuple([zero, part]), .complex(type.element.complex), span)
    }

    /// The complex number, or array of them, of two parts that are alike but for where they are placed.
    func complex(_ real: TypedExpression, _ imaginary: TypedExpression, _ span: Span) -> TypedExpression {
        if real.type == .error || imaginary.type == .error { return error(span) }
        guard let element = real.type.array?.element.complex else {
            return report(.badOperand("complex", real.type, at: span))
        }
        return compound(of: [real, imaginary], like: .complex(element), span)
    }

    /// The value as complex numbers of that type: real ones get an imaginary part of 0. The caller knows that it is made of numbers.
    func asComplex(_ value: TypedExpression, _ element: ElementType) -> TypedExpression {
        guard let part = element.part, value.type.complexElement != element, value.type != .error else { return value }
        if value.type.complexElement != nil {
            return bindingOnce(value) { value in
                let parts = self.components(value).map { self.convert($0, toElement: part) }
                return self.complex(parts[0], parts[1], value.span)
            }
        }
        if value.type.isPart { return report(.partUsed(value.type, "made complex", at: value.span)) }
        return bindingOnce(value) { value in
            let zero = self.placed(self.filled(like: value, .zero(part), value.span), like: value)
            return self.complex(self.convert(value, toElement: part), zero, value.span)
        }
    }

    /// A replicated number where the other one is.
    private func placed(_ number: TypedExpression, like other: TypedExpression) -> TypedExpression {
        guard let type = number.type.array, let placement = other.type.array?.placement, type.placement != placement
        else { return number }
        return TypedExpression(.place(number), .array(type.with(placement: placement)), number.span)
    }

    /// What is given where complex numbers are wanted, as those where it widens to them; anything else as it is.
    func widened(_ value: TypedExpression, toComplex wanted: ValueType) -> TypedExpression {
        guard let element = wanted.complexElement, value.type.numberElement?.widens(to: element) == true else {
            return value
        }
        return asComplex(value, element)
    }

    /// The complex type that both ways of a choice become, where one of them is complex.
    func commonComplexType(_ a: ValueType, _ b: ValueType) -> ValueType? {
        guard let x = a.numberElement, let y = b.numberElement, x != y, x.isComplex || y.isComplex,
            let element = ElementType.join(x, y)
        else { return nil }
        return commonType(a.withComplexElements(element), b.withComplexElements(element))
    }

    /// A real value that meets a complex one.
    func asComplex(_ value: TypedExpression, beside other: TypedExpression) -> TypedExpression {
        guard let a = value.type.numberElement, let b = other.type.numberElement, a.isComplex || b.isComplex,
            a.isNumeric,
            let element = ElementType.join(a, b)
        else { return value }
        return asComplex(value, element)
    }

    /// `[1, 2i]`: the array of the real parts and that of the imaginary ones. Each element is evaluated once.
    func complexArray(_ elements: [TypedExpression], _ extents: [Int], _ span: Span) -> TypedExpression {
        var before: [TypedStatement] = []
        var named: [TypedExpression] = []
        for element in elements {
            guard elementLeaves(element) != nil, element.type.numberElement?.isNumeric == true else {
                return report(.elementNotScalar(element.type, at: element.span))
            }
            let (statements, name) = element.isNamed ? ([], element) : dissolved(element, named: "once")
            before += statements
            named.append(name)
        }
        let numbers = alikeComplex(named)
        guard let part = numbers[0].type.complexElement?.part else { return error(span) }
        let array = complex(
            arrayOf(numbers.map { component($0, 0) }, part, extents, span),
            arrayOf(numbers.map { component($0, 1) }, part, extents, span), span)
        return before.isEmpty ? array : TypedExpression(.block(TypedBlock(before, array)), array.type, span)
    }

    /// Numbers among which some are complex, all of one complex type; others as they are.
    func alikeComplex(_ values: [TypedExpression]) -> [TypedExpression] {
        let elements = values.compactMap(\.type.numberElement)
        guard elements.count == values.count, elements.contains(where: \.isComplex), elements.allSatisfy(\.isNumeric)
        else { return values }
        let joined = elements.reduce(.f32) { ElementType.join($0, $1) ?? $0 }
        return values.map { asComplex($0, joined.complex) }
    }

    // MARK: Conversions

    /// A conversion to complex numbers, or of such.
    func complexConversion(
        _ builtin: Builtin, _ kind: Builtin.Conversion, _ values: [TypedExpression], _ span: Span
    ) -> TypedExpression {
        var wanted: ElementType?
        if case .to(let element) = kind { wanted = element }
        if case .like = kind {
            wanted = values[1].type.numberElement
        } else if values.count == 2 {
            return complexOfParts(values, wanted, builtin.name, span)
        }
        let own = values[0].type.numberElement
        if case .toFloat = kind { wanted = own }
        guard let element = wanted ?? own?.complex else {
            return report(.badOperand(builtin.name, values[0].type, at: span))
        }
        if element.isComplex { return converted(values[0], toComplex: element, span) }
        guard own?.isComplex == true else { return converted(values[0], to: element, span) }
        return report(.complexToReal(values[0].type, element, at: span))
    }

    /// `c128(x)`, `complex(x)`: real numbers, or complex ones of either width.
    func converted(_ value: TypedExpression, toComplex element: ElementType, _ span: Span) -> TypedExpression {
        guard let own = value.type.numberElement, own.isNumeric else {
            return report(.badOperand(element.rawValue, value.type, at: value.span))
        }
        var result = asComplex(value, element)
        result.span = span
        return result
    }

    /// `c128(re, im)`: of reals that are alike.
    func complexOfParts(_ values: [TypedExpression], _ wanted: ElementType?, _ name: String, _ span: Span)
        -> TypedExpression
    {
        var joined: ElementType?
        for value in values {
            guard let own = value.type.array?.element, own.isNumeric else {
                return report(.badOperand(name, value.type, at: value.span))
            }
            joined = joined.map { $0.complex == .c64 ? own.complex : .c128 } ?? own.complex
        }
        guard let part = (wanted ?? joined)?.part else { return error(span) }
        let parts = values.map { $0.type.array?.element == part ? $0 : converted($0, to: part, $0.span) }
        return named(parts[0]) { real in
            self.named(parts[1]) { imaginary in
                self.complex(
                    self.stretched(real, beside: imaginary, name, span),
                    self.stretched(imaginary, beside: real, name, span), span)
            }
        }
    }

    /// A part with the shape and placement that it has together with another one.
    func stretched(_ part: TypedExpression, beside other: TypedExpression, _ name: String, _ span: Span)
        -> TypedExpression
    {
        guard let own = part.type.array, let beside = other.type.array else {
            return part.type == .error ? part : other
        }
        if own.shape == beside.shape, own.placement == beside.placement { return part }
        let chosen = TypedExpression(.constant(.bool(true)), .bool, span)
        return elementwise(
            .select, [chosen, part, convert(other, toElement: own.element)], result: own.element, name, span)
    }

    /// A value under a name, evaluated once; an array before the elements' code where it stands in some.
    func named(_ value: TypedExpression, _ use: (TypedExpression) -> TypedExpression) -> TypedExpression {
        let isArray = arrayType(of: value)?.isScalar == false
        return bindingOnce(isArray && context.isElement ? stable(value) : value, use)
    }
}

extension ValueType {
    /// The same of complex numbers, which real ones become.
    fileprivate func withComplexElements(_ element: ElementType) -> ValueType {
        guard let leaf = dataLeaves?.first else { return self }
        return ValueType.complex(element).over(leaf.shape, leaf.placement)
    }
}

extension Builtin.Conversion {
    /// Whether what it gives is complex whatever it gets.
    var isComplex: Bool {
        switch self {
        case .to(let element): element.isComplex
        case .toComplex: true
        case .toFloat, .like: false
        }
    }
}
