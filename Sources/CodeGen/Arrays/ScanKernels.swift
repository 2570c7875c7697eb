import LLVMSupport
import Language

/// What scans a leaf by one of the language's operators of numbers (docs/architecture.md, "Bits"): a function of a `pdl_scan_leaf`.
///
/// Eight elements are a group. Its prefixes are made in three steps, in which each element takes in what stands 1, 2, 4 places before it;
/// then what comes before the group is combined with all of them.
///
///     a b c d …   →   a ab bc cd …   →   a ab abc abcd …   →   …   →   carry ∘ a, carry ∘ ab, …; carry = carry ∘ abcdefgh
struct ScanKernel {
    let emitter: Emitter
    let op: ReductionOperator
    let element: ElementType
    let isExclusive: Bool
    /// The fields of `pdl_scan_leaf`, in its order.
    private let out, from, totals, carries, hasCarry, rows, stride, lines, isLarge: LLVMValue
    private let hasOut: LLVMValue
    private let identity: LLVMValue

    private var builder: LLVMBuilder { emitter.builder }
    private func i64(_ n: Int) -> LLVMValue { emitter.i64(n) }

    fileprivate init(
        _ emitter: Emitter, _ op: ReductionOperator, _ element: ElementType, isExclusive: Bool, leaf: LLVMValue
    ) throws {
        self.emitter = emitter
        self.op = op
        self.element = element
        self.isExclusive = isExclusive
        let builder = emitter.builder
        let word = emitter.llvm.integer(64)
        func field(_ place: Int, _ type: LLVMType) -> LLVMValue {
            builder.load(type, builder.element(word, leaf, emitter.i64(place)))
        }
        let addresses = (0..<4).map { field($0, emitter.llvm.pointer) }
        (out, from, totals, carries) = (addresses[0], addresses[1], addresses[2], addresses[3])
        let numbers = (4..<9).map { field($0, word) }
        hasCarry = builder.compare(.ne, numbers[0], emitter.i64(0))
        (rows, stride, lines) = (numbers[1], numbers[2], numbers[3])
        isLarge = builder.compare(.ne, numbers[4], emitter.i64(0))
        hasOut = builder.compare(.ne, out, emitter.llvm.pointer.null)
        identity = try emitter.identity(op, element)[0]
    }

    func emit() throws {
        let isRow = builder.binary(
            .and, builder.compare(.eq, lines, i64(1)), builder.compare(.eq, stride, i64(1)))
        try emitter.when(isRow) {
            try emitLine()
        } otherwise: {
            try emitLines()
        }
        builder.returnVoid()
    }

    private func combine(_ a: LLVMValue, _ b: LLVMValue) throws -> LLVMValue {
        try emitter.combine(op, [element], [a], [b])[0]
    }

    private func address(_ base: LLVMValue, _ index: LLVMValue) throws -> LLVMValue {
        builder.element(try emitter.memoryType(element), base, index)
    }

    private func splat(_ number: LLVMValue) -> LLVMValue { builder.splat(number, Lanes.count) }

    /// What elements become before `results`: each the one before it, the first one what comes before the group.
    private func shown(_ results: LLVMValue, after before: LLVMValue) -> LLVMValue {
        isExclusive ? builder.shuffle(before, results, Array(Lanes.count - 1..<2 * Lanes.count - 1)) : results
    }

    // MARK: One line, whose elements stand side by side: groups are vectors

    private func emitLine() throws {
        let type = try emitter.type(element).vector(Lanes.count)
        let state = LineState(carry: emitter.slot(type), total: emitter.slot(type))
        builder.store(splat(try emitter.load(element, carries, i64(0))), state.carry)
        try emitGroup(at: i64(0), count: rows, state, isFirst: true)
        let end = builder.binary(.sub, rows, i64(Lanes.count - 1))
        let rest = try emitter.counted(i64(Lanes.count), end, i64(Lanes.count)) {
            try emitGroup(at: $0, count: nil, state)
        }
        try emitter.when(builder.compare(.slt, rest, rows)) {
            try emitGroup(at: rest, count: builder.binary(.sub, rows, rest), state)
        }
        try emitter.store(builder.lane(builder.load(type, state.total), i64(0)), element, totals, i64(0))
    }

    /// Places of what comes before the next group, and of what the leaf comes to so far, in all lanes.
    private struct LineState {
        let carry, total: LLVMValue
    }

    /// `count`: how many elements are left; nil: eight or more. Before the first group there may be nothing.
    private func emitGroup(at index: LLVMValue, count: LLVMValue?, _ state: LineState, isFirst: Bool = false) throws {
        let vector = try emitter.memoryType(element).vector(Lanes.count)
        let mask = count.map { builder.compare(.slt, emitter.laneNumbers, splat($0)) }
        let prefixes = try prefixes(load(vector, try address(from, index), mask))
        let lastPlace = try count.map {
            builder.binary(.sub, try builder.intrinsic("llvm.smin", [$0.type], [$0, i64(Lanes.count)]), i64(1))
        }
        let last =
            lastPlace.map { splat(builder.lane(prefixes, $0)) }
            ?? builder.shuffle(prefixes, prefixes, Array(repeating: Lanes.count - 1, count: Lanes.count))
        let before = builder.load(prefixes.type, state.carry)
        func join(_ values: LLVMValue) throws -> LLVMValue {
            let joined = try combine(before, values)
            return isFirst ? builder.select(hasCarry, joined, values) : joined
        }
        builder.store(
            isFirst ? last : try combine(builder.load(prefixes.type, state.total), last), state.total)
        builder.store(try join(last), state.carry)
        try emitter.when(hasOut) {
            let start = isFirst ? builder.select(hasCarry, before, splat(identity)) : before
            let results = emitter.inMemory(shown(try join(prefixes), after: start), element)
            try store(results, try address(out, index), mask)
        }
    }

