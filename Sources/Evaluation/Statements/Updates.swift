import Language
import Source
import TypedTree

// `v[i, 2..5] = E for …`: every value is computed before the first is written.

extension ClosureBuilder {
    func update(_ statement: TypedStatement) throws -> StatementCode {
        guard case .update(let variable, let subscripts, let value, let condition, let domain) = statement.kind else {
            throw Fault("no update")
        }
        let (place, span) = (place(variable), statement.span)
        guard place.kind == .array else { throw Fault("an update of \(variable.type)") }
        let points = try self.domain(domain.stored)
        let body = points.bodyBuilder(self)
        let target = Target(array: place, cuts: try subscripts.map(body.cut), span: span)
        let values = try body.assigned(value)
        let test = try condition.map { try body.number($0) }
        return { machine in
            var writes: [(index: Int, value: Word)] = []
            let box = try points.box(machine)
            writes.reserveCapacity(try machine.countOfElements(box.counts, at: span))
            try points.visit(machine, box) {
                if let test, try test(machine) == 0 { return }
                try target.write(try values(machine), machine, to: &writes)
            }
            let array = place.index(machine)
            for write in writes { machine.arrays[array].elements[write.index] = write.value }
            return .end
        }
    }

    /// What is assigned at a point: an array, or one number for all elements there.
    private func assigned(_ value: TypedExpression) throws -> Code<[Word]> {
        if value.type.kind == .number {
            let code = try number(value)
            return { [try code($0)] }
        }
        let code = try array(value)
        return { try code($0).elements }
    }

    private func cut(_ subscripted: Subscripted) throws -> Code<DomainCode.Extent> {
        switch subscripted {
        case .index(let index, _):
            let code = try number(index)
            return { machine in
                let index = Int(word: try code(machine))
                return DomainCode.Extent(lower: index, upper: index &+ 1, step: 1)
            }
        case .range(let lower, let upper, let step):
            let (lower, upper, step) = (try number(lower), try number(upper), try number(step))
            return { machine in
                DomainCode.Extent(
                    lower: Int(word: try lower(machine)), upper: Int(word: try upper(machine)),
                    step: Int(word: try step(machine)))
            }
        }
    }

    /// Which elements of an array are assigned at a point.
    private struct Target {
        let array: Place
        let cuts: [Code<DomainCode.Extent>]
        let span: Span

        func write(_ values: [Word], _ machine: Machine, to writes: inout [(index: Int, value: Word)]) throws {
            let cut = try cuts.map { try $0(machine) }
            let array = array.index(machine)
            guard values.count > 1 || cut.contains(where: { $0.count != 1 }) else {
                writes.append((try machine.linearIndex(array, cut.map(\.lower), ownAxis: nil, span), values[0]))
                return
            }
            try machine.arrays[array].checkSlice(cut, at: span)
            let count = cut.map(\.count).reduce(1, *)
            guard values.count == count || values.count == 1 else {
                throw Fault("an update by another number of values")
            }
            for position in 0..<count {
                var (rest, index) = (position, [Int](repeating: 0, count: cut.count))
                for axis in cut.indices.reversed() {
                    index[axis] = cut[axis].lower + rest % cut[axis].count * cut[axis].step
                    rest /= cut[axis].count
                }
                let linear = try machine.linearIndex(array, index, ownAxis: nil, span)
                writes.append((linear, values.count == 1 ? values[0] : values[position]))
            }
        }
    }
}
