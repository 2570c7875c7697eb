import Language
import TypedTree

extension Domain {
    /// How the points of an array over it follow each other.
    var order: StorageOrder { distribution.storageOrder }

    /// The same points in that order.
    var stored: Domain {
        Domain(
            ranges: order.stored(ranges), divided: divided.map { (order.stored(axis: $0.range), $0.extent) },
            across: across.map { (order.stored(axis: $0.range), $0.extent) })
    }
}

extension ArrayValue {
    /// The array whose elements are given in an order of storage.
    init(storedExtents extents: [Int], elements: [Word], _ order: StorageOrder) {
        self.init(extents: extents, elements: elements)
        if order != .plain { self = permuted(order.transposition(to: .plain, rank: extents.count)) }
    }
}

extension ClosureBuilder {
    func domain(_ domain: Domain) throws -> DomainCode {
        DomainCode(
            ranges: try domain.ranges.map(range), divided: try domain.divided.map { ($0.range, try number($0.extent)) },
            across: try domain.across.map { ($0.range, try number($0.extent)) })
    }

    func range(_ range: Domain.Range) throws -> DomainCode.Range {
        DomainCode.Range(
            place: place(range.index), lower: try number(range.lower), upper: try number(range.upper),
            step: try number(range.step))
    }
}

/// The index space of a comprehension, reduction or update, ready to be run through.
struct DomainCode {
    struct Range {
        let place: Place
        let lower, upper, step: NumberCode
    }

    /// The indices lower, lower + step, … below upper.
    struct Extent {
        var lower, upper, step: Int
        /// max(0, upper - lower), strides not considered.
        var span: Int { upper > lower ? Int(clamping: UInt(bitPattern: upper &- lower)) : 0 }
        var count: Int { span > 0 && step > 0 ? (span - 1) / step + 1 : 0 }
        /// The extent of an axis made over the range: the same, negative where the range ends before it begins.
        var extent: Int { floorDivide(upper &- lower &+ (step - 1), step) }
        /// Where there is one.
        var last: Int { lower + (count - 1) * step }
    }

    /// The ranges with their bounds.
    struct Box {
        var extents: [Extent]
        var blocks: Blocks?
        /// Along the columns of a grid of ranks; `blocks` are then along its rows.
        var across: Blocks?
        var counts: [Int] { extents.map(\.count) }
        var shape: [Int] { extents.map(\.extent) }
    }

    let ranges: [Range]
    let divided: (range: Int, extent: NumberCode)?
    var across: (range: Int, extent: NumberCode)?

    /// The body of a divided domain runs on behalf of the rank that owns the index.
    func bodyBuilder(_ builder: ClosureBuilder) -> ClosureBuilder { divided == nil ? builder : builder.forOneRank }

    func box(_ machine: Machine) throws -> Box {
        let extents = try ranges.map { range in
            Extent(
                lower: Int(word: try range.lower(machine)), upper: Int(word: try range.upper(machine)),
                step: Int(word: try range.step(machine)))
        }
        func blocks(_ cut: (range: Int, extent: NumberCode)?, _ direction: Direction) throws -> Blocks? {
            try cut.map { Blocks(extent: Int(word: try $0.extent(machine)), machine.grid, direction) }
        }
        return Box(
            extents: extents, blocks: try blocks(divided, across == nil ? .all : .rows),
            across: try blocks(across, .columns))
    }

    /// Runs the body for every point in row-major order, the indices in their variables.
    func visit(_ machine: Machine, _ box: Box, _ body: () throws -> Void) throws {
        let rank = machine.rank
        defer { machine.rank = rank }
        try visit(machine, box, from: 0, body)
    }

    /// The same for the ranges from `axis` on, those before it being set.
    func visit(_ machine: Machine, _ box: Box, from axis: Int, _ body: () throws -> Void) throws {
        guard axis < ranges.count else { return try body() }
        let isInnermost = axis + 1 == ranges.count
        try forEachIndex(machine, box, of: axis) { _ in
            if isInnermost { try body() } else { try visit(machine, box, from: axis + 1, body) }
        }
    }

    /// Runs the body for every index of one range. Leaves `machine.rank` at the last index's owner when the range is divided.
    @inline(__always)
    func forEachIndex(_ machine: Machine, _ box: Box, of axis: Int, _ body: (Int) throws -> Void) throws {
        let extent = box.extents[axis]
        let place = ranges[axis].place
        let blocks = divided?.range == axis ? box.blocks : across?.range == axis ? box.across : nil
        var own = 0..<0
        var index = extent.lower
        for _ in 0..<extent.count {
            if let blocks, !own.contains(index) {
                let owner = blocks.owner(of: index)
                machine.rank = machine.grid.moved(machine.rank, to: owner, blocks.direction)
                own = blocks.range(of: owner)
            }
            machine.numbers[place.index(machine)] = index.word
            try body(index)
            index &+= extent.step
        }
    }
}
