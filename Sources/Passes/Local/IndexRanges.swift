import IR
import Language

/// How far the integers inside a loop reach, as numbers computed before the loop.
///
/// Ends are f64, so that nothing wraps; every sum and product must stay below 2^53 (below 2^31 for an i32), where f64 is
/// exact, or the test fails. A range may be wider than the integers that occur; it is empty only where the code never runs.
struct IndexRanges {
    /// nil: no end is known.
    struct Ends {
        var low, high: Value?
        /// What must hold for the ends to be true.
        var conditions: [Value] = []
    }

    /// What holds at one place of the loop's body.
    struct Scope {
        fileprivate var bound: [Value: Ends] = [:]
        fileprivate var found: [Value: Ends] = [:]
        /// If one of these holds, nothing comes to this place.
        fileprivate var unreached: [Value] = []
    }

    var builder: Builder
    var scope = Scope()
    private var definitions: [Value: Node] = [:]
    private var inside: Set<Value> = []
    private let constants: [Value: Int]
    /// Values from before the loop as f64.
    private var outside: [Value: Value] = [:]

    /// Nodes go where `builder` stands. `constants`: the integers that are known in the module.
    init(_ builder: Builder, inside loop: Node, constants: [Value: Int]) {
        self.builder = builder
        self.constants = constants
        loop.forEachDefinition { inside.insert($0) }
        define(loop)
    }

    private mutating func define(_ node: Node) {
        for region in node.regions {
            for inner in region.nodes {
                for result in inner.results { definitions[result] = inner }
                define(inner)
            }
        }
    }

    /// A bool that is computed before the loop: true only if 0 <= index < extent each time that this place is reached.
    /// nil: what the index is, only the data tells.
    mutating func isInside(_ index: Value, extent: Value) throws -> Value? {
        let (index, extent) = (try ends(of: index), try ends(of: extent))
        guard let low = index.low, let high = index.high, let limit = extent.low else { return nil }
        var test = try builder.scalar(.and, atMost(constant(0), low), builder.scalar(.less, high, limit))
        for condition in index.conditions + extent.conditions { test = try builder.scalar(.and, test, condition) }
        for never in scope.unreached { test = try builder.scalar(.or, test, never) }
        return test
    }

    // MARK: What is known at a place

    /// Goes into the body of a `loop` or `forLoop`.
    mutating func enter(_ node: Node) throws {
        let ranges = IterationSpace(of: node)?.ranges ?? [node.range]
        for (index, range) in zip(node.regions[0].arguments, ranges) {
            let (lower, upper) = (try ends(of: range.lower), try ends(of: range.upper))
            var high = try upper.high.map { try builder.scalar(.subtract, $0, constant(1)) }
            if let last = high, constants[range.step] != 1, !inside.contains(range.lower), let first = lower.low {
                high = try lastIndex(first, last, try ends(of: range.step).low)
            }
            try bind(index, Ends(low: lower.low, high: high, conditions: lower.conditions + upper.conditions))
        }
    }

    /// The last index of `first, first + step, …` that is not above `last`.
    private mutating func lastIndex(_ first: Value, _ last: Value, _ step: Value?) throws -> Value {
        guard let step else { return last }
        let steps = try builder.scalar(.divide, builder.scalar(.subtract, last, first), step)
        return try builder.scalar(
            .add, first, builder.scalar(.multiply, builder.scalar(.floor, steps), step))
    }

    /// Takes a condition for true, or for false.
    mutating func assume(_ condition: Value, is truth: Bool) throws {
        guard let node = definitions[condition], case .scalar(let op) = node.operation else { return }
        let operands = node.values
        switch (op, truth) {
        case (.and, true), (.or, false):
            for operand in operands { try assume(operand, is: truth) }
        case (.not, _): try assume(operands[0], is: !truth)
        case (.less, true), (.greaterEqual, false): try order(operands[0], operands[1], gap: 1)
        case (.lessEqual, true), (.greater, false): try order(operands[0], operands[1], gap: 0)
        case (.greater, true), (.lessEqual, false): try order(operands[1], operands[0], gap: 1)
        case (.greaterEqual, true), (.less, false): try order(operands[1], operands[0], gap: 0)
        case (.equal, true), (.notEqual, false):
            try order(operands[0], operands[1], gap: 0)
            try order(operands[1], operands[0], gap: 0)
        default: break
        }
    }

