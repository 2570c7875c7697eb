import IR
import Language
import Source
import TypedTree

// Functions are inlined. A function that is called again with the same values is not: what it gave is known.
//
//     fn twice(x) = f(x) + f(x)        f's body once, its value twice

/// A call of a function with certain values.
struct CallKey: Hashable {
    var function: Int
    var arguments: [Value]
}

/// How much a program comes to when its calls are written out: in proportion to its length.
struct InliningLimits {
    /// What the stack carries through every pass.
    static let greatestNesting = 300

    let mostValues: Int
    fileprivate(set) var nesting = 0
    /// The call in the program's own statements that is being written out.
    fileprivate var call: Span?

    init(sourceSize: Int) { mostValues = 100_000 + 100 * sourceSize }
}

extension Lowering {
    func call(_ index: Int, _ arguments: [TypedExpression]) throws -> Lowered {
        guard program.functions.indices.contains(index) else { throw fault("there is no function \(index)") }
        let outer = limits.call
        limits.call = outer ?? builder.span
        defer { limits.call = outer }
        let values = try arguments.map { try expression($0) }
        let key =
            isRepeatable[index] ? Lowered.tuple(values).values.map { CallKey(function: index, arguments: $0) } : nil
        if let key, let known = scope.calls[key] { return known }
        guard builder.module.types.count <= limits.mostValues else {
            throw Diagnostic.inlinesTooFar(program.functions[index].name, at: limits.call ?? builder.span)
        }
        let result = try inlined(program.functions[index], values)
        if let key { scope.calls[key] = result }
        return result
    }

    /// The body of a function at a call.
    private func inlined(_ function: TypedFunction, _ values: [Lowered]) throws -> Lowered {
        // Sizes inside the function mean something else at each call.
        let outer = (scope, builder.call, builder.span)
        defer { (scope, builder.call, builder.span) = outer }
        if !function.span.file.isOfLanguage { builder.call = WrittenCall(of: function.name, at: builder.span) }
        for (parameter, value) in zip(function.parameters, values) {
            bind(parameter, value)
            try name(parameter, at: function.span)
        }
        return try statements(
            function.body[...],
            Ends(type: function.result, onReturn: { $0 }, onEnd: { .nothing }))
    }

    /// Regions inside one another.
    func nested<Result>(_ body: () throws -> Result) throws -> Result {
        guard limits.nesting < InliningLimits.greatestNesting else {
            throw Diagnostic.nestsTooDeep(
                limit: InliningLimits.greatestNesting, at: limits.call ?? builder.span)
        }
        limits.nesting += 1
        defer { limits.nesting -= 1 }
        return try body()
    }

    /// Of each function, whether a second call with the same values does nothing but give the same once more.
    static func repeatable(_ functions: [TypedFunction]) -> [Bool] {
        var isRepeatable: [Bool] = []
        for function in functions {
            isRepeatable.append(
                function.body.allSatisfy { statement in
                    !statement.communicates && statement.children.allSatisfy { $0.isRepeatable(isRepeatable) }
                })
        }
        return isRepeatable
    }
}

extension TypedStatement {
    /// Whether something of it is seen outside besides that it fails.
    fileprivate var communicates: Bool {
        switch kind {
        case .print, .show, .save, .load: true
        case .forLoop(_, _, _, _, let body), .whileLoop(_, let body): body.contains(where: \.communicates)
        case .conditional(_, let then, let otherwise): (then + otherwise).contains(where: \.communicates)
        default: false
        }
    }
}

extension TypedExpression {
    /// Whether it sends nothing, nor asks the clock; of the functions it calls earlier ones only.
    fileprivate func isRepeatable(_ functions: [Bool]) -> Bool {
        var found = true
        walk { inner in
            switch inner.kind {
            case .clock, .collective, .arrayOperation: found = false
            case .reduction(let reduction): if reduction.domain.divided != nil { found = false }
            case .call(let index, _): if !functions[index] { found = false }
            case .block(let block), .local(let block):
                if block.statements.contains(where: \.communicates) { found = false }
            case .conditional(_, let then, let otherwise):
                if (then.statements + otherwise.statements).contains(where: \.communicates) { found = false }
            default: break
            }
        }
        return found
    }
}
