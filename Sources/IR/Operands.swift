import Language

/// The operands of a node by the names of its row (`Operation.row`).
extension Node {
    public var array: Value {
        get { self[.array] }
        set { operands[place(of: .array).lowerBound] = newValue }
    }
    public var base: Value { self[.base] }
    public var condition: Value { self[.condition] }
    public var extent: Value { self[.extent] }
    public var index: Value { self[.index] }
    public var path: Value { self[.path] }
    public var detail: Value { self[.detail] }
    public var value: Value { self[.value] }

    public var arrays: [Value] { self[all: .arrays] }
    /// The part that is shown.
    public var part: Value? { self[all: .part].first }
    /// What a sequential loop's first turn begins with.
    public var carried: [Value] { self[all: .carried] }
    /// Of `sweeps`: how many, of how many rows at a time, and where the results come to lie.
    public var count: Value { self[.count] }
    public var rows: Value { self[.rows] }
    public var buffers: [Value] { self[all: .buffers] }
    public var extents: [Value] { self[all: .extents] }
    public var holes: [Value] { self[all: .holes] }
    public var indices: [Value] { self[all: .indices] }
    public var keys: [Value] { self[all: .keys] }
    public var parts: [Value] { self[all: .parts] }
    public var spans: [Value] { self[all: .spans] }
    public var values: [Value] { self[all: .values] }

    /// The range of a sequential loop.
    public var range: IterationSpace.Range { .init(self[.lower], self[.upper], by: self[.step]) }
    /// The extents that must agree.
    public var compared: (expected: Value, actual: Value) { (self[.expected], self[.actual]) }

    /// The operands whose references the node takes (local stage). What a `yield` gives away is its region's business.
    public var taken: [Value] { operation.row.operands.filter(\.isTaken).flatMap { self[all: $0.name] } }
    /// The arrays of which it writes elements in place (local stage).
    public var written: [Value] { operation.row.operands.filter(\.isWritten).flatMap { self[all: $0.name] } }

    /// How it runs its bodies.
    public var bodies: Bodies { operation.row.bodies }
    /// What is exchanged of each of its arrays, wherever the exchange ends.
    public var exchanged: [Halo] {
        if case .exchange(let halos) = operation { return halos }
        if case .startExchange(let halos) = operation { return halos }
        return []
    }
    public var sent: Sent { operation.row.sent }
    /// Whether it takes about as long as reading a number from memory, and cannot fail.
    public var isLight: Bool { operation.row.isLight }
    /// Whether it and its bodies compute numbers, or check indices, and do nothing else: it may be run twice.
    public var isRepeatable: Bool {
        operation.row.isRepeatable && regions.allSatisfy { $0.nodes.allSatisfy(\.isRepeatable) }
    }

    subscript(name: OperandGroup.Name) -> Value { operands[place(of: name).lowerBound] }
    subscript(all name: OperandGroup.Name) -> [Value] { Array(operands[place(of: name)]) }

    private func place(of name: OperandGroup.Name) -> Range<Int> {
        operation.row.operands.place(of: name, among: operands.count)
    }
}

extension [OperandGroup] {
    /// How many operands there must be, without those that may be missing.
    var least: Int {
        reduce(0) { sum, group in
            if case .exactly(let count) = group.count { sum + count } else { sum }
        }
    }

    /// Which of so many operands have the name; none when there are too few.
    func place(of name: OperandGroup.Name, among count: Int) -> Range<Int> {
        var start = 0
        for group in self {
            let length = group.length(spare: count - least)
            if group.name == name { return start + length <= count ? start..<start + length : count..<count }
            start += length
        }
        return count..<count
    }
}

extension OperandGroup {
    /// How many operands it is, when there are so many more than there must be.
    func length(spare: Int) -> Int {
        switch count {
        case .exactly(let count): count
        case .atMostOne: Swift.min(1, Swift.max(0, spare))
        case .any: Swift.max(0, spare)
        }
    }
}