    /// From now on a + gap <= b.
    private mutating func order(_ a: Value, _ b: Value, gap: Int) throws {
        guard builder.module.type(a).element == .i64 else { return }
        var (lesser, greater) = (try ends(of: a), try ends(of: b))
        let gap = try constant(gap)
        let high = try greater.high.map { try builder.scalar(.subtract, $0, gap) }
        let low = try lesser.low.map { try builder.scalar(.add, $0, gap) }
        let conditions = lesser.conditions + greater.conditions
        lesser.high = try either(.min, lesser.high, high)
        greater.low = try either(.max, greater.low, low)
        for (value, var ends) in [(a, lesser), (b, greater)] where inside.contains(value) {
            ends.conditions = conditions
            try bind(value, ends)
        }
    }

    private mutating func bind(_ value: Value, _ ends: Ends) throws {
        scope.bound[value] = ends
        scope.found = [:]
        guard let low = ends.low, let high = ends.high else { return }
        var isEmpty = try builder.scalar(.less, high, low)
        for condition in ends.conditions { isEmpty = try builder.scalar(.and, isEmpty, condition) }
        scope.unreached.append(isEmpty)
    }

    // MARK: Ends

    private mutating func ends(of value: Value) throws -> Ends {
        if let known = scope.bound[value] ?? scope.found[value] { return known }
        let ends = try inside.contains(value) ? computed(value) : point(value)
        scope.found[value] = ends
        return ends
    }

    private mutating func point(_ value: Value) throws -> Ends {
        if let number = outside[value] { return Ends(low: number, high: number) }
        let number = try constants[value].map { try constant($0) } ?? builder.convert(value, to: .f64)
        outside[value] = number
        return Ends(low: number, high: number)
    }

    private mutating func computed(_ value: Value) throws -> Ends {
        guard let node = definitions[value], let type = builder.module.type(value).element, type == .i64 || type == .i32
        else { return Ends() }
        if case .constant = node.operation { return try point(value) }
        if case .convert = node.operation {
            let isOfInteger = [.i64, .i32].contains(builder.module.type(node.value).element)
            return isOfInteger && type == .i64 ? try ends(of: node.value) : Ends()
        }
        if case .scalar(let op) = node.operation {
            if op == .select { return try hull(node.values[0], node.values[1], node.values[2]) }
            let ends = try scalar(op, node.values)
            return [.add, .subtract, .multiply, .negate].contains(op) ? try exact(ends, type) : ends
        }
        if case .loop(let loop) = node.operation { return try place(of: value, in: loop, node) }
        guard node.bodies == .ways, let place = node.results.firstIndex(of: value) else { return Ends() }
        return try hull(node.condition, node.regions[0].yielded[place], node.regions[1].yielded[place])
    }

    /// Where a `minloc` or `maxloc` found its value: at an index that was offered, if there was one.
    private mutating func place(of value: Value, in loop: Loop, _ node: Node) throws -> Ends {
        guard let result = node.results.firstIndex(of: value), let yield = loop.yieldIndex(ofResult: result),
            case .reduction(let op) = loop.yields[yield], op == .minloc || op == .maxloc,
            node.results.count == node.regions[0].yielded.count
        else { return Ends() }
        let outer = scope
        try enter(node)
        var ends = try ends(of: node.regions[0].yielded[result])
        for range in IterationSpace(of: node)?.ranges ?? [] {
            guard let upper = try self.ends(of: range.upper).low, let lower = try self.ends(of: range.lower).high else {
                return Ends()
            }
            ends.conditions.append(try builder.scalar(.less, lower, upper))
        }
        scope = outer
        return ends
    }

    /// One of two values, by a condition.
    private mutating func hull(_ condition: Value, _ then: Value, _ otherwise: Value) throws -> Ends {
        var ways: [Ends] = []
        for (value, truth) in [(then, true), (otherwise, false)] {
            let outer = scope
            try assume(condition, is: truth)
            ways.append(try ends(of: value))
            scope = outer
        }
        return Ends(
            low: try both(.min, ways[0].low, ways[1].low), high: try both(.max, ways[0].high, ways[1].high),
            conditions: ways[0].conditions + ways[1].conditions)
    }

