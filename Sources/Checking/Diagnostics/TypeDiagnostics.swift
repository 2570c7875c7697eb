import Language
import Source
import Syntax
import TypedTree

// Types, shapes and indices.

extension Diagnostic {
    static func typeMismatch(_ have: ValueType, _ want: ValueType, _ what: String, at span: Span) -> Diagnostic {
        var notes: [Note] = []
        var fixIts: [FixIt] = []
        if let a = have.array, let b = want.array {
            if a.rank == b.rank, !a.element.widens(to: b.element) {
                notes.append(Note("narrowing is written: `\(b.element.rawValue)(...)`"))
                fixIts.append(FixIt("convert it", replace: span, with: "\(b.element.rawValue)(\(span.text))"))
            } else if a.rank == b.rank, a.placement.isDivided, b.placement == .replicated {
                notes.append(Note("`allgather(...)` would bring the whole array to every rank"))
                fixIts.append(FixIt("gather it", replace: span, with: "allgather(\(span.text))"))
            } else if let axis = redistribution(a, b) {
                notes.append(Note("`redistribute` divides it anew (cost class 3: moves the whole array)"))
                fixIts.append(redistributing(span, axis))
            } else if a.placement == .local, b.placement == .replicated {
                notes.append(Note("a local value differs between ranks"))
            } else if a.rank == b.rank, a.shape != b.shape {
                notes.append(Note("the shapes are [\(a.sizes)] and [\(b.sizes)]"))
            }
        }
        return Diagnostic(
            #function, "\(what) wants \(want), but this is \(have)", at: span, notes: notes, fixIts: fixIts)
    }

    /// The axis along which an array is wanted divided that is divided along another.
    private static func redistribution(_ have: ArrayType, _ want: ArrayType) -> Int? {
        guard have.rank == want.rank, have.placement != want.placement, have.placement.isDivided else {
            return nil
        }
        return want.placement.dividedAxis
    }

    private static func redistributing(_ span: Span, _ axis: Int) -> FixIt {
        FixIt("divide it along that axis", replace: span, with: "redistribute(\(span.text), axis: \(axis))")
    }

    static func argumentMismatch(_ name: String, _ have: ValueType, _ want: TypeExpression, at span: Span) -> Diagnostic
    {
        var fixIts: [FixIt] = []
        if have.array?.placement.isDivided == true, want.pattern?.placement == .replicated {
            fixIts.append(FixIt("bring the whole array to every rank", replace: span, with: "allgather(\(span.text))"))
        }
        if let have = have.array?.placement.dividedAxis, let want = want.pattern?.placement.dividedAxis, have != want {
            fixIts.append(redistributing(span, want))
        }
        return Diagnostic(
            #function, "the parameter `\(name)` wants \(want.span.text), but this is \(have)", at: span,
            notes: [Note("the parameter's type", at: want.span)], fixIts: fixIts)
    }

    /// `origins`: where the operands that are names got their shapes.
    static func shapeMismatch(
        _ op: String, _ a: TypedExpression, _ b: TypedExpression, at span: Span, origins: [(name: String, span: Span)]
    ) -> Diagnostic {
        Diagnostic(
            #function,
            "the shapes of `\(op)`'s operands disagree: [\(a.type.array?.sizes ?? "")] and [\(b.type.array?.sizes ?? "")]",
            at: span,
            notes: [Note("this is \(a.type)", at: a.span), Note("this is \(b.type)", at: b.span)]
                + origins.map { Note("`\($0.name)` gets its shape here", at: $0.span) })
    }

    static func badKeep(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`keep` is `true` or `false`, beside `axis: k`: `\(name)(a, axis: 0, keep: true)`", at: span)
    }

    static func productMismatch(
        _ a: ValueType, _ b: ValueType, inner: (Size, Size), at span: Span, origins: [(name: String, span: Span)]
    ) -> Diagnostic {
        Diagnostic(
            #function, "`@` multiplies \(a) by \(b), but the inner extents \(inner.0) and \(inner.1) differ", at: span,
            notes: origins.map { Note("`\($0.name)` gets its shape here", at: $0.span) })
    }

    static func sizeMismatch(_ name: String, _ want: Size, _ have: Size, at span: Span) -> Diagnostic {
        Diagnostic(#function, "`\(name)` stands for \(want) already, but this argument's extent is \(have)", at: span)
    }

    static func branchMismatch(_ a: ValueType, _ b: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(#function, "these values have no type in common: \(a) and \(b)", at: span)
    }

    static func tupleMismatch(_ count: Int, _ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(#function, "\(count) names cannot take \(type) apart", at: span)
    }

    static func badOperand(_ op: String, _ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(#function, "`\(op)` does not take \(type)", at: span)
    }

    static func badOperands(_ op: String, _ a: ValueType, _ b: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(op)` does not take \(a) and \(b)", at: span,
            notes: op == "+" && [a, b].contains(.string)
                ? [Note("a text is put together by holes: `\"{a} and {b}\"`")] : [])
    }

    static func complexOrder(_ op: String, _ element: ElementType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "complex numbers have no order: `\(op)` does not take \(element.rawValue)", at: span,
            notes: [Note("compare `abs(z)`, `real(z)` or `imag(z)`")])
    }

    static func complexToReal(_ type: ValueType, _ element: ElementType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a \(type) does not become \(element.rawValue) by dropping its imaginary part", at: span,
            notes: [Note("`real(z)`, `imag(z)` and `abs(z)` are real")])
    }

