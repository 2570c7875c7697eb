import Compiler
import Dispatch
import Synchronization

/// Finds out what a program sends, which takes all passes: one program after the other, on a thread beside those that answer, so that no
/// edit waits for it. What is cancelled before its turn is passed over.
final class MessageSearch: Sendable {
    private static let queue = DispatchQueue(label: "messages of programs", qos: .utility)

    private let isWanted = Mutex(true)

    /// Empty for a program with errors. `sizes`: values for formulas, and P.
    static func task(_ compilation: Compilation, sizes: [String: Int]) -> Task<[ExplainedMessage], Never> {
        Task {
            let search = MessageSearch()
            return await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    queue.async { continuation.resume(returning: search.run(compilation, sizes)) }
                }
            } onCancel: {
                search.isWanted.withLock { $0 = false }
            }
        }
    }

    private func run(_ compilation: Compilation, _ sizes: [String: Int]) -> [ExplainedMessage] {
        guard isWanted.withLock({ $0 }) else { return [] }
        return (try? Explanation(compilation, values: sizes).sentMessages()) ?? []
    }
}