    private mutating func scalar(_ op: ScalarOperator, _ operands: [Value]) throws -> Ends {
        let x = try operands.map { try ends(of: $0) }
        var result = Ends(conditions: x.flatMap(\.conditions))
        switch op {
        case .add:
            result.low = try both(.add, x[0].low, x[1].low)
            result.high = try both(.add, x[0].high, x[1].high)
        case .subtract:
            result.low = try both(.subtract, x[0].low, x[1].high)
            result.high = try both(.subtract, x[0].high, x[1].low)
        case .negate:
            result.low = try both(.subtract, constant(0), x[0].high)
            result.high = try both(.subtract, constant(0), x[0].low)
        case .multiply: try corners(x[0], x[1], &result) { try $0.scalar(.multiply, $1, $2) }
        case .min:
            result.low = try both(.min, x[0].low, x[1].low)
            result.high = try either(.min, x[0].high, x[1].high)
        case .max:
            result.low = try either(.max, x[0].low, x[1].low)
            result.high = try both(.max, x[0].high, x[1].high)
        case .bitAnd: try masked(by: operands, x[1], &result)
        case .modulo:
            guard let least = x[1].low, let greatest = x[1].high else { return result }
            (result.low, result.high) = (try constant(0), try builder.scalar(.subtract, greatest, constant(1)))
            result.conditions.append(try atMost(constant(1), least))
        case .floorDivide:
            guard let least = x[1].low else { return result }
            result.conditions.append(try atMost(constant(1), least))
            try quotient(x[0], x[1], &result)
        case .shiftRight:
            guard let count = constants[operands[1]], 0..<53 ~= count else { return result }
            let divisor = try constant(1 << count)
            try quotient(x[0], Ends(low: divisor, high: divisor), &result)
        default: break
        }
        return result
    }

    /// Some bits of an operand that is not negative are at most that.
    private mutating func masked(by operands: [Value], _ mask: Ends, _ result: inout Ends) throws {
        if let mask = operands.compactMap({ constants[$0] }).first(where: { $0 >= 0 }) {
            (result.low, result.high) = (try constant(0), try constant(mask))
        } else if let least = mask.low, let greatest = mask.high {
            (result.low, result.high) = (try constant(0), greatest)
            result.conditions.append(try atMost(constant(0), least))
        }
    }

    private mutating func quotient(_ a: Ends, _ b: Ends, _ result: inout Ends) throws {
        try corners(a, b, &result) { try $0.scalar(.floor, $0.scalar(.divide, $1, $2)) }
    }

    /// An operation that rises or falls all along each operand is least and greatest where both are at an end.
    private mutating func corners(
        _ a: Ends, _ b: Ends, _ result: inout Ends, _ operation: (inout Builder, Value, Value) throws -> Value
    ) throws {
        guard let aLow = a.low, let aHigh = a.high, let bLow = b.low, let bHigh = b.high else { return }
        var corners: [Value] = []
        for x in aLow == aHigh ? [aLow] : [aLow, aHigh] {
            for y in bLow == bHigh ? [bLow] : [bLow, bHigh] { corners.append(try operation(&builder, x, y)) }
        }
        result.low = try corners.dropFirst().reduce(corners[0]) { try builder.scalar(.min, $0, $1) }
        result.high = try corners.dropFirst().reduce(corners[0]) { try builder.scalar(.max, $0, $1) }
    }

    /// The ends, on the condition that no integer of the type between them has wrapped.
    private mutating func exact(_ ends: Ends, _ type: ElementType) throws -> Ends {
        guard let low = ends.low, let high = ends.high else { return Ends() }
        var result = ends
        let limit = type == .i32 ? 1 << 31 - 1 : 1 << 53
        result.conditions.append(try atMost(constant(-limit), low))
        result.conditions.append(try atMost(high, constant(limit)))
        return result
    }

    // MARK: Numbers

    private mutating func constant(_ number: Int) throws -> Value { try builder.constant(.float(Double(number), .f64)) }

    private mutating func atMost(_ a: Value, _ b: Value) throws -> Value { try builder.scalar(.lessEqual, a, b) }

    private mutating func both(_ op: ScalarOperator, _ a: Value?, _ b: Value?) throws -> Value? {
        guard let a, let b else { return nil }
        return try builder.scalar(op, a, b)
    }

    private mutating func either(_ op: ScalarOperator, _ a: Value?, _ b: Value?) throws -> Value? {
        guard let a, let b else { return a ?? b }
        return try builder.scalar(op, a, b)
    }
}
