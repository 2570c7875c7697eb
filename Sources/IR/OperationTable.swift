import Language
import Source

/// The table of operations: a row for each. `Operation` says what they mean; what the compiler knows of them stands here.
extension Operation {
    var row: OperationRow {
        switch self {
        // MARK: Numbers
        case .constant(let constant):
            OperationRow("constant", in: .everywhere, gives: .number(constant.element, .replicated)).light()
                .repeatable.says([.constant(constant)])
        case .scalar(let op):
            OperationRow(
                op.rawValue, in: .everywhere, takes: [.each(op.arity, .values, .number)], gives: .computed(op),
                effects: .depends { $0.divisionEffects(in: $1) }
            ).light(if: op.isLight).repeatable
        case .convert(let target):
            OperationRow("convert", in: .everywhere, takes: [.one(.value, .number)], gives: .joined(target)).light()
                .repeatable.says([.element(target)])
        case .parameter(let index):
            OperationRow(
                "parameter", in: .all,
                gives: .inferred { types, node throws(IRFault) in [try types.parameter(index, node)] }
            ).says([.integer(index)])
        case .parameterGiven(let index):
            OperationRow(
                "parameterGiven", in: .all,
                gives: .inferred { types, node throws(IRFault) in try types.parameterGiven(index, node) }
            ).says([.integer(index)])
        case .text(let text):
            OperationRow("text", in: .all, gives: .text).says([.quoted(text)])
        case .compose(let pieces):
            OperationRow(
                "compose", in: .all, takes: [.each(pieces.holeCount, .holes, .piece)], gives: .text,
                effects: .always(.ordered)
            ).says([.pieces(pieces)])
        case .sameText:
            OperationRow("sameText", in: .all, takes: [.each(2, .values, .text)], gives: .number(.bool, .replicated))
        case .rank: OperationRow("rank", in: .all, gives: .number(.i64, .local))
        case .ranks: OperationRow("ranks", in: .all, gives: .number(.i64, .replicated))
        // Two readings differ.
        case .clock:
            OperationRow(
                "clock", in: .all, gives: .number(.f64, .replicated),
                effects: .always([.communicates, .ordered, .times])
            ).sends(.clock)

        // MARK: Control
        case .conditional:
            OperationRow(
                "if", in: .everywhere, takes: [.one(.condition, .bool)],
                gives: .inferred { types, node throws(IRFault) in try types.branches(node) }
            ).repeatable.runs(.ways).printed(.structured).checked { $0.checkChosenText($1) }
        case .forLoop:
            OperationRow(
                "for", in: .everywhere,
                takes: [
                    .one(.lower, .integer), .one(.upper, .integer), .one(.step, .integer), .any(.carried, .any).taken,
                ], gives: .inferred { types, node throws(IRFault) in try types.counted(node) }
            ).repeatable.runs(.counted).printed(.structured)
        // It may never end.
        case .whileLoop:
            OperationRow(
                "while", in: .everywhere, takes: [.any(.carried, .any).taken],
                gives: .inferred { types, node throws(IRFault) in try types.tested(node) }, effects: .always(.mayFail)
            ).runs(.tested).printed(.structured)
        case .yield:
            OperationRow("yield", in: .everywhere, takes: [.any(.values, .any)], gives: .nothing).repeatable

        // MARK: Data parallelism
        // Arrays are made after the test of their extents.
        case .loop(let loop):
            OperationRow(
                "loop", in: .all, takes: .space(axes: loop.axes, loop.distribution) + [.any(.around, .integer)],
                gives: .inferred { types, node throws(IRFault) in try types.loop(loop, node) },
                effects: .always(loop.yields.contains(.element) ? .readsElements : [])
            ).repeatable.runs(.points(axes: loop.axes, loop.distribution)).printed(.structured)
                .combining(by: loop.yields.compactMap(\.userOperator)).checked { $0.checkLoop(loop, $1) }
        case .element(let bounds):
            OperationRow(
                "element", in: .untilLocal, takes: [.one(.array, .array), .any(.indices, .integer)],
                gives: .inferred { types, node throws(IRFault) in [try types.element(node)] },
                effects: .always(bounds.effects)
            ).says([.bounds(bounds)]).printed(.indexed)
        case .neighbour(let read):
            OperationRow(
                "neighbour", in: .untilLocal, takes: [.one(.array, .array), .any(.indices, .integer)],
                gives: .inferred { types, node throws(IRFault) in [try types.element(node)] },
                effects: .always(read.bounds.effects)
            ).says([.offsets(read), .bounds(read.bounds)]).printed(.indexed).checked { $0.checkHalo(read, $1) }
        case .update(let axes, let distribution, let bounds):
            OperationRow(
                "update", in: .untilLocal, takes: [.one(.base, .array)] + .space(axes: axes, distribution),
                gives: .likeFirst, effects: .always(bounds.effects)
            ).runs(.writes(axes: axes, distribution)).says([.bounds(bounds)]).printed(.structured)
                .checked { $0.checkSharedUpdate($1) }
        case .keyedContribution:
            OperationRow(
                "keyedContribution", in: .untilLocal,
                takes: [.any(.keys, .integer), .one(.value, .value), .one(.condition, .bool)],
                gives: .declared { types, node, results in types.isKeyed(node, results) }, effects: .always(.mayFail))
        case .assemble:
            OperationRow(
                "assemble", in: .all, takes: [.any(.values, .number)],
                gives: .declared { types, node, results in types.isAssembled(node, results) })
        case .ownBlock:
            OperationRow(
                "ownBlock", in: .all, takes: [.one(.array, .array).taken],
                gives: .declared { types, node, results in types.isBlock(node, results) })
        case .owned(let direction):
            OperationRow(
                "owned", in: .all, takes: [.one(.extent, .integer)],
                gives: .inferred { _, _ in [.scalar(.i64, .local), .scalar(.i64, .local)] }
            ).says(direction.attributes)
        case .gridPlace(let direction):
            OperationRow("gridPlace", in: .local, gives: .inferred { _, _ in [.scalar(.i64, .local), .scalar(.i64)] })
                .says(direction.attributes)
        case .array(let operation):
            OperationRow(
                "array", in: .all, takes: [.any(.values, .any)],
                gives: .declared { types, node, results in types.areArraysAndExtents(results) },
                effects: .depends { $1.arrayEffects(operation, $0.operands) }
            ).sends(.array(operation)).says([.array(operation)]).takingTime.combining(by: operation.userOperators)
                .checked { $0.checkSharedOperands(operation, $1) }

        // MARK: Communication
        case .collective(let collective):
            OperationRow(
                collective.rawValue, in: .all, takes: [.any(.values, .any)],
                gives: .inferred { types, node throws(IRFault) in try types.collective(collective, node) },
                effects: collective == .scatter ? .depends { $1.scatterEffects($0.operands) } : .always(.communicates)
            ).sends(.collective(collective)).takingTime
        case .exchange(let halos):
            OperationRow(
                "exchange", in: [.distributed, .local], takes: [.each(halos.count, .arrays, .array)],
                gives: .inferred { types, node throws(IRFault) in try types.exchanged(node) },
                effects: .depends { $1.stage == .local ? [.communicates, .touchesMemory] : .communicates }
            ).sends(.halos(halos)).says([.halos(halos)]).takingTime
        case .startExchange(let halos):
            OperationRow(
                "startExchange", in: .local, takes: [.each(halos.count, .arrays, .array)],
                gives: .inferred { types, node throws(IRFault) in try types.exchanged(node) },
                effects: .always([.communicates, .touchesMemory])
            ).says([.halos(halos)]).takingTime
        case .finishExchange:
            OperationRow(
                "finishExchange", in: .local, takes: [.any(.arrays, .array)], gives: .nothing,
                effects: .always([.communicates, .touchesMemory])
            ).takingTime
        case .fold:
            OperationRow("fold", in: .all, takes: [.any(.parts, .part)], gives: .inferred { $0.folded($1) })

        // MARK: The outside world
        case .loadFile(let order):
            OperationRow(
                "load", in: .all, takes: [.one(.path, .text), .one(.detail, .text), .any(.extents, .integer)],
                gives: .declared { types, node, results in types.isLoaded(node, results) },
                effects: .always([.communicates, .ordered])
            ).sends(.loadedFile(order)).says([.order(order)]).checked { $0.checkSharedExtents($1) }
        case .saveFile(let order):
            OperationRow(
                "save", in: .all, takes: [.one(.value, .value), .one(.path, .text), .one(.detail, .text)],
                gives: .nothing, effects: .always([.communicates, .ordered])
            ).sends(.savedFile(order)).says([.order(order)]).checked { $0.checkSaved($1) }
        // The caller may have cut divided ones otherwise.
        case .argument(let place, let order):
            OperationRow(
                "argument", in: .all, takes: [.any(.extents, .integer)],
                gives: .declared { types, node, results in types.isArgument(node, results) },
                effects: .depends { $0.crossesTheBorder(with: $0.results, in: $1) }
            ).says([.integer(place), .order(order)]).checked { $0.checkArgument($1) }
        case .result(let place, let order):
            OperationRow(
                "result", in: .all, takes: [.one(.value, .value)], gives: .nothing,
                effects: .depends { $0.crossesTheBorder(with: [$0.value], in: $1) }
            ).says([.integer(place), .order(order)])
        case .pair(let element):
            OperationRow("pair", in: .all, takes: [.each(2, .values, .number)], gives: .joined(element))
                .says([.element(element)])
        case .print(let pieces):
            OperationRow(
                "print", in: .all, takes: [.each(pieces.holeCount, .holes, .shown)], gives: .nothing,
                effects: .always([.communicates, .ordered])
            ).says([.pieces(pieces)])
        case .show(let name, let order, let isOwn):
            OperationRow(
                "show", in: .all, takes: [.one(.value, .value), .optional(.part, .part)], gives: .nothing,
                effects: .always([.communicates, .ordered])
            ).sends(.shownLines).says([.quoted(name), .order(order)] + (isOwn ? [.word("own")] : []))
        case .named(let name, let variable):
            OperationRow(
                "named", in: .all, takes: [.one(.value, .value)], gives: .nothing, effects: .always(.ordered)
            ).says([.quoted(name), .integer(variable)])
        case .assertion(let pieces):
            OperationRow(
                "assert", in: .all, takes: [.one(.condition, .bool), .each(pieces.holeCount, .holes, .shown)],
                gives: .nothing, effects: .always([.ordered, .checks])
            ).says([.pieces(pieces)])
        case .checkExtent(let what):
            OperationRow(
                "checkExtent", in: .all, takes: [.one(.expected, .integer), .one(.actual, .integer)], gives: .nothing,
                effects: .always([.ordered, .checks])
            ).says([.quoted(what)])
        case .checkShape:
            OperationRow(
                "checkShape", in: .all, takes: [.any(.extents, .integer)], gives: .nothing,
                effects: .always([.mayFail, .checks]))

        // MARK: The local stage
        case .allocate:
            OperationRow(
                "allocate", in: .local, gives: .declared { _, _, results in results.count == 1 },
                effects: .always(.touchesMemory))
        case .retain:
            OperationRow(
                "retain", in: .local, takes: [.one(.array, .counted)], gives: .nothing, effects: .always(.touchesMemory)
            )
        case .release:
            OperationRow(
                "release", in: .local, takes: [.one(.array, .counted).taken], gives: .nothing,
                effects: .always(.touchesMemory))
        case .unshare:
            OperationRow(
                "unshare", in: .local, takes: [.one(.array, .array).taken], gives: .likeFirst,
                effects: .always(.touchesMemory))
        case .reuse:
            OperationRow(
                "reuse", in: .local, takes: [.one(.array, .array).taken], gives: .likeFirst,
                effects: .always(.touchesMemory))
        case .leafRows(let divided):
            OperationRow(
                "leafRows", in: .local, takes: [.any(.spans, .integer), .each(divided ? 1 : 0, .extent, .integer)],
                gives: .joined(.i64)
            ).repeatable.says(divided ? [.word("divided")] : [])
        case .tileSide:
            OperationRow("tileSide", in: .local, takes: [.one(.extent, .integer)], gives: .number(.i64, .replicated))
                .repeatable
        case .pitch:
            OperationRow("pitch", in: .local, takes: [.one(.extent, .integer)], gives: .number(.i64, .local)).repeatable
        case .read:
            OperationRow(
                "read", in: .local, takes: [.one(.array, .array), .one(.index, .integer)],
                gives: .inferred { types, node throws(IRFault) in [try types.element(node)] },
                effects: .always(.touchesMemory)
            ).repeatable.printed(.indexed)
        case .write:
            OperationRow(
                "write", in: .local,
                takes: [.one(.array, .array).written, .one(.index, .integer), .one(.value, .number)],
                gives: .inferred { types, node throws(IRFault) in try types.stored([node.array], [node.value], node) },
                effects: .always(.touchesMemory)
            ).printed(.assigned)
        case .accumulate(let op):
            OperationRow(
                "accumulate", in: .local,
                takes: [
                    .each(op.arity, .arrays, .array).written, .one(.index, .integer), .each(op.arity, .values, .number),
                ], gives: .inferred { types, node throws(IRFault) in try types.stored(node.arrays, node.values, node) },
                effects: .always(.touchesMemory)
            ).says([.reduction(op)]).combining(by: op.user.map { [$0.id] } ?? [])
        case .sweeps(let sweeps):
            OperationRow(
                "sweeps", in: .local,
                takes: [
                    .one(.count, .integer), .one(.rows, .integer), .each(sweeps.sources, .arrays, .array),
                    .each(sweeps.sources + 1, .buffers, .array).taken,
                ], gives: .inferred { types, node throws(IRFault) in try types.swept(sweeps, node) },
                effects: .always(.touchesMemory)
            ).runs(.swept).says(
                [.halos([sweeps.halo]), .integer(sweeps.most)]
                    + (sweeps.readsBefore ? [.word("before")] : []) + (sweeps.reducesEach ? [.word("each")] : [])
            ).printed(.structured)
        case .checkIndex(let axis):
            OperationRow(
                "checkIndex", in: .local, takes: [.one(.index, .integer), .one(.extent, .integer)], gives: .nothing,
                effects: .always([.ordered, .checks])
            ).repeatable.says([.integer(axis)])
        case .checkAhead:
            OperationRow("checkAhead", in: .local, takes: [.one(.condition, .bool)], gives: .nothing).runs(.fallback)
                .printed(.structured)
        }
    }

