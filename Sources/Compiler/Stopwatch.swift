import Synchronization

/// Tells the seconds of each stage of a compilation as it ends, for `--time-stages`.
public final class Stopwatch: Sendable {
    private let lapStart = Mutex(ContinuousClock.now)
    private let report: @Sendable (String) -> Void

    public init(report: @escaping @Sendable (String) -> Void) { self.report = report }

    /// What has run since the last lap was this.
    func lap(_ name: String) {
        let now = ContinuousClock.now
        let duration = lapStart.withLock { start in
            defer { start = now }
            return now - start
        }
        let microseconds = duration.components.attoseconds / 1_000_000_000_000
        let fraction = String(microseconds + 1_000_000).dropFirst()
        report("\(duration.components.seconds).\(fraction) \(name)\n")
    }
}
