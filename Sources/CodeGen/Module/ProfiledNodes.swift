import IR
import LLVMSupport

/// Where a profile is made, the program says which line it is at before every node that takes time and stands outside of loops over
/// elements; the time until the next one is that line's (Runtime/core/profile.c).
extension Emitter {
    func profile(_ node: Node) {
        guard units.options.profile, lanes == nil, !context.isInLoop, isProfiled(node) else { return }
        callRuntime("pdl_profile_at", [place(of: node)])
    }

    private func isProfiled(_ node: Node) -> Bool {
        if node.bodies == .ways { return false }
        if let key = node.loopKey { return units.profiledLoops.contains(key) }
        if node.takesTime || node.operation == .unshare { return true }
        let effects = node.effects(in: source)
        return effects.contains(.communicates) || effects.contains(.ordered) && !effects.contains(.checks)
    }

    /// Writes the end of an exchange in the middle of a loop.
    func emitFinish(_ region: Region, in loop: Node) throws {
        guard units.options.profile, let exchange = region.nodes.first else {
            _ = try emit(region, [])
            return
        }
        callRuntime("pdl_profile_at", [place(of: exchange)])
        _ = try emit(region, [])
        callRuntime("pdl_profile_at", [place(of: loop)])
    }
}