    // MARK: Reading

    /// Reads what stands between the word of a plain operation and its operands, as the row's attributes are written;
    /// nil: there is no such word.
    static func read(_ word: String, _ parser: inout IRParser) throws(Diagnostic) -> Operation? {
        switch word {
        case "constant": .constant(try parser.constant())
        case "convert": .convert(try parser.element())
        case "pair": .pair(try parser.element())
        case "parameter": .parameter(try parser.integer())
        case "parameterGiven": .parameterGiven(try parser.integer())
        case "text": .text(try parser.quoted())
        case "compose": .compose(try parser.pieces())
        case "print": .print(try parser.pieces())
        case "assert": .assertion(try parser.pieces())
        case "show": .show(name: try parser.quoted(), try parser.storageOrder(), isOwn: parser.takeWord("own"))
        case "named": .named(try parser.quoted(), variable: try parser.integer())
        case "load": .loadFile(try parser.storageOrder())
        case "argument": .argument(try parser.integer(), try parser.storageOrder())
        case "result": .result(try parser.integer(), try parser.storageOrder())
        case "save": .saveFile(try parser.storageOrder())
        case "checkExtent": .checkExtent(what: try parser.quoted())
        case "checkIndex": .checkIndex(axis: try parser.integer())
        case "leafRows": .leafRows(divided: parser.takeWord("divided"))
        case "owned": .owned(parser.direction())
        case "gridPlace": .gridPlace(parser.direction())
        case "accumulate": .accumulate(try parser.reductionOperator())
        case "array": .array(try parser.arrayOperation())
        case "exchange": .exchange(try parser.halos())
        case "startExchange": .startExchange(try parser.halos())
        default: wordsAlone[word]
        }
    }

