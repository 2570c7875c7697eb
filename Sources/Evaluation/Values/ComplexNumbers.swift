// Complex numbers are tuples of two parts. In one piece, as people and files have them, they are an array with an axis more, of the two.

extension Value {
    func inOnePiece() throws -> ArrayValue {
        guard case .tuple(let parts) = self else { return try array() }
        let (real, imaginary) = (try parts[0].array(), try parts[1].array())
        return ArrayValue(
            extents: real.extents + [2], elements: zip(real.elements, imaginary.elements).flatMap { [$0, $1] })
    }

    /// What one rank holds of a part, or of a tuple of parts.
    func held(by rank: Int) throws -> Value {
        guard case .tuple(let parts) = self else { return try part().held(by: rank) }
        return .tuple(try parts.map { try $0.held(by: rank) })
    }
}

extension ArrayValue {
    /// The opposite of `inOnePiece`.
    var parts: Value {
        let halves = [0, 1].map { half in
            ArrayValue(
                extents: extents.dropLast(),
                elements: stride(from: half, to: elements.count, by: 2).map { elements[$0] })
        }
        return .tuple(halves.map(Value.array))
    }
}
