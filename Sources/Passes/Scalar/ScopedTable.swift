/// A dictionary that a scope inside another can add to and leave again: entering and leaving take no time, however much is known
/// outside.
///
///     let outer = table
///     table.nest()
///     table[key] = value
///     table = outer
struct ScopedTable<Key: Hashable, Value> {
    /// The innermost scope's entries last.
    private var scopes: [[Key: Value]] = [[:]]

    mutating func nest() { scopes.append([:]) }

    subscript(key: Key) -> Value? {
        get {
            for scope in scopes.reversed() {
                if let value = scope[key] { return value }
            }
            return nil
        }
        set { scopes[scopes.count - 1][key] = newValue }
    }
}
