/// The lines that two texts do not share, `-` before what was expected and `+` before what came, with two lines around them.
public func difference(_ expected: [String], _ actual: [String]) -> [String] {
    let changes = actual.difference(from: expected)
    var removed = Set<Int>()
    var inserted = Set<Int>()
    for change in changes {
        switch change {
        case .remove(let offset, _, _): removed.insert(offset)
        case .insert(let offset, _, _): inserted.insert(offset)
        }
    }
    var merged: [(mark: Character, text: String)] = []
    var (old, new) = (0, 0)
    while old < expected.count || new < actual.count {
        if old < expected.count, removed.contains(old) {
            merged.append(("-", expected[old]))
            old += 1
        } else if new < actual.count, inserted.contains(new) {
            merged.append(("+", actual[new]))
            new += 1
        } else {
            merged.append((" ", expected[old]))
            (old, new) = (old + 1, new + 1)
        }
    }
    return merged.indices.filter { index in
        merged[max(0, index - 2)...min(merged.count - 1, index + 2)].contains { $0.mark != " " }
    }.map { "\(merged[$0].mark) \(merged[$0].text)" }
}