    static func integerPower(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "an integer's power is written with a literal exponent from 0 to 64; or convert to f64", at: span
        )
    }

    static func literalTooLarge(_ digits: String, _ element: ElementType, at span: Span) -> Diagnostic {
        Diagnostic(#function, "\(digits) does not fit \(element.rawValue)", at: span)
    }

    /// `isQuotient`: of integers, by `/`.
    static func notAnInteger(_ type: ValueType, at span: Span, isQuotient: Bool = false) -> Diagnostic {
        var note: String?
        if isQuotient { note = "`/` of integers is an f64; `//` rounds down and gives an integer" }
        if let array = type.array, array.element == .bool, !array.isScalar {
            note =
                "where a mask holds, elements are assigned under a condition: `x[i] = 0.0 for i in 0..n if x[i] < 0.0`"
        }
        return Diagnostic(
            #function, "an integer is wanted here, not \(type)", at: span, notes: note.map { [Note($0)] } ?? [])
    }

    static func tupleOfIntegers(_ parts: [Expression], at span: Span) -> Diagnostic {
        let separate = parts.map(\.span.text).joined(separator: ", ")
        return Diagnostic(
            #function, "each extent and each index is a value of its own: `zeros(n, m)`, `a[i, j]`", at: span,
            fixIts: [FixIt("leave the parentheses out", replace: span, with: separate)])
    }

    static func valueOfFull(_ shape: Expression, _ value: Expression, at span: Span) -> Diagnostic {
        var extents = shape.span.text
        if case .tuple(let parts) = shape.kind { extents = parts.map(\.span.text).joined(separator: ", ") }
        let whole = shape.span.joined(value.span)
        return Diagnostic(
            #function, "the value comes first, then an extent for each axis: `full(1.0, n, m)`", at: span,
            fixIts: [FixIt("put it first", replace: whole, with: "\(value.span.text), \(extents)")])
    }

    static func notACondition(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a condition is one bool, not \(type)", at: span,
            notes: type.array?.isScalar == false
                ? [Note("`where(c, a, b)` chooses element by element; `any` and `all` make one bool")] : [])
    }

    static func badStep(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a step is a positive integer literal", at: span,
            notes: [
                Note(
                    "a `for` statement counts down by a negative one; elsewhere count up and read at `n - 1 - i`, or turn an array round with `reversed(a)`"
                )
            ])
    }

    static func stepTooLarge(at span: Span) -> Diagnostic {
        Diagnostic(#function, "a step is at most 2^59, more than any array is long", at: span)
    }

    static func emptyArray(at span: Span) -> Diagnostic {
        Diagnostic(#function, "an empty array has no type; write `zeros(0)`", at: span)
    }

    static func raggedArray(at span: Span, _ first: Span) -> Diagnostic {
        Diagnostic(
            #function, "the rows of an array have one shape, but this one differs from the first", at: span,
            notes: [Note("the first row", at: first)])
    }

    static func elementNotScalar(_ type: ValueType, at span: Span) -> Diagnostic {
        let rows = Note(
            "`for r in m` goes over the rows of a matrix; `[f(m[i, j]) for i in 0..n, j in 0..k]` over its elements")
        return Diagnostic(
            #function, "an element is one number that every rank can compute, not \(type)", at: span,
            notes: type.array?.isScalar == false ? [rows] : [])
    }

    static func conditionalArray(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "an array's size cannot depend on its elements; a condition belongs into a reduction", at: span,
            notes: [Note("`x[x > 0.0]`, or `compress(x, mask)`, keeps those elements for which a mask is true")])
    }

    static func notIterable(_ type: ValueType, at span: Span) -> Diagnostic {
        let isCount = type.array?.element.isInteger == true
        return Diagnostic(
            #function, "`for ... in` runs over a range or an array, not \(type)", at: span,
            fixIts: isCount ? [FixIt("count from 0", replace: span, with: "0..\(span.text)")] : [])
    }

    static func notIndexable(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(#function, "\(type) has no elements to index", at: span)
    }

    static func notReducible(_ name: String, _ type: ValueType, at span: Span) -> Diagnostic {
        var notes: [Note] = []
        if type.components != nil {
            notes.append(
                Note(
                    "`reduce(f, init, a)` and `scan(f, init, a)` combine tuples and records whose arrays have one shape"
                ))
        }
        if type.isLocal, type.array?.isScalar == true { notes.append(.combiningLocals(span)) }
        return Diagnostic(#function, "`\(name)` takes an array, not \(type)", at: span, notes: notes)
    }

    static func badReduction(_ name: String, _ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(#function, "`\(name)` does not combine values of type \(type)", at: span)
    }

    static func badAxis(_ axis: Int, _ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(#function, "\(type) has no axis \(axis); axes count from 0", at: span)
    }

    static func viewTwice(_ axis: Int, _ edge: Edge, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "axis \(axis) is seen through `\(edge.rawValue)` already", at: span,
            notes: [Note("each axis may have a view of its own: `padded(periodic(a, axis: 0), x, axis: 1)`")])
    }

    static func paddedTwice(at span: Span) -> Diagnostic {
        Diagnostic(#function, "one value stands around a view, and this one has it already", at: span)
    }

    static func mixedViews(at span: Span) -> Diagnostic {
        Diagnostic(#function, "a function returns one kind of view everywhere, or none", at: span)
    }

    static func viewAsArray(_ view: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(view)` is a view, which can only be indexed", at: span,
            notes: [
                Note("`[\(view)[i - 1] for i in 0..n]` makes an array of what it shows"),
                Note("a function's parameter without a type takes a view, and a function without a type returns one"),
            ])
    }

    static func reshapeMismatch(_ type: ValueType, _ count: Size, _ shape: [Size], at span: Span) -> Diagnostic {
        let wanted = shape.map(\.description).joined(separator: ", ")
        return Diagnostic(
            #function,
            "the \(count) elements of this \(type) do not fill [\(wanted)], which has \(shape.reduce(Size(1), *))",
            at: span)
    }

    static func negativeExtent(_ extent: Int, at span: Span) -> Diagnostic {
        Diagnostic(#function, "an array cannot have \(extent) elements along an axis", at: span)
    }

    static func indexArrayBeside(_ array: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "an array of indices takes the place of one axis, and there is one of them",
            at: span,
            notes: [
                Note(
                    "the rows at idx are `\(array)[idx]`; a comprehension reads any elements: `[a[i, idx[j]] for i in 0..n, j in 0..k]`"
                )
            ])
    }

    static func maskBeside(_ mask: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "a mask chooses rows, along the first axis, and this \(mask) stands at another", at: span,
            notes: [Note("`transpose(m)[mask]` chooses columns of a matrix, as the rows of its result")])
    }

    static func indicesAssignedBeside(_ array: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "elements at an array of indices are assigned along the first axis alone: `\(array)[idx] = v`",
            at: span,
            notes: [
                Note("`\(array)[i, j] = E for i in 0..n, j in 0..m if C` assigns where a condition holds"),
                Note("`\(array)[i, idx[j]] += E for i in 0..n, j in 0..k` adds at any places"),
            ])
    }

    static func maskOfOtherShape(_ name: String, _ type: ValueType, _ mask: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "a mask has a bool for each element or for each row of what is assigned: \(mask) is none of `\(name)`, \(type)",
            at: span)
    }

    static func localExtent(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(#function, "an extent of an array is the same on every rank, and this \(type) may not be", at: span)
    }

    static func notAPermutation(_ type: ValueType, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`permute` takes the new places as an array of integers with one axis, not \(type)", at: span)
    }

    static func viewSliced(_ view: String, at span: Span) -> Diagnostic {
        Diagnostic(#function, "`\(view)` is a view, which is read element by element, not in slices", at: span)
    }

    static func wrongIndexCount(_ rank: Int, got: Int, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "this array has \(rank) \(rank == 1 ? "axis" : "axes"), but \(got) \(got == 1 ? "index is" : "indices are") written; "
                + "`..` keeps an axis", at: span)
    }

    static func indexOutOfRange(_ index: String, _ extent: Size, _ axis: Int, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "index \(index) of axis \(axis) is outside 0..\(extent)", at: span,
            notes: index.hasPrefix("-")
                ? [Note("indices do not count from the end: the last one is `\(extent - Size(1))`")] : [])
    }

    static func regionShape(
        _ name: String, _ region: [Size], _ value: TypedExpression, at span: Span
    ) -> Diagnostic {
        Diagnostic(
            #function,
            "the elements of `\(name)` that are assigned have the shape [\(region.map(\.description).joined(separator: ", "))], but this is \(value.type)",
            at: span, notes: [Note("one number is assigned to all of them; there is no other broadcasting")])
    }

    static func dependentRange(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "the rows of an array have one length, so its ranges cannot depend on each other", at: span,
            notes: [
                Note("a triangle is `[if j < i { E } else { 0.0 } for i in 0..n, j in 0..n]`"),
                Note("reductions take such ranges, and assignments: `m[i, j] = E for i in 0..n, j in 0..i`"),
            ])
    }

    static func unboundedRange(at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "how far this range reaches for the other indices is not known before they run", at: span,
            notes: [
                Note(
                    "it may depend on them by + - * // min max; what arrays hold can end the range of a reduction: "
                        + "`sum(E for k in row[i]..row[i+1])`")
            ])
    }

    static func indexInRagged(_ name: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function, "`\(name)` gives an index into a box, and ranges that depend on each other make none", at: span)
    }

    static func overlappingWrites(_ index: String, at span: Span) -> Diagnostic {
        Diagnostic(
            #function,
            "elements would be written more than once: the subscripts do not tell all `\(index)` apart", at: span,
            notes: [
                Note("a subscript is an index, times a number or plus another index"),
                Note("an operator combines what meets at an element: `h[key[i]] += E for i in 0..n`"),
            ])
    }
}

extension ArrayType {
    var sizes: String { shape.map(\.description).joined(separator: ", ") }
}