    private func load(_ vector: LLVMType, _ address: LLVMValue, _ mask: LLVMValue?) throws -> LLVMValue {
        let alignment = element.byteSize
        let loaded =
            try mask.map {
                try builder.intrinsic(
                    "llvm.masked.load", [vector, emitter.llvm.pointer],
                    [address, emitter.i32(alignment), $0, vector.null])
            } ?? builder.load(vector, address, alignment: alignment)
        return element == .bool
            ? builder.cast(.truncate, loaded, to: emitter.llvm.integer(1).vector(Lanes.count)) : loaded
    }

    private func store(_ values: LLVMValue, _ address: LLVMValue, _ mask: LLVMValue?) throws {
        if let mask {
            try builder.intrinsic(
                "llvm.masked.store", [values.type, emitter.llvm.pointer],
                [values, address, emitter.i32(element.byteSize), mask])
        } else if element == .bool {
            builder.store(values, address, alignment: 1)
        } else {
            emitter.stream(values, address, element, where: isLarge)
        }
    }

    /// Of the lanes of a vector.
    private func prefixes(_ group: LLVMValue) throws -> LLVMValue {
        var values = group
        for distance in [1, 2, 4] {
            let before = builder.shuffle(values, values, (0..<Lanes.count).map { max($0 - distance, 0) })
            let hasBefore = LLVMValue.vector(
                (0..<Lanes.count).map { emitter.llvm.integer(1).constant($0 < distance ? 0 : 1) })
            values = builder.select(hasBefore, try combine(before, values), values)
        }
        return values
    }

    // MARK: Lines side by side: a group is eight rows of them

    private func emitLines() throws {
        try emitter.counted(i64(0), rows, i64(Lanes.count)) { row in
            let end = builder.binary(.sub, lines, i64(Lanes.count - 1))
            let rest = try emitter.counted(i64(0), end, i64(Lanes.count)) {
                try emitRows(row, line: $0, isVector: true)
            }
            try emitter.counted(rest, lines, i64(1), asItIs: true) { try emitRows(row, line: $0, isVector: false) }
        }
    }

    /// Eight rows, or those that are left, of eight lines or one.
    private func emitRows(_ row: LLVMValue, line: LLVMValue, isVector: Bool) throws {
        func read(_ base: LLVMValue, _ index: LLVMValue) throws -> LLVMValue {
            guard isVector else { return try emitter.load(element, base, index) }
            return try load(try emitter.memoryType(element).vector(Lanes.count), try address(base, index), nil)
        }
        func write(_ value: LLVMValue, _ base: LLVMValue, _ index: LLVMValue) throws {
            let stored = emitter.inMemory(value, element)
            builder.store(stored, try address(base, index), alignment: element.byteSize)
        }
        let left = builder.binary(.sub, rows, row)
        let places = try (0..<Lanes.count).map { k in
            let last = builder.binary(.sub, left, i64(1))
            let place = try builder.intrinsic("llvm.smin", [last.type], [last, i64(k)])
            let start = builder.binary(.mul, builder.binary(.add, row, place), stride)
            return builder.binary(.add, start, line)
        }
        let prefixes = try prefixes(places.map { try read(from, $0) })
        let isThere = (0..<Lanes.count).map { builder.compare(.sgt, left, i64($0)) }
        let last = zip(prefixes, isThere).dropFirst().reduce(prefixes[0]) { builder.select($1.1, $1.0, $0) }
        let isLater = builder.compare(.ne, row, i64(0))
        let hasBefore = builder.binary(.or, hasCarry, isLater)
        let before = try read(carries, line)
        func join(_ value: LLVMValue) throws -> LLVMValue {
            builder.select(hasBefore, try combine(before, value), value)
        }
        try emitter.when(hasOut) {
            var results = try prefixes.map(join)
            if isExclusive {
                let start = isVector ? splat(identity) : identity
                results = [builder.select(hasBefore, before, start)] + results.dropLast()
            }
            for (k, result) in results.enumerated() {
                try emitter.when(isThere[k]) { try write(result, out, places[k]) }
            }
        }
        let total = try read(totals, line)
        let sum = builder.select(isLater, try combine(total, last), last)
        try write(try join(last), carries, line)
        try write(sum, totals, line)
    }

    /// Of neighbouring rows.
    private func prefixes(_ group: [LLVMValue]) throws -> [LLVMValue] {
        var values = group
        for distance in [1, 2, 4] {
            values = try values.indices.map {
                $0 < distance ? values[$0] : try combine(values[$0 - distance], values[$0])
            }
        }
        return values
    }
}

extension Emitter {
    /// `void kernel(const pdl_scan_leaf *leaf)`.
    func scanKernel(_ op: ReductionOperator, _ element: ElementType, isExclusive: Bool) throws -> LLVMValue {
        let name = "\(isExclusive ? "exscan" : "scan")_\(op)_\(element.rawValue)"
        if let known = combineFunctions[name] { return known }
        let function = llvm.definition(name, .function(llvm.void, [llvm.pointer]), .internal)
        combineFunctions[name] = function
        try writing(function, as: nil, line: 0) {
            let leaf = function.parameter(0)
            try ScanKernel(self, op, element, isExclusive: isExclusive, leaf: leaf).emit()
        }
        return function
    }
}
