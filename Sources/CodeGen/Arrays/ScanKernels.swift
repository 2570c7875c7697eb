import LLVMSupport
import Language

/// What scans a leaf by one of the language's operators of numbers (docs/architecture.md, "Bits"): a function of a `pdl_scan_leaf`.
///
/// Eight elements are a group. Its prefixes are made in three steps, in which runs of 1, 2, 4 elements join: the right one takes in the last
/// of the left one. Then what comes before the group is combined with all of them.
///
///     a b c d …   →   a ab c cd …   →   a ab abc abcd …   →   …   →   carry ∘ a, carry ∘ ab, …; carry = carry ∘ abcdefgh
///
/// The first two steps and stores are of halves of a group: processors move numbers more cheaply inside of a short register.
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

    private static let half = Lanes.count / 2

    private func halfVector() throws -> LLVMType { try emitter.memoryType(element).vector(Self.half) }

    private func splat(_ number: LLVMValue) -> LLVMValue { builder.splat(number, Self.half) }

    /// One lane in all.
    private func spread(_ lane: Int, of values: LLVMValue) -> LLVMValue {
        builder.shuffle(values, values, Array(repeating: lane, count: Self.half))
    }

    // MARK: One line, whose elements stand side by side: a group is two vectors

    private func emitLine() throws {
        let type = try emitter.type(element).vector(Self.half)
        let state = LineState(carry: emitter.slot(type), total: emitter.slot(type))
        builder.store(splat(try emitter.load(element, carries, i64(0))), state.carry)
        try emitter.when(hasOut) {
            try emitGroups(state) { try emitGroup($0, state) }
        } otherwise: {
            try emitGroups(state) { try emitTotal($0, state) }
        }
        try emitter.store(builder.lane(builder.load(type, state.total), i64(0)), element, totals, i64(0))
    }

    private func emitGroups(_ state: LineState, _ emit: (Group) throws -> Void) throws {
        try emit(Group(index: i64(0), count: rows, isFirst: true))
        let end = builder.binary(.sub, rows, i64(Lanes.count - 1))
        let rest = try emitter.counted(i64(Lanes.count), end, i64(Lanes.count)) { try emit(Group(index: $0)) }
        try emitter.when(builder.compare(.slt, rest, rows)) {
            try emit(Group(index: rest, count: builder.binary(.sub, rows, rest)))
        }
    }

    /// Places of what comes before the next group, and of what the leaf comes to so far, in all lanes.
    private struct LineState {
        let carry, total: LLVMValue
    }

    /// `count`: how many elements are left; nil: eight or more. Before the first group there may be nothing.
    private struct Group {
        let index: LLVMValue
        var count: LLVMValue?
        var isFirst = false
    }

    private func emitGroup(_ group: Group, _ state: LineState) throws {
        let masks = group.count.map(masks)
        let prefixes = try prefixes(ofHalves: load(group, masks))
        let last = last(of: prefixes, group.count)
        let before = builder.load(last.type, state.carry)
        func join(_ values: LLVMValue) throws -> LLVMValue {
            let joined = try combine(before, values)
            return group.isFirst ? builder.select(hasCarry, joined, values) : joined
        }
        try add(last, group, state)
        builder.store(try join(last), state.carry)
        let start = group.isFirst ? builder.select(hasCarry, before, splat(identity)) : before
        let results = shown(try prefixes.map(join), after: start).map { emitter.inMemory($0, element) }
        try store(results, try address(out, group.index), masks)
    }

    /// The same where only the total is wanted: neighbours combine as they do in the steps.
    private func emitTotal(_ group: Group, _ state: LineState) throws {
        let halves = try load(group, group.count.map(masks))
        guard group.count == nil else {
            return try add(last(of: prefixes(ofHalves: halves), group.count), group, state)
        }
        var (low, high) = (halves[0], halves[1])
        for _ in 0..<Lanes.count.trailingZeroBitCount {
            let lanes = 0..<Self.half
            let left = builder.shuffle(low, high, lanes.map { 2 * $0 })
            let right = builder.shuffle(low, high, lanes.map { 2 * $0 + 1 })
            low = try combine(left, right)
            high = low
        }
        try add(spread(0, of: low), group, state)
    }

    private func add(_ last: LLVMValue, _ group: Group, _ state: LineState) throws {
        builder.store(
            group.isFirst ? last : try combine(builder.load(last.type, state.total), last), state.total)
    }

    /// What elements become before `results`: each the one before it, the first one what comes before the group.
    private func shown(_ results: [LLVMValue], after before: LLVMValue) -> [LLVMValue] {
        guard isExclusive else { return results }
        let shifted = Array(Self.half - 1..<2 * Self.half - 1)
        return zip([before] + results, results).map { builder.shuffle($0, $1, shifted) }
    }

    /// The last of a group's prefixes in all lanes.
    private func last(of prefixes: [LLVMValue], _ count: LLVMValue?) -> LLVMValue {
        guard let count else { return spread(Self.half - 1, of: prefixes[1]) }
        let all = builder.shuffle(prefixes[0], prefixes[1], Array(0..<Lanes.count))
        let isMore = builder.compare(.sgt, count, i64(Lanes.count))
        let place = builder.binary(.sub, builder.select(isMore, i64(Lanes.count), count), i64(1))
        return splat(builder.lane(all, place))
    }

    // MARK: Halves of a group in memory

    /// Which of its elements are there.
    private func masks(_ count: LLVMValue) -> [LLVMValue] {
        let isThere = builder.compare(.slt, emitter.laneNumbers, builder.splat(count, Lanes.count))
        return [0, Self.half].map { builder.shuffle(isThere, isThere, Array($0..<$0 + Self.half)) }
    }

    private func addresses(_ first: LLVMValue) throws -> [LLVMValue] {
        [first, builder.element(try halfVector(), first, i64(1))]
    }

    private func load(_ group: Group, _ masks: [LLVMValue]?) throws -> [LLVMValue] {
        let (type, alignment) = (try halfVector(), element.byteSize)
        return try addresses(address(from, group.index)).enumerated().map { half, address in
            let loaded =
                try masks.map {
                    try builder.intrinsic(
                        "llvm.masked.load", [type, emitter.llvm.pointer],
                        [address, emitter.i32(alignment), $0[half], type.null])
                } ?? builder.load(type, address, alignment: alignment)
            return element == .bool
                ? builder.cast(.truncate, loaded, to: emitter.llvm.integer(1).vector(Self.half)) : loaded
        }
    }

    private func store(_ halves: [LLVMValue], _ first: LLVMValue, _ masks: [LLVMValue]?) throws {
        let addresses = try addresses(first)
        guard let masks else {
            return emitter.stream(halves, addresses, element, where: isLarge)
        }
        for (half, value) in halves.enumerated() {
            try builder.intrinsic(
                "llvm.masked.store", [value.type, emitter.llvm.pointer],
                [value, addresses[half], emitter.i32(element.byteSize), masks[half]])
        }
    }

    private func prefixes(ofHalves halves: [LLVMValue]) throws -> [LLVMValue] {
        let halves = try halves.map { half in
            try steps(below: Self.half).reduce(half) { values, step in
                let lasts = builder.shuffle(values, values, (0..<Self.half).map { step.last(before: $0) ?? $0 })
                let takes = LLVMValue.vector(
                    (0..<Self.half).map { emitter.llvm.integer(1).constant(step.last(before: $0) == nil ? 0 : 1) })
                return builder.select(takes, try combine(lasts, values), values)
            }
        }
        return [halves[0], try combine(spread(Self.half - 1, of: halves[0]), halves[1])]
    }

    // MARK: Steps

    /// Runs of `length` elements join.
    private struct Step {
        let length: Int
        /// Where the last of the left run stands, for an element of a right one.
        func last(before place: Int) -> Int? {
            place & length == 0 ? nil : (place & ~(length - 1)) - 1
        }
    }

    private func steps(below count: Int) -> [Step] {
        (0..<count.trailingZeroBitCount).map { Step(length: 1 << $0) }
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
            isVector
                ? try emitter.loadVector(element, address(base, index), alignment: element.byteSize)
                : try emitter.load(element, base, index)
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
                let start = isVector ? builder.splat(identity, Lanes.count) : identity
                results = [builder.select(hasBefore, before, start)] + results.dropLast()
            }
            for (k, result) in results.enumerated() {
                try emitter.when(isThere[k]) { try write(result, out, places[k]) }
            }
        }
        let sum = builder.select(isLater, try combine(read(totals, line), last), last)
        try write(try join(last), carries, line)
        try write(sum, totals, line)
    }

    /// Of neighbouring rows.
    private func prefixes(_ group: [LLVMValue]) throws -> [LLVMValue] {
        try steps(below: Lanes.count).reduce(group) { values, step in
            try values.enumerated().map { place, value in
                try step.last(before: place).map { try combine(values[$0], value) } ?? value
            }
        }
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
