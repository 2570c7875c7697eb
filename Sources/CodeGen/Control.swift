import IR
import LLVMSupport
import Language

/// Conditions and loops with carried values become blocks and phis; in a vector body a condition becomes a choice per lane.
extension Emitter {
    func emitConditional(_ node: Node) throws {
        guard lanes != nil else {
            return try choose(node, if: try uniform(node.condition)) {
                try self.emit(node.regions[0], [])
            } else: {
                try self.emit(node.regions[1], [])
            }
        }
        if case .uniform(let condition) = try operand(node.condition) {
            if let holds = condition.knownTruth {
                let values = try emitWidened(node.regions[holds ? 0 : 1])
                for (result, value) in zip(node.results, values) { define(result, value) }
                return
            }
            return try choose(node, if: condition) {
                try self.emitWidened(node.regions[0])
            } else: {
                try self.emitWidened(node.regions[1])
            }
        }
        // Away from the ends of its range an index test holds on all lanes: no masks then.
        if lanes?.mask == nil, context.indexTests.contains(node.condition) {
            let bits = builder.cast(
                .bits, widened(try operand(node.condition)), to: llvm.integer(Lanes.count))
            let holds = builder.compare(.eq, bits, bits.type.constant(-1))
            return try choose(node, if: holds) {
                try self.emitWidened(node.regions[0])
            } else: {
                try self.emitMasked(node)
            }
        }
        for (result, value) in zip(node.results, try emitMasked(node)) { define(result, value) }
    }

    private func emitWidened(_ region: Region) throws -> [Operand] {
        try self.emit(region, []).map { .varying(widened($0)) }
    }

    /// A branch, whose ways give the node's results.
    private func choose(
        _ node: Node, if condition: LLVMValue, _ then: @escaping () throws -> [Operand],
        else otherwise: @escaping () throws -> [Operand]
    ) throws {
        let sides = [builder.block("then"), builder.block("else")]
        builder.branch(condition, sides[0], sides[1])
        let join = builder.block("join")
        let ends = try zip([then, otherwise], sides).map { way, side in
            builder.move(to: side)
            let values = try way()
            let end = builder.current
            builder.jump(join)
            return (values, end)
        }
        builder.move(to: join)
        for (index, result) in node.results.enumerated() {
            define(result, phi(ends.map { ($0.0[index], $0.1) }))
        }
    }

    /// Notes whether a condition compares the innermost index with numbers, or joins such ones.
    func noteIndexTest(_ op: ScalarOperator, _ operands: [Operand], _ node: Node) {
        let isTest: Bool
        if op.isComparison {
            isTest =
                operands.contains { $0.shape == .linear }
                && operands.allSatisfy { $0.shape == .linear || $0.shape == .uniform }
        } else {
            isTest =
                op == .and
                && zip(operands, node.operands).allSatisfy { $0.shape == .uniform || context.indexTests.contains($1) }
        }
        if isTest { context.indexTests.insert(node.results[0]) }
    }

    /// Both sides run, each on its own lanes; the results are chosen lane by lane.
    private func emitMasked(_ node: Node) throws -> [Operand] {
        let condition = widened(try operand(node.condition))
        let (its, others) = (narrowed(lanes, to: condition), narrowed(lanes, to: builder.not(condition)))
        let then = try within {
            $0.lanes = its
        } _: {
            try emit(node.regions[0], [])
        }
        let otherwise = try within {
            $0.lanes = others
        } _: {
            try emit(node.regions[1], [])
        }
        return zip(then, otherwise).map { .varying(builder.select(condition, widened($0), widened($1))) }
    }

    private func narrowed(_ lanes: Lanes?, to condition: LLVMValue) -> Lanes {
        let mask = lanes?.mask.map { builder.binary(.and, $0, condition) }
        return Lanes(mask: mask ?? condition, mayBeEmpty: true)
    }

    /// The value that came along the way taken; of one kind on all ways.
    private func phi(_ incoming: [(Operand, LLVMBlock)]) -> Operand {
        let phi = builder.phi(incoming[0].0.value.type)
        for (operand, block) in incoming { phi.addIncoming(operand.value, from: block) }
        if case .part(var part) = incoming[0].0 {
            part.address = phi
            return .part(part)
        }
        if case .varying = incoming[0].0 { return .varying(phi) }
        return .uniform(phi)
    }

    func emitForLoop(_ node: Node) throws {
        let upper = try uniform(node.range.upper)
        let step = try uniform(node.range.step)
        let lower = try uniform(node.range.lower)
        let carried = [Operand.uniform(lower)] + carriable(try node.carried.map(operand))
        let tellsProgress = lanes == nil && units.tellsProgress(node)
        if tellsProgress { callRuntime("pdl_progress_begin", [lower, upper, step, place(of: node)]) }
        let head = Header(self, "for", carried)
        let index = head.values[0].value
        let body = builder.block("body")
        let done = builder.block("done")
        builder.branch(builder.compare(.slt, index, upper), body, done)
        builder.move(to: body)
        let next = carriable(try emit(node.regions[0], head.values))
        if tellsProgress { callRuntime("pdl_progress_turn", []) }
        head.jumpBack(self, [.uniform(builder.binary(.add, index, step))] + next)
        builder.move(to: done)
        if tellsProgress { callRuntime("pdl_progress_end", []) }
        for (result, value) in zip(node.results, head.values.dropFirst()) { define(result, value) }
    }

