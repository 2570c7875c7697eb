import FoundationEssentials
import Language
import TypedTree

/// What a library offers, as its JSON file says it to bindings in other languages: docs/libraries.md describes the fields.
struct LibraryDescription: Codable {
    var format = 1
    var library: String
    var source: String
    var symbols: Symbols
    var functions: [Function]

    struct Symbols: Codable { var open, message, free, close: String }

    struct Function: Codable {
        var name: String
        var symbol: String
        var signature: String
        var documentation: String?
        var line: Int
        var takes: [Taken]
        var parameters: [Port]
        var results: [Port]
        var returns: Composition
    }

    /// A number or array that goes in or out.
    struct Port: Codable {
        var name: String
        var element: String
        var placement: String
        /// Of a part.
        var `operator`: String?
        var axes: Int
        /// The divided axis.
        var divided: Int?
        /// Of an argument: the sizes as they are written. Of a result: those that the caller knows.
        var extents: [Extent?]
        /// Of a result: the argument by which it is cut.
        var like: Int?
        /// Of a result: the library gives the memory.
        var allocated: Bool?
    }

    struct Extent: Codable {
        var name: String?
        var constant: Int?
        var argument: Int?
        var axis: Int?
    }

    /// A parameter of the function, made of ports.
    struct Taken: Codable {
        var name: String
        var value: Composition
    }

    enum Side: String, CodingKey { case parameter, result }

    /// How ports make up a value: it is one of them, or a tuple or record of such, or nothing.
    indirect enum Composition: Codable {
        case nothing
        case port(Side, Int)
        case tuple([Composition])
        case record(String, fields: [String], [Composition])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            switch self {
            case .nothing: try container.encode("nothing", forKey: .kind)
            case .port(let side, let index):
                try container.encode(side.rawValue, forKey: .kind)
                var container = encoder.container(keyedBy: Side.self)
                try container.encode(index, forKey: side)
            case .tuple(let items):
                try container.encode("tuple", forKey: .kind)
                try container.encode(items, forKey: .items)
            case .record(let name, let fields, let items):
                try container.encode("record", forKey: .kind)
                try container.encode(name, forKey: .name)
                try container.encode(fields, forKey: .fields)
                try container.encode(items, forKey: .items)
            }
        }

        private enum Key: String, CodingKey { case kind, name, fields, items }

        init(from decoder: any Decoder) throws { throw CompilerFault("a description is written, not read") }

        /// The ports of this type, the first of which has the number `next`.
        init(_ type: ValueType, _ side: Side, next: inout Int) {
            switch type {
            case .array:
                self = .port(side, next)
                next += 1
            case .tuple(let types): self = .tuple(types.map { Composition($0, side, next: &next) })
            case .record(let record):
                self = .record(
                    record.name, fields: record.fields.map(\.name),
                    record.fields.map { Composition($0.type, side, next: &next) })
            case .string, .void, .error: self = .nothing
            }
        }
    }

    var json: [UInt8] {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            return Array(try encoder.encode(self)) + [UInt8(ascii: "\n")]
        }
    }
}

extension LibraryDescription {
    init(_ functions: [LibraryFunction], library: String, source: String) {
        self.library = library
        self.source = source
        symbols = Symbols(
            open: "\(library)_open", message: "\(library)_message", free: "\(library)_free",
            close: "\(library)_close")
        self.functions = functions.map { Function($0, library) }
    }
}

extension LibraryDescription.Function {
    fileprivate init(_ function: LibraryFunction, _ library: String) {
        name = function.name
        symbol = "\(library)_\(function.name)"
        signature = function.signature
        documentation = function.documentation
        line = function.span.line
        let types = function.arguments.map(\.type)
        var next = 0
        takes = function.parameters.map { .init(name: $0.name, value: .init($0.type, .parameter, next: &next)) }
        parameters = function.arguments.map { .init(argument: $0.variable.name, $0.type) }
        results = function.call.type.leafNames("result").map { .init(result: $0.name, $0.type, types) }
        next = 0
        returns = .init(function.call.type, .result, next: &next)
    }
}

extension LibraryDescription.Port {
    private init(_ name: String, _ type: ArrayType) {
        self.name = name
        element = type.element.rawValue
        placement = type.placement.word
        if case .part(let op) = type.placement { `operator` = op.symbol }
        axes = type.rank
        divided = type.placement.dividedAxis
        extents = []
    }

    fileprivate init(argument name: String, _ type: ArrayType) {
        self.init(name, type)
        extents = type.shape.map { .init(name: "\($0)") }
    }

    /// A result has its divided axis, and so its cut, from the first argument that has it; the caller gives the memory when it knows all extents.
    fileprivate init(result name: String, _ type: ArrayType, _ arguments: [ArrayType]) {
        self.init(name, type)
        if let divided {
            like = arguments.firstIndex { argument in
                argument.placement.dividedAxis.map { argument.shape[$0] == type.shape[divided] } ?? false
            }
        }
        extents = type.shape.enumerated().map { axis, size in
            if axis == divided {
                return like.map { .init(argument: $0, axis: arguments[$0].placement.dividedAxis) }
            }
            return size.constant.map { .init(constant: $0) } ?? Self.whole(size, arguments)
        }
        if axes > 0 { allocated = type.placement == .local || extents.contains { $0 == nil } }
    }

    /// An undivided axis of an argument that has this size.
    private static func whole(_ size: Size, _ arguments: [ArrayType]) -> LibraryDescription.Extent? {
        for (index, argument) in arguments.enumerated() {
            let divided = argument.placement.dividedAxis
            let axis = argument.shape.indices.first { $0 != divided && argument.shape[$0] == size }
            if let axis { return .init(argument: index, axis: axis) }
        }
        return nil
    }
}
