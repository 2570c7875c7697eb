import TypedTree

/// A part of the program, ready to run.
typealias Code<Result> = (Machine) throws -> Result

/// A part of the program that makes a number. A type of its own, because a bare closure is wrapped once more wherever it is
/// stored in something generic, and these run for every element.
struct NumberCode {
    private let code: (Machine) throws -> Word
    init(_ code: @escaping (Machine) throws -> Word) { self.code = code }

    @inline(__always)
    func callAsFunction(_ machine: Machine) throws -> Word { try code(machine) }
}

/// How statements end: they run to their end, return from their function, leave the loop around or go on with its next round.
enum Ending { case end, returned, leftLoop, leftRound }

typealias StatementCode = Code<Ending>

/// Turns typed expressions and statements into closures, once; the closures then run as often as the program says.
///
/// Values that differ between ranks (`local`) are computed on behalf of one rank at a time, `Machine.rank`; everything else is
/// computed once, whole. `onOneRank` says which of the two is being built: inside `local { }`, under a condition that
/// differs between ranks and inside divided loops (where the owner of the index is the rank) it is the former.
struct ClosureBuilder {
    let shared: Shared
    let onOneRank: Bool

    /// What all builders of one program share.
    final class Shared {
        let program: TypedProgram
        var places: Places
        var functions: [FunctionKey: FunctionCode] = [:]
        /// How many calls have been built.
        var calls = 0
        let libraries: FileLibraries
        init(_ program: TypedProgram, ranks: Int, libraries: FileLibraries = FileLibraries()) {
            (self.program, self.libraries) = (program, libraries)
            places = Places(ranks: ranks)
        }
    }

    var ranks: Int { shared.places.ranks }

    func place(_ variable: Variable) -> Place { shared.places.place(of: variable) }

    /// The builder for code that runs on behalf of one rank.
    var forOneRank: ClosureBuilder { ClosureBuilder(shared: shared, onOneRank: true) }

    /// Builds what differs between ranks if `isLocal`: it runs on behalf of every rank in turn, unless one has been chosen already. A rank
    /// may leave the round of the loop around in it, of which then nothing is left for the others either.
    func everywhere(if isLocal: Bool, _ build: (ClosureBuilder) throws -> StatementCode) throws -> StatementCode {
        guard isLocal, !onOneRank else { return try build(self) }
        let code = try build(forOneRank)
        return { machine in
            try machine.onEveryRank {
                switch try code(machine) {
                case .end, .leftRound: break
                case .returned, .leftLoop: throw Fault("a return under a condition that differs between ranks")
                }
            }
            return .end
        }
    }
}

/// How an expression is evaluated: to a number, to an array, or to whatever it is.
protocol Evaluated {
    static func code(_ expression: TypedExpression, _ builder: ClosureBuilder) throws -> Code<Self>
    /// The contents of a variable.
    static func read(_ place: Place) -> Code<Self>
    static func write(_ place: Place, _ value: @escaping Code<Self>) -> Code<Void>
    init(_ value: Value) throws
    /// Fetches what a function left on returning.
    static func returned(_ machine: Machine) throws -> Self
}

extension Word: Evaluated {
    static func code(_ expression: TypedExpression, _ builder: ClosureBuilder) throws -> Code<Word> {
        let code = try builder.number(expression)
        return { try code($0) }
    }
    static func read(_ place: Place) -> Code<Word> { { $0.numbers[place.index($0)] } }
    static func write(_ place: Place, _ value: @escaping Code<Word>) -> Code<Void> {
        { machine in
            let word = try value(machine)
            machine.numbers[place.index(machine)] = word
        }
    }
    init(_ value: Value) throws { self = try value.number() }
    static func returned(_ machine: Machine) throws -> Word { machine.returnedNumber }
}

extension ArrayValue: Evaluated {
    static func code(_ expression: TypedExpression, _ builder: ClosureBuilder) throws -> Code<ArrayValue> {
        try builder.array(expression)
    }
    static func read(_ place: Place) -> Code<ArrayValue> { { $0.arrays[place.index($0)] } }
    static func write(_ place: Place, _ value: @escaping Code<ArrayValue>) -> Code<Void> {
        { machine in
            let array = try value(machine)
            machine.arrays[place.index(machine)] = array
        }
    }
    init(_ value: Value) throws { self = try value.array() }
    static func returned(_ machine: Machine) throws -> ArrayValue { try Value.returned(machine).array() }
}

extension Value: Evaluated {
    static func code(_ expression: TypedExpression, _ builder: ClosureBuilder) throws -> Code<Value> {
        try builder.value(expression)
    }
    static func read(_ place: Place) -> Code<Value> { { $0.values[place.index($0)] } }
    static func write(_ place: Place, _ value: @escaping Code<Value>) -> Code<Void> {
        { machine in
            let value = try value(machine)
            machine.values[place.index(machine)] = value
        }
    }
    init(_ value: Value) throws { self = value }
    /// The machine keeps no second reference, so that an array can still be updated in place.
    static func returned(_ machine: Machine) throws -> Value {
        defer { machine.returned = .void }
        return machine.returned
    }
}
