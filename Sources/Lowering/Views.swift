import IR
import Language
import TypedTree

extension Lowering {
    /// An element of a view, or beside the divided index.
    ///
    ///     padded(u, x)[i, j - 1]   →   %r: f64 = if (0 <= %j1 and %j1 < %m) { yield element %u[%i, %j1] } else { yield %x }
    ///
    /// Beyond the divided axis's ends a periodic read goes on: the rows that it finds there are the other end's.
    func element(
        of array: TypedExpression, _ view: View, _ indices: [TypedExpression], _ bounds: TypedTree.Bounds
    ) throws -> Value {
        let span = builder.span
        let base = try value(expression(array))
        let places = try indices.map { try number($0) }
        builder.span = span
        let divided = array.type.array?.placement.distribution.dividedAxes ?? []
        let order = array.storageOrder
        let extents = self.extents(of: base, order)
        let checked = bounds == .checked ? IR.Bounds.checked(order) : .proved
        let open = view.openAxes.filter { view.edge($0) != .periodic || !divided.contains($0) }
        let read = { places, bounds in try self.read(base, view, divided, order.stored(places), bounds) }
        guard !open.isEmpty else { return try read(places, checked) }
        let isPlain = view.edges.contains(nil) ? checked : .proved
        let inside = try region { _ in [try read(places, isPlain)] }
        let outside = try region { _ in
            [try self.outside(view, places, extents, open) { try read($0, checked) }]
        }
        return try builder.conditional(try areInside(open, places, extents), inside, outside)[0]
    }

    /// What is seen where an index is outside: the value around the array if that is along a padded axis, else what is seen at the
    /// place that the index is moved to.
    private func outside(
        _ view: View, _ places: [Value], _ extents: [Value], _ open: [Int], _ read: ([Value]) throws -> Value
    ) throws -> Value {
        let padded = open.filter { view.edge($0) == .padded }
        func moved() throws -> Value {
            var moved = places
            for axis in open {
                guard let edge = view.edge(axis), edge != .padded else { continue }
                moved[axis] = try self.moved(places[axis], into: extents[axis], edge)
            }
            return try read(moved)
        }
        guard let fill = view.fill, !padded.isEmpty else { return try moved() }
        if padded.count == open.count { return try number(fill) }
        let inside = try region { _ in [try moved()] }
        let around = try region { _ in [try self.number(fill)] }
        return try builder.conditional(try areInside(padded, places, extents), inside, around)[0]
    }

    private func areInside(_ axes: [Int], _ places: [Value], _ extents: [Value]) throws -> Value {
        let tests = try axes.map { try isInside(places[$0], extents[$0]) }
        return try tests.dropFirst().reduce(tests[0]) { try builder.scalar(.and, $0, $1) }
    }

    private func read(_ base: Value, _ view: View, _ divided: [Int], _ places: [Value], _ bounds: IR.Bounds) throws
        -> Value
    {
        let reaches = zip(divided, [view.offsets, view.across]).map { axis, offsets in
            Neighbour.Reach(offsets: offsets, wraps: view.edge(axis) == .periodic)
        }
        guard let rows = reaches.first, reaches.contains(where: { $0.offsets != 0...0 }) else {
            return try builder.element(base, places, bounds)
        }
        let neighbour = Neighbour(rows, columns: reaches.dropFirst().first, bounds: bounds)
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
