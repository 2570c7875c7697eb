import Source

/// The program has errors: exit code 1.
public struct ProgramErrors: Error {
    public var diagnostics: [Diagnostic]
    public init(_ diagnostics: [Diagnostic]) { self.diagnostics = diagnostics }
}

/// What was asked for cannot be done here: a file that is not there, no MPI on this machine. Exit code 2.
public struct UsageError: Error, CustomStringConvertible {
    public var description: String
    public init(_ description: String) { self.description = description }
}

/// pdlc broke a promise to itself: exit code 70.
public struct CompilerFault: Error, CustomStringConvertible {
    public var description: String
    public init(_ description: String) { self.description = description }
}
