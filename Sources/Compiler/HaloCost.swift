import IR

/// What an exchange of halos sends.
extension Cost {
    /// A rank sends as many rows as it receives. It needs those of one rank before it and of one behind it, of more where their blocks are
    /// thinner than what it reads: at most one message a row. Over a grid the same goes for columns, and then for rows.
    init(_ halos: [Halo], _ node: Node, _ module: Module, _ sizes: Sizes) {
        let arrays = zip(halos, node.arrays).map { HaloArea($0, module.type($1), sizes) }
        let isGrid = arrays.contains { $0.columns != nil }
        let measured = arrays.allSatisfy(\.isKnown) ? BlockMoves(ranks: sizes.ranks)?.exchange(arrays) : nil
        let widths = arrays.map(\.description)
        self.init(
            "halo exchange", 1,
            [
                Message(
                    kind: .halo,
                    count: Amount(
                        formula: isGrid ? Self.neighboursOverGrid(arrays) : Self.neighbours(arrays),
                        isBound: measured == nil, measured: measured?.messages),
                    bytes: Amount(
                        formula: arrays.reduce(.number(0)) { $0 + $1.bytesOfAll }, isBound: measured == nil,
                        measured: measured?.carried))
            ], ["\(isGrid ? "rows and columns" : "rows"): \(widths.joined(separator: "; "))"])
        if halos.count > 1 {
            remarks.append(
                "the \(isGrid ? "edges" : "rows") of \(halos.count) arrays travel in one message to each neighbour")
        }
    }

    private static func neighbours(_ arrays: [HaloArea]) -> Formula {
        var rows: [Formula: (low: Int, high: Int)] = [:]
        for array in arrays {
            let others = rows[array.extent] ?? (0, 0)
            rows[array.extent] = (max(others.low, array.halo.low), max(others.high, array.halo.high))
        }
        let most = rows.values.reduce(0) { $0 + $1.low + $1.high }
        let wraps = arrays.contains(where: \.halo.wraps)
        return .number(most) * (wraps ? Formula.ranks : .ranks - .number(1))
    }

    private static func neighboursOverGrid(_ arrays: [HaloArea]) -> Formula {
        .number(arrays.reduce(0) { $0 + $1.halo.sides.reduce(0) { $0 + $1.low + $1.high } }) * .ranks
    }
}

/// An array and its halo, as the cost of an exchange sees them.
struct HaloArea {
    var halo: Halo
    var extent: Formula
    /// Of an array over a grid.
    var columns: Formula?
    /// What lies at a row, over a grid at a row and column.
    var bytes: Formula
    /// The same where they are known.
    var numbers: (extent: Int, columns: Int, bytes: Int)?

    var isKnown: Bool { numbers != nil }

    init(_ halo: Halo, _ type: IRType, _ sizes: Sizes) {
        let isGrid = type.placement.distribution.isGrid
        self.halo = halo
        extent = sizes.formula(of: type.dimensions[0])
        columns = isGrid ? sizes.formula(of: type.dimensions[1]) : nil
        let inner = Array(type.dimensions.dropFirst(isGrid ? 2 : 1))
        bytes = sizes.bytes(of: .array(type.element ?? .f64, dimensions: inner, type.placement))
        guard let extent = sizes.number(extent), let bytes = sizes.number(bytes) else { return }
        numbers = (extent, columns.flatMap(sizes.number) ?? 0, bytes)
    }

    /// All of it that any rank gets.
    var bytesOfAll: Formula {
        guard let columns, let side = halo.columns else {
            let pairs = halo.wraps ? Formula.ranks : .ranks - .number(1)
            return pairs * (.number(halo.low + halo.high) * bytes)
        }
        let (rowsOfRanks, columnsOfRanks) = (Formula.symbol("(rows of ranks)"), Formula.symbol("(columns of ranks)"))
        let width = columns + .number(side.low + side.high) * columnsOfRanks
        return rowsOfRanks * (.number(halo.low + halo.high) * width * bytes)
            + columnsOfRanks * (.number(side.low + side.high) * extent * bytes)
    }

    /// `1 before and 1 after a rank's own`
    var description: String {
        halo.sides.map { side in
            "\(side.low) before and \(side.high) after a rank's own\(side.wraps ? ", around the ends" : "")"
        }.joined(separator: " and ")
    }
}
