// Where statements return: what the lowering and the interpreter ask of function bodies.

extension TypedStatement {
    /// Whether there is a `return` in it.
    public var mayReturn: Bool {
        switch kind {
        case .returnValue: true
        case .conditional(_, let then, let otherwise): (then + otherwise).contains(where: \.mayReturn)
        case .forLoop(_, _, _, _, let body), .whileLoop(_, let body): body.contains(where: \.mayReturn)
        default: false
        }
    }
}

extension [TypedStatement] {
    /// Whether every way through them ends in a `return`.
    public var alwaysReturn: Bool {
        contains { statement in
            switch statement.kind {
            case .returnValue: true
            case .conditional(_, let then, let otherwise): then.alwaysReturn && otherwise.alwaysReturn
            default: false
            }
        }
    }

    /// Whether ranks may disagree on whether they return: a return stands under a condition or trip count that is `local`, or where some of
    /// them have ended the round or the loop.
    public var returnsLocally: Bool {
        let parting = firstIndex(where: \.exitsLocally) ?? endIndex
        return contains { $0.returnsLocally } || self[parting...].dropFirst().contains { $0.mayReturn }
    }
}

extension TypedStatement {
    fileprivate var returnsLocally: Bool {
        switch kind {
        case .conditional(let condition, let then, let otherwise):
            (condition.type.isLocal && mayReturn) || then.returnsLocally || otherwise.returnsLocally
        case .forLoop(_, let lower, let upper, _, let body):
            ([lower, upper].contains { $0.type.isLocal } || body.breakLocally) && mayReturn || body.returnsLocally
        case .whileLoop(let condition, let body):
            (condition.type.isLocal || body.breakLocally) && mayReturn || body.returnsLocally
        default: false
        }
    }
}
