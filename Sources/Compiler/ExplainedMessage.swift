import FoundationEssentials
import Source

/// What one operation of a program sends, in words: for editors.
public struct ExplainedMessage: Sendable {
    /// The expression whose value is sent, where `pdlc explain` shows it.
    public let span: Span
    /// The language's word for it: `allreduce`.
    public let operatorName: String
    /// Each kind of MPI call that it makes, as `pdlc explain` says it.
    public let calls: [String]
    /// Bytes that carry what the operator is about, as a number where the parameters' defaults make it one, else as a formula.
    public let bytes: String
    /// The loops and conditions around it, outermost first.
    public let circumstances: [String]
    public let remarks: [String]

    /// What stands beside the line: `allreduce, 208*P B`.
    public var label: String {
        let unit = bytes.hasPrefix("(") ? "" : " B"
        return "\(operatorName), \(bytes)\(unit)\(circumstances.isEmpty ? "" : ", in a loop or condition")"
    }
}

extension Explanation {
    /// What is sent, in the order of the source.
    public func sentMessages() -> [ExplainedMessage] {
        entries.sorted { $0.span.start < $1.span.start }.map { entry in
            let bytes = entry.cost.messages.last?.bytes
            return ExplainedMessage(
                span: entry.span, operatorName: entry.cost.operatorName,
                calls: entry.cost.allMessages.map { $0.text(known) },
                bytes: bytes.map { $0.number(known).map(String.init) ?? "\($0.formula)" } ?? "0",
                circumstances: entry.loops, remarks: entry.cost.remarks)
        }
    }
}

/// What explain says of a line, in numbers, for a test that counts.
public struct PredictedCalls: Sendable {
    public let file: String
    public let line: Int
    /// As `--count-messages` names it.
    public let kind: String
    /// Calls of all ranks together as one, or messages; and bytes. nil: not known before the run.
    public let count, bytes: Int?
    /// Whether there may be fewer; whether there may be more.
    public let mayBeLess, mayBeMore: Bool
    /// Whether a loop or a condition says how often.
    public let isConditional: Bool
}

extension Explanation {
    public func predictedCalls() -> [PredictedCalls] {
        entries.flatMap { entry in
            entry.cost.allMessages.map { message in
                PredictedCalls(
                    file: entry.span.file.path, line: entry.span.line, kind: message.kind.rawValue,
                    count: message.count.number(known), bytes: message.bytes.number(known),
                    mayBeLess: message.count.isBound || message.bytes.isBound, mayBeMore: message.mayRepeat,
                    isConditional: !entry.loops.isEmpty)
            }
        }
    }

    /// One object a message, for programs.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try entries.sorted { $0.span.line < $1.span.line }.flatMap { entry in
            try entry.cost.allMessages.map { message in
                let record = ExplanationRecord(
                    file: entry.span.file.path, line: entry.span.line, operator: entry.cost.operatorName,
                    costClass: entry.cost.costClass, call: message.kind.rawValue,
                    count: message.count.formula.description, countNumber: message.count.number(known),
                    bytes: message.bytes.formula.description, bytesNumber: message.bytes.number(known),
                    isBound: message.count.isBound || message.bytes.isBound, mayRepeat: message.mayRepeat,
                    circumstances: entry.loops, remarks: entry.cost.remarks)
                return String(decoding: try encoder.encode(record), as: UTF8.self) + "\n"
            }
        }.joined()
    }
}

/// A line of `pdlc explain --diagnostics json`.
private struct ExplanationRecord: Encodable {
    var file: String
    var line: Int
    var `operator`: String
    var costClass: Int
    var call: String
    var count: String
    var countNumber: Int?
    var bytes: String
    var bytesNumber: Int?
    var isBound, mayRepeat: Bool
    var circumstances, remarks: [String]
}
