import Language
import Source
import Syntax
import TypedTree

// Fourier transforms. Lines along an axis that is whole on every rank are transformed where they lie; those along the divided axis are
// made whole before and divided again after: by dividing another axis, and where there is none, by cutting the one line into rows.

extension Checker {
    /// `fft(z)`, `irfft(z, n, axis: k)`; `count`: over how many of the last axes it goes.
    func transform(
        _ kind: ArrayOperation.Kind, _ count: Int?, _ builtin: Builtin, _ arguments: [Argument], _ span: Span
    ) -> TypedExpression {
        var positional = arguments
        var axis: Int?
        if count == 1, let last = arguments.last, last.label != nil {
            guard let named = self.axis(last, builtin.name) else { return error(span) }
            axis = named
            positional.removeLast()
        }
        if let argument = positional.first(where: { $0.label != nil || $0.generator != nil }) {
            return report(.unknownLabel(argument.label?.text ?? "for", builtin.name, at: argument.value.span))
        }
        guard positional.count == 1 || positional.count == 2 && kind == .irfft else {
            return report(
                .wrongArgumentCount(
                    builtin.name, expected: kind == .irfft ? "1 or 2" : "1", got: positional.count, at: span))
        }
        let value = expression(positional[0].value)
        let length = positional.count == 2 ? index(positional[1].value) : nil
        guard value.type != .error, length?.type != .error else { return error(span) }
        guard let lines = lines(value, kind, builtin), let type = arrayType(of: lines) else { return error(span) }
        guard (axis.map { type.shape.indices.contains($0) } ?? true) && (count ?? 1) <= type.rank else {
            return report(.badAxis(axis ?? (count ?? 1) - 1, value.type, at: span))
        }
        let transform = Transform(kind: kind, builtin: builtin, length: length, span: span)
        let axes = axis.map { [$0] } ?? (type.rank - (count ?? type.rank)..<type.rank).reversed()
        return axes.reduce(lines) { self.transformed($0, along: $1, transform) }
    }

    private struct Transform {
        var kind: ArrayOperation.Kind
        var builtin: Builtin
        /// How many elements the lines of the result have, where that is given.
        var length: TypedExpression?
        var span: Span
    }

    /// What is transformed, complex but for `rfft`; nil, reported, where it cannot be.
    private func lines(_ value: TypedExpression, _ kind: ArrayOperation.Kind, _ builtin: Builtin) -> TypedExpression? {
        guard let element = value.type.numberElement, element.isNumeric, !(kind == .rfft && element.isComplex) else {
            report(.badOperand(builtin.name, value.type, at: value.span))
            return nil
        }
        guard movable(firstLeaf(value), builtin) != nil else { return nil }
        let complex = element.complex
        return kind == .rfft ? convert(value, toElement: complex.part ?? .f64) : asComplex(value, complex)
    }

    private func transformed(_ value: TypedExpression, along axis: Int, _ transform: Transform) -> TypedExpression {
        guard value.type != .error, let type = arrayType(of: value) else { return value }
        guard type.placement.dividedAxis == axis else { return madeWhere(value, axis, transform) }
        guard type.rank > 1 else { return ofDividedLine(value, transform) }
        let across = axis == 0 ? 1 : 0
        let there = leafwise(value) { redivided($0, along: across, transform.span) }
        return named(madeWhere(there, axis, transform)) { lines in
            self.mapped(lines) { self.redivided($0, along: axis, transform.span) }
        }
    }

    /// The lines are whole where they lie.
    private func madeWhere(_ value: TypedExpression, _ axis: Int, _ transform: Transform) -> TypedExpression {
        let span = transform.span
        return named(value) { value in
            guard var type = arrayType(of: value) else { return self.error(span) }
            var operands = value.leafReads
            let extent = self.extent(operands[0], axis, span)
            switch transform.kind {
            case .rfft: type.shape[axis] = self.half(type.shape[axis], extent, span)
            case .irfft:
                let length = transform.length ?? self.evenLength(extent, span)
                type.shape[axis] = self.sizes.size(of: length)
                operands.append(length)
            default: break
            }
            let result: ValueType =
                transform.kind == .irfft
                ? .array(type) : ValueType.complex(type.element.complex).over(type.shape, type.placement)
            return self.made(
                ArrayOperation(transform.kind, [axis]), operands, result, transform.builtin, span)
        }
    }

    /// n // 2 + 1
    private func half(_ size: Size, _ extent: TypedExpression, _ span: Span) -> Size {
        if let constant = size.constant { return Size(constant / 2 + 1) }
        let quotient = arithmetic(.floorDivide, extent, integer(2, span), span)
        return sizes.size(of: quotient, named: "\(size) // 2") + Size(1)
    }

    /// 2 (n - 1)
    private func evenLength(_ extent: TypedExpression, _ span: Span) -> TypedExpression {
        arithmetic(.multiply, integer(2, span), arithmetic(.subtract, extent, integer(1, span), span), span)
    }

    // MARK: The one line of a divided array

    private func ofDividedLine(_ line: TypedExpression, _ transform: Transform) -> TypedExpression {
        let (name, span) = (transform.builtin.name, transform.span)
        requireUniform("`\(name)`", span)
        let texts: [ArrayOperation.Kind: String] = [
            .fft: Self.dividedTransform,
            .ifft: "fn ifft(z) = conj(fft(conj(z))) / cast_like(size(z), z.real)",
            .rfft: "fn rfft(x) = fft(x)[0..size(x) // 2 + 1]",
            .irfft: "fn irfft(z, n) = real(ifft(concat(z, conj(reversed(z[1..n - size(z) + 1])))))",
        ]
        guard let text = texts[transform.kind],
            let declaration = preludeDeclaration("\(name) of a divided line", text)
        else { return report(.badPrelude(name, at: span)) }
        return named(line) { line in
            var values = [line]
            if transform.kind == .irfft {
                values.append(
                    transform.length ?? self.evenLength(self.extent(self.firstLeaf(line), 0, span), span))
            }
            return self.specialisedCall(declaration, values.map(Actual.value), span, span)
        }
    }

    /// A matrix of p rows and n / p columns: its columns are transformed, turned, then its rows.
    private static let dividedTransform = """
        fn fft(z) {
            let n = size(z)
            var side = max(1, i64(sqrt(f64(n))))
            while n % side != 0 { side -= 1 }
            let p = side
            let q = n // p
            let columns = fft(redistribute(reshape(z, p, q), axis: 1), axis: 0)
            let step = -2.0 * pi / f64(n)
            let turned = [columns[k, j] * complex(cos(step * f64(j * k)), sin(step * f64(j * k))) for k in 0..p, j in 0..q]
            let rows = fft(redistribute(turned, axis: 0))
            return cast_like(reshape(redistribute(transpose(rows), axis: 0), n), z)
        }
        """
}