    /// In a vector body what a loop carries is a vector.
    private func carriable(_ values: [Operand]) -> [Operand] {
        lanes == nil ? values : values.map { .varying(widened($0)) }
    }

    /// As long as a lane wants to go on, all turn; those that have finished keep what they have.
    func emitWhileInLanes(_ node: Node) throws {
        let head = Header(self, "while", carriable(try node.carried.map(operand)))
        let wants = try emit(node.regions[0], head.values).map(widened)[0]
        let active = lanes?.mask.map { builder.binary(.and, $0, wants) } ?? wants
        let body = builder.block("body")
        let done = builder.block("done")
        builder.branch(any(active), body, done)
        builder.move(to: body)
        let next = try within {
            $0.lanes = Lanes(mask: active, mayBeEmpty: true)
        } _: {
            try emit(node.regions[1], head.values).map(widened)
        }
        head.jumpBack(self, zip(next, head.values).map { .varying(builder.select(active, $0, $1.value)) })
        builder.move(to: done)
        for (result, value) in zip(node.results, head.values) { define(result, value) }
    }

    func emitWhileLoop(_ node: Node) throws {
        let tellsProgress = units.tellsProgress(node)
        if tellsProgress { callRuntime("pdl_progress_begin", [i64(0), i64(0), i64(0), place(of: node)]) }
        let head = Header(self, "while", try node.carried.map(operand))
        let condition = try emit(node.regions[0], head.values)
        guard case .uniform(let flag)? = condition.first else { throw CodeGenFault("a while without a condition") }
        let body = builder.block("body")
        let done = builder.block("done")
        builder.branch(flag, body, done)
        builder.move(to: body)
        let next = try emit(node.regions[1], head.values)
        if tellsProgress { callRuntime("pdl_progress_turn", []) }
        head.jumpBack(self, next)
        builder.move(to: done)
        if tellsProgress { callRuntime("pdl_progress_end", []) }
        for (result, value) in zip(node.results, head.values) { define(result, value) }
    }

    /// The block in which a loop decides whether to go on, and what it carries.
    private struct Header {
        let block: LLVMBlock
        let values: [Operand]

        init(_ emitter: Emitter, _ name: String, _ carried: [Operand]) {
            let before = emitter.builder.current
            block = emitter.builder.block(name)
            emitter.builder.jump(block)
            emitter.builder.move(to: block)
            values = carried.map { emitter.phi([($0, before)]) }
        }

        func jumpBack(_ emitter: Emitter, _ next: [Operand]) {
            for (value, next) in zip(values, next) {
                value.value.addIncoming(next.value, from: emitter.builder.current)
            }
            emitter.builder.jump(block)
        }
    }

    /// for (i = lower; i < upper; i += step) body(i). `asItIs`: LLVM
    /// shall neither vectorise nor unroll it. Gives the last i, which is not below `upper`.
    @discardableResult
    func counted(
        _ lower: LLVMValue, _ upper: LLVMValue, _ step: LLVMValue, asItIs: Bool = false,
        _ body: (LLVMValue) throws -> Void
    ) rethrows -> LLVMValue {
        try rounds(from: lower, to: upper, asItIs: asItIs) { index, jumpBack in
            try body(index)
            jumpBack(builder.binary(.add, index, step))
        }
    }

    /// Writes rounds of a loop that go on while their position is below `end`; each way through a round jumps back with the position
    /// of the next. Gives the last position.
    @discardableResult
    func rounds(
        from start: LLVMValue, to end: LLVMValue, asItIs: Bool = false,
        _ round: (_ position: LLVMValue, _ jumpBack: (LLVMValue) -> Void) throws -> Void
    ) rethrows -> LLVMValue {
        let before = builder.current
        let head = builder.block("loop")
        let inside = builder.block("body")
        let done = builder.block("done")
        builder.jump(head)
        builder.move(to: head)
        let position = builder.phi(start.type)
        position.addIncoming(start, from: before)
        builder.branch(builder.compare(.slt, position, end), inside, done)
        builder.move(to: inside)
        try round(position) { next in
            position.addIncoming(next, from: builder.current)
            builder.jumpBack(head, asItIs: asItIs)
        }
        builder.move(to: done)
        return position
    }

    /// if (condition) body(); else otherwise();
    func when(_ condition: LLVMValue, _ body: () throws -> Void, otherwise: () throws -> Void) rethrows {
        let then = builder.block("then")
        let other = builder.block("else")
        let join = builder.block("join")
        builder.branch(condition, then, other)
        builder.move(to: then)
        try body()
        builder.jump(join)
        builder.move(to: other)
        try otherwise()
        builder.jump(join)
        builder.move(to: join)
    }

    /// if (condition) body().
    func when(_ condition: LLVMValue, _ body: () throws -> Void) rethrows {
        let then = builder.block("then")
        let join = builder.block("join")
        builder.branch(condition, then, join)
        builder.move(to: then)
        try body()
        builder.jump(join)
        builder.move(to: join)
    }
}
