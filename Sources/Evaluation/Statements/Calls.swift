import Source
import TypedTree

/// A function is built once for calls on behalf of one rank and once for all others.
struct FunctionKey: Hashable {
    var index: Int
    var onOneRank: Bool
}

struct FunctionCode {
    var parameters: [Variable]
    var body: StatementCode
}

extension ClosureBuilder {
    /// A call: arguments into the parameters' places, then the body. A function is never active twice, but an argument may itself
    /// call the function; then arguments wait in places of their own until all are there.
    func call<Result: Evaluated>(_ index: Int, _ arguments: [TypedExpression], at span: Span) throws -> Code<Result> {
        // What returns on some ranks before others and has no value runs on behalf of every rank as a whole.
        let ranksPart = !onOneRank && shared.program.functions[index].returnsLocally
        let function = try (ranksPart ? forOneRank : self).function(index)
        guard function.parameters.count == arguments.count else {
            throw Fault("a call with \(arguments.count) arguments of a function that has \(function.parameters.count)")
        }
        let callsBefore = shared.calls
        var passes = try zip(arguments, function.parameters).map { try assign($0, to: $1) }
        if shared.calls > callsBefore, arguments.count > 1 { passes = try delayed(arguments, function.parameters) }
        shared.calls += 1
        let body = function.body
        return { machine in
            for pass in passes { _ = try pass(machine) }
            do {
                if ranksPart { try machine.onEveryRank { _ = try body(machine) } } else { _ = try body(machine) }
            } catch let failure as Failure { throw failure.seen(from: span) }
            return try Result.returned(machine)
        }
    }

    private func delayed(_ arguments: [TypedExpression], _ parameters: [Variable]) throws -> [StatementCode] {
        let waiting = parameters.map { shared.places.temporary(for: $0) }
        let computations = try zip(arguments, waiting).map { try assign($0, to: $1) }
        let moves = try zip(waiting, parameters).map { source, parameter in
            let target = place(parameter)
            return try everywhere(if: target.isLocal) { _ in
                let code =
                    switch target.kind {
                    case .number: Word.write(target, Word.read(source))
                    case .array: ArrayValue.write(target, ArrayValue.read(source))
                    case .value: Value.write(target, Value.read(source))
                    }
                return { machine in
                    try code(machine)
                    return .end
                }
            }
        }
        return computations + moves
    }

    private func function(_ index: Int) throws -> FunctionCode {
        let key = FunctionKey(index: index, onOneRank: onOneRank)
        if let known = shared.functions[key] { return known }
        guard shared.program.functions.indices.contains(index) else { throw Fault("a call of function \(index)") }
        let function = shared.program.functions[index]
        let code = FunctionCode(parameters: function.parameters, body: try statements(function.body))
        shared.functions[key] = code
        return code
    }
}

extension TypedFunction {
    /// Whether it has no value and ranks may disagree on where it returns.
    fileprivate var returnsLocally: Bool { result == .void && body.returnsLocally }
}
