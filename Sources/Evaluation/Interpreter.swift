import TypedTree

/// The reference interpreter: plays a program on imagined ranks, without MPI and without LLVM, and prints what the compiled
/// program prints under `mpiexec -n RANKS`, byte for byte.
public struct Interpreter {
    private let program: TypedProgram
    private let ranks: Int
    private let arguments: [String]
    /// Those of the kinds of files that the program names.
    public var libraries = FileLibraries()
    private let output: (String) -> Void
    private let errors: (String) -> Void

    /// `arguments` are those of the program, without its name; `output` and `errors` take what goes to the two standard streams.
    public init(
        program: TypedProgram, ranks: Int, arguments: [String] = [], output: @escaping (String) -> Void,
        errors: @escaping (String) -> Void
    ) {
        self.program = program
        self.ranks = max(1, ranks)
        self.arguments = arguments
        self.output = output
        self.errors = errors
    }

    /// The exit status: 0, 1 when the program failed, 2 when its arguments are wrong. Throws a `Fault` when the typed program is not
    /// one that a checker makes.
    public func run() throws -> Int32 {
        do {
            switch try parameters.read(arguments) {
            case .help(let text): output(text)
            case .given(let given, let grid): try play(given, grid)
            }
            return 0
        } catch let failure as Failure {
            errors(failure.message + "\n")
            return failure.code
        }
    }

    private var parameters: Parameters {
        let file = program.file.path.split(separator: "/").last.map(String.init) ?? ""
        return Parameters(
            program: file.hasSuffix(".pdl") ? String(file.dropLast(4)) : file, parameters: program.parameters,
            ranks: ranks)
    }

    private func play(_ given: [Int: Value], _ grid: RankGrid) throws {
        let builder = ClosureBuilder(shared: .init(program, ranks: ranks, libraries: libraries), onOneRank: false)
        let defaults = try program.parameters.map { parameter in
            try parameter.defaultValue.map { try builder.assign($0, to: parameter.variable) }
        }
        let places = program.parameters.map { builder.place($0.variable) }
        let body = try builder.statements(program.body)
        let machine = Machine(grid, places: builder.shared.places, output: output)
        for (index, place) in places.enumerated() {
            if let value = given[index] {
                try machine.store(value, place)
            } else {
                _ = try defaults[index]?(machine)
            }
        }
        _ = try body(machine)
    }
}
