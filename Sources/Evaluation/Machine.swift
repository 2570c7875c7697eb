import Language
import TypedTree

/// The state of a running program: its variables, and the rank on whose behalf rank-dependent code runs at the moment.
///
/// PDL has no recursion and variables have unique ids, so every variable has one fixed place; a variable whose values differ
/// between ranks has one place a rank, one after the other.
final class Machine {
    let grid: RankGrid
    var ranks: Int { grid.ranks }
    var rank: Int {
        get { currentRank.pointee }
        set { currentRank.pointee = newValue }
    }
    /// Behind a pointer, like the variables: the compiled closures look at it for every element.
    private let currentRank = UnsafeMutablePointer<Int>.allocate(capacity: 1)
    /// The variables that are numbers.
    let numbers: UnsafeMutableBufferPointer<Word>
    /// The variables that are arrays.
    let arrays: UnsafeMutableBufferPointer<ArrayValue>
    /// All other variables: parts, tuples, texts.
    var values: [Value]
    /// What the function that returned last returned.
    var returned = Value.void
    var returnedNumber: Word = 0
    let output: (String) -> Void

    init(_ grid: RankGrid, places: Places, output: @escaping (String) -> Void) {
        self.grid = grid
        self.output = output
        currentRank.initialize(to: 0)
        numbers = .allocate(capacity: places.numbers)
        numbers.initialize(repeating: 0)
        arrays = .allocate(capacity: places.arrays)
        arrays.initialize(repeating: ArrayValue(extents: [0], elements: []))
        values = Array(repeating: .void, count: places.values)
    }

    /// Seconds since some fixed moment.
    func seconds() -> Double {
        let elapsed = start.duration(to: .now).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
    }
    private let start = ContinuousClock.now

    deinit {
        currentRank.deallocate()
        numbers.deallocate()
        arrays.deinitialize().deallocate()
    }

    /// Runs something once on behalf of every rank.
    func onEveryRank(_ body: () throws -> Void) rethrows {
        let before = rank
        defer { rank = before }
        for rank in 0..<ranks {
            self.rank = rank
            try body()
        }
    }
}

/// Where variables live, given out as the program is compiled.
struct Places {
    private(set) var numbers = 0
    private(set) var arrays = 0
    private(set) var values = 0
    private var known: [Int: Place] = [:]
    let ranks: Int

    init(ranks: Int) { self.ranks = ranks }

    mutating func place(of variable: Variable) -> Place {
        if let place = known[variable.id] { return place }
        let isLocal = variable.type.isLocal
        let size = isLocal ? ranks : 1
        let place: Place
        switch variable.type.kind {
        case .number:
            place = Place(kind: .number, base: numbers, isLocal: isLocal)
            numbers += size
        case .array:
            place = Place(kind: .array, base: arrays, isLocal: isLocal)
            arrays += size
        case .value:
            place = Place(kind: .value, base: values, isLocal: isLocal)
            values += size
        }
        known[variable.id] = place
        return place
    }

    /// A place for an array that has no name.
    mutating func temporaryArray() -> Int {
        arrays += 1
        return arrays - 1
    }

    /// A second place of a variable's kind, for a value on its way into it.
    mutating func temporary(for variable: Variable) -> Place {
        var temporary = place(of: variable)
        let size = temporary.isLocal ? ranks : 1
        switch temporary.kind {
        case .number: (temporary.base, numbers) = (numbers, numbers + size)
        case .array: (temporary.base, arrays) = (arrays, arrays + size)
        case .value: (temporary.base, values) = (values, values + size)
        }
        return temporary
    }
}

/// In which of the machine's tables a variable lives, and where there.
struct Place {
    enum Kind { case number, array, value }
    let kind: Kind
    var base: Int
    let isLocal: Bool

    @inline(__always)
    func index(_ machine: Machine) -> Int { isLocal ? base + machine.rank : base }
}

extension ValueType {
    /// How values of this type are held.
    var kind: Place.Kind {
        guard let array, !array.placement.isPart else { return .value }
        return array.isScalar ? .number : .array
    }
}