    /// The operations that their word says whole.
    private static let wordsAlone: [String: Operation] = {
        let alone: [Operation] =
            [
                .sameText, .rank, .ranks, .clock, .yield, .keyedContribution, .assemble, .ownBlock,
                .finishExchange, .fold, .tileSide, .pitch,
                .checkShape, .allocate, .retain, .release, .unshare, .reuse,
            ] + ScalarOperator.allCases.map(Operation.scalar) + Collective.allCases.map(Operation.collective)
        return Dictionary(uniqueKeysWithValues: alone.map { ($0.row.word, $0) })
    }()
}

extension [OperandGroup] {
    /// The operands of an iteration space.
    fileprivate static func space(axes: Int, _ distribution: Distribution) -> [OperandGroup] {
        [.each(3 * axes, .ranges, .integer), .each(distribution.dividedAxes.count, .extents, .integer)]
    }
}

extension Direction {
    fileprivate var attributes: [Attribute] { self == .all ? [] : [.word(rawValue)] }
}

extension Bounds {
    fileprivate var effects: Effects { self == .proved ? .readsElements : [.readsElements, .mayFail] }
}

extension ReductionOperator {
    fileprivate var user: UserOperator? { if case .user(let op) = self { op } else { nil } }
}

extension Loop.Yield {
    fileprivate var userOperator: Int? { if case .reduction(let op) = self { op.user?.id } else { nil } }
}

extension ArrayOperation {
    fileprivate var userOperators: [Int] {
        guard kind == .scan || kind == .exscan, let op = attributes.first else { return [] }
        return op < ReductionOperator.builtin.count ? [] : [op - ReductionOperator.builtin.count]
    }
}
