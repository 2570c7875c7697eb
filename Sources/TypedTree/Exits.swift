// Where a round of a loop ends early: what the checker, the desugaring and the interpreter ask of statements. A loop inside is not looked
// into: what stands in it ends its own rounds.

extension TypedStatement {
    /// Whether a `break` or `continue` of the loop around stands in it.
    public var mayExit: Bool {
        switch kind {
        case .breakLoop, .continueLoop: true
        case .conditional(_, let then, let otherwise): (then + otherwise).contains(where: \.mayExit)
        default: false
        }
    }

    /// Whether a `break` of the loop around stands in it.
    package var mayBreak: Bool {
        switch kind {
        case .breakLoop: true
        case .conditional(_, let then, let otherwise): (then + otherwise).contains(where: \.mayBreak)
        default: false
        }
    }

    /// Whether ranks may disagree on whether the round ends here: an exit stands under a condition that is `local`.
    public var exitsLocally: Bool {
        guard case .conditional(let condition, let then, let otherwise) = kind else { return false }
        return (condition.type.isLocal && mayExit) || (then + otherwise).contains(where: \.exitsLocally)
    }

    /// The exit itself, or `if c { … break }`: what follows is the other way.
    package var exitsSimply: Bool {
        switch kind {
        case .breakLoop, .continueLoop: true
        case .conditional(_, let then, let otherwise):
            otherwise.isEmpty && then.last?.isExit == true && !then.dropLast().contains(where: \.mayExit)
        default: false
        }
    }

    private var isExit: Bool {
        switch kind {
        case .breakLoop, .continueLoop: true
        default: false
        }
    }
}

extension [TypedStatement] {
    /// Of a loop's body: whether ranks may leave the loop in different rounds.
    public var breakLocally: Bool { contains { $0.exitsLocally && $0.mayBreak } }
}
