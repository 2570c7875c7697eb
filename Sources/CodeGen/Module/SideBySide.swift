import Dispatch
import LLVMSupport
import Synchronization

/// What `body` gives for each module, in order, on as many threads as the machine has cores. Each module has an LLVM context of its
/// own, so none of them sees another.
func sideBySide<Value: Sendable>(
    _ modules: [LLVMModule], _ body: @Sendable (LLVMModule) throws -> Value
) throws -> [Value] {
    let units = modules.map(Unit.init)
    let results = Mutex<[Int: Result<Value, any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: units.count) { index in
        let result = Result { try body(units[index].module) }
        results.withLock { $0[index] = result }
    }
    return try results.withLock { results in try units.indices.map { try results[$0]!.get() } }
}

/// Each thread has its own.
private struct Unit: @unchecked Sendable { let module: LLVMModule }
