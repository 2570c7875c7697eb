import IR
import Language
import Semantics

extension Lowering {
    /// An element of a view, or beside the divided index.
    ///
    ///     padded(u, x)[i, j - 1]   →   %r: f64 = if (0 <= %j1 and %j1 < %m) { yield element %u[%i, %j1] } else { yield %x }
    ///
    /// Beyond the divided axis's ends a periodic read goes on: the rows that it finds there are the other end's.
    func element(
        of array: TypedExpression, _ view: View, _ indices: [TypedExpression], _ bounds: Semantics.Bounds
    ) throws -> Value {
        let span = builder.span
        let base = try value(expression(array))
        let places = try indices.map { try number($0) }
        builder.span = span
        let divided = array.type.array?.placement.dividedAxis
        let order = array.storageOrder
        let extents = self.extents(of: base, order)
        let checked = bounds == .checked ? IR.Bounds.checked(order) : .proved
        let open = view.openAxes.filter { view.edge != .periodic || $0 != divided }
        guard let edge = view.edge, !open.isEmpty else { return try read(base, view, order.stored(places), checked) }
        let isInside = try open.map { try self.isInside(places[$0], extents[$0]) }
        let test = try isInside.dropFirst().reduce(isInside[0]) { try builder.scalar(.and, $0, $1) }
        let inside = try region { _ in [try self.read(base, view, order.stored(places), .proved)] }
        let outside = try region { _ in
            if let fill = view.fill { return [try self.number(fill)] }
            var moved = places
            for axis in open { moved[axis] = try self.moved(places[axis], into: extents[axis], edge) }
            return [try self.read(base, view, order.stored(moved), checked)]
        }
        return try builder.conditional(test, inside, outside)[0]
    }

    private func read(_ base: Value, _ view: View, _ places: [Value], _ bounds: IR.Bounds) throws -> Value {
        if view.offsets == 0...0 { return try builder.element(base, places, bounds) }
        let neighbour = Neighbour(offsets: view.offsets, wraps: view.edge == .periodic, bounds: bounds)
        return try one(.neighbour(neighbour), [base] + places)
    }

    private func isInside(_ index: Value, _ extent: Value) throws -> Value {
        try builder.scalar(
            .and, try builder.scalar(.lessEqual, try i64(0), index), try builder.scalar(.less, index, extent))
    }

    /// The index whose element is seen at `index`. Of an empty axis none is: the result is outside too.
    private func moved(_ index: Value, into extent: Value, _ edge: Edge) throws -> Value {
        let one = try i64(1)
        if edge == .periodic { return try builder.scalar(.modulo, index, try builder.scalar(.max, extent, one)) }
        let last = try builder.scalar(.subtract, extent, one)
        return try builder.scalar(.min, try builder.scalar(.max, index, try i64(0)), last)
    }
}
