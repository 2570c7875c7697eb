@preconcurrency import Glibc

/// A program under its launcher. What the ranks print passes through; what the launcher adds about a rank that a signal ended becomes
/// one message and one exit code, the same under every MPI: 128 and the signal's number. An interrupt ends with 130.
struct LaunchedRun {
    private static let interrupted: Int32 = 130

    /// The launcher's process, for the handler of signals.
    nonisolated(unsafe) private static var launcher: pid_t = 0
    nonisolated(unsafe) private static var lastSignal: Int32 = 0

    let program: String
    let command: [String]
    /// A file to which every rank writes `rank process`.
    let ranksFile: String
    private var report = (output: LauncherReport(), errors: LauncherReport())

    init(_ program: String, _ command: [String], ranksFile: String) {
        (self.program, self.command, self.ranksFile) = (program, command, ranksFile)
    }

    /// Runs to the end and returns the exit code.
    mutating func run() throws -> Int32 {
        guard let path = Files.executable(command[0]) else { throw UsageError("cannot find the program \(command[0])") }
        var output: [Int32] = [0, 0]
        var errors: [Int32] = [0, 0]
        guard pipe(&output) == 0, pipe(&errors) == 0 else {
            throw UsageError("cannot start \(path): \(Files.lastProblem)")
        }
        for end in output + errors { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        Self.passSignalsOn()
        Self.launcher = try Self.spawn(path, command, output[1], errors[1])
        close(output[1])
        close(errors[1])
        passOn(output[0], errors[0])
        var status: Int32 = 0
        while waitpid(Self.launcher, &status, 0) < 0, errno == EINTR {}
        defer { unlink(ranksFile) }
        return exitCode(status)
    }

    private static func spawn(_ path: String, _ command: [String], _ output: Int32, _ errors: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO)
        posix_spawnattr_init(&attributes)
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var process: pid_t = 0
        guard posix_spawn(&process, path, &actions, &attributes, &words, environ) == 0 else {
            throw UsageError("cannot start \(path): \(Files.lastProblem)")
        }
        return process
    }

    /// The terminal's interrupt reaches the launcher by itself; what is sent to this process alone is passed on.
    private static func passSignalsOn() {
        for number in [SIGINT, SIGTERM] {
            var action = sigaction()
            action.sa_flags = SA_SIGINFO
            action.__sigaction_handler.sa_sigaction = { number, facts, _ in
                LaunchedRun.lastSignal = number
                let isOfTerminal = facts?.pointee.si_code ?? 0 > 0
                if !isOfTerminal, LaunchedRun.launcher > 0 { kill(LaunchedRun.launcher, number) }
            }
            sigaction(number, &action, nil)
            var these = sigset_t()
            sigemptyset(&these)
            sigaddset(&these, number)
            sigprocmask(SIG_UNBLOCK, &these, nil)
        }
    }

    /// Both streams until their ends.
    private mutating func passOn(_ output: Int32, _ errors: Int32) {
        var open = [
            pollfd(fd: output, events: Int16(POLLIN), revents: 0),
            pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
        ]
        var pending: [[UInt8]] = [[], []]
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        while open.contains(where: { $0.fd >= 0 }) {
            if poll(&open, 2, -1) < 0 { continue }
            for stream in 0..<2 where open[stream].fd >= 0 && open[stream].revents != 0 {
                let count = read(open[stream].fd, &bytes, bytes.count)
                if count < 0 && errno == EINTR { continue }
                if count > 0 { pending[stream] += bytes[..<count] }
                show(&pending[stream], stream, atEnd: count <= 0)
                if count > 0 { continue }
                close(open[stream].fd)
                open[stream].fd = -1
            }
        }
    }

    /// Writes the whole lines of what came, and the rest where it cannot be the launcher's.
    private mutating func show(_ pending: inout [UInt8], _ stream: Int, atEnd: Bool) {
        var shown: [UInt8] = []
        var left = pending[...]
        while let end = left.firstIndex(of: UInt8(ascii: "\n")) {
            let line = left[..<end]
            shown += stream == 0 ? report.output.shown(line) : report.errors.shown(line)
            left = left[(end + 1)...]
        }
        pending = Array(left)
        if atEnd { shown += stream == 0 ? report.output.heldLines() : report.errors.heldLines() }
        if atEnd || !(stream == 0 ? report.output : report.errors).holds(pending) {
            shown += pending
            pending = []
        }
        var rest = shown[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                write(stream == 0 ? STDOUT_FILENO : STDERR_FILENO, $0.baseAddress, $0.count)
            }
            if count < 0 && errno != EINTR { return }
            rest = rest.dropFirst(max(0, count))
        }
    }

    private func exitCode(_ status: Int32) -> Int32 {
        if Self.lastSignal == SIGINT { return Self.interrupted }
        let found = [report.output, report.errors].first { $0.signal != nil }
        if let found, let signal = found.signal, Self.lastSignal == 0 {
            let rank = found.rank ?? found.process.flatMap(rank(of:))
            let who = rank.map { "rank \($0)" } ?? "a rank"
            let host = found.host.map { " on \($0)" } ?? ""
            let why = signal == Int(SIGKILL) ? "; perhaps there was no memory left" : ""
            let message =
                "\(program): error: \(who)\(host) was ended by signal \(signal) (\(Self.name(signal)))\(why)\n"
            fputs(message, stderr)
            return 128 + Int32(signal)
        }
        let ended = status & 0x7f
        return ended == 0 ? status >> 8 & 0xff : 128 + ended
    }

    private func rank(of process: Int) -> Int? {
        guard let text = Files.read(ranksFile) else { return nil }
        for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ").compactMap { Int($0) }
            if words.count == 2, words[1] == process { return words[0] }
        }
        return nil
    }

    private static func name(_ signal: Int) -> String {
        let names: [Int32: String] = [
            SIGKILL: "SIGKILL", SIGSEGV: "SIGSEGV", SIGBUS: "SIGBUS", SIGABRT: "SIGABRT", SIGTERM: "SIGTERM",
            SIGFPE: "SIGFPE",
            SIGILL: "SIGILL", SIGINT: "SIGINT", SIGXCPU: "SIGXCPU", SIGPIPE: "SIGPIPE", SIGHUP: "SIGHUP",
        ]
        return names[Int32(signal)] ?? String(cString: strsignal(Int32(signal)))
    }
}
