/// The type of a value: elements, shape and placement; or a tuple or record of such, or one of the few things that are not data.
public indirect enum ValueType: Hashable, Sendable {
    case array(ArrayType)
    case tuple([ValueType])
    case record(RecordType)
    /// Text: only in `print`, `assert` and the path of `load` and `save`.
    case string
    /// The result of a statement-like call.
    case void
    /// What a mistake was typed as, so that it is reported once.
    case error

    public static func scalar(_ element: ElementType, _ placement: Placement = .replicated) -> ValueType {
        .array(ArrayType(element, [], placement))
    }
    public static let bool = scalar(.bool)
    public static let i64 = scalar(.i64)
    public static let f64 = scalar(.f64)

    public var array: ArrayType? { if case .array(let type) = self { type } else { nil } }
    public var record: RecordType? { if case .record(let type) = self { type } else { nil } }

    /// The types of a tuple's elements or of a record's fields; nil for what has no parts.
    public var components: [ValueType]? {
        switch self {
        case .tuple(let types): types
        case .record(let type): type.fields.map(\.type)
        case .array, .string, .void, .error: nil
        }
    }

    /// The numbers and arrays that it is made of, in order; nil when there is anything else in it.
    public var dataLeaves: [ArrayType]? {
        if let array { return [array] }
        guard let components else { return nil }
        var leaves: [ArrayType] = []
        for component in components {
            guard let inner = component.dataLeaves else { return nil }
            leaves += inner
        }
        return leaves
    }

    /// The same tuple or record of other leaves.
    public func mappingLeaves(_ map: (ArrayType) -> ArrayType) -> ValueType {
        switch self {
        case .array(let type): return .array(map(type))
        case .tuple(let types): return .tuple(types.map { $0.mappingLeaves(map) })
        case .record(var type):
            for index in type.fields.indices { type.fields[index].type = type.fields[index].type.mappingLeaves(map) }
            return .record(type)
        case .string, .void, .error: return self
        }
    }

    /// The placement of the values in it when they are all alike.
    public var placement: Placement? {
        guard let leaves = dataLeaves, let first = leaves.first?.placement else { return nil }
        return leaves.allSatisfy { $0.placement == first } ? first : nil
    }

    /// Whether every rank has a value of its own.
    public var isLocal: Bool {
        switch self {
        case .array(let type): type.placement == .local
        case .tuple, .record: components?.contains(where: \.isLocal) == true
        case .string, .void, .error: false
        }
    }

    public var isPart: Bool { dataLeaves?.contains { $0.placement.isPart } == true }
}

/// A record that the program declares. An array of records is kept as an array a field: its fields are those arrays.
public struct RecordType: Hashable, Sendable {
    public struct Field: Hashable, Sendable {
        public var name: String
        public var type: ValueType
        public init(_ name: String, _ type: ValueType) {
            self.name = name
            self.type = type
        }
    }
    public var name: String
    public var fields: [Field]
    /// Whether it is an array of them; every field then has its shape and placement.
    public var isArray: Bool

    public init(_ name: String, _ fields: [Field], isArray: Bool = false) {
        self.name = name
        self.fields = fields
        self.isArray = isArray
    }
}

extension RecordType: CustomStringConvertible {
    /// As the user would write it: `Body`, `Body[/n]`, `local Body`.
    public var description: String {
        guard let leaf = ValueType.record(self).dataLeaves?.first else { return name }
        return leaf.description(of: name, shape: isArray ? leaf.shape : [])
    }
}

/// Elements of one type in a box of sizes. A number is an array of rank 0.
public struct ArrayType: Hashable, Sendable {
    public var element: ElementType
    public var shape: [Size]
    public var placement: Placement

    public init(_ element: ElementType, _ shape: [Size], _ placement: Placement = .replicated) {
        self.element = element
        self.shape = shape
        self.placement = placement
    }

    public var rank: Int { shape.count }
    public var isScalar: Bool { shape.isEmpty }

    public func with(placement: Placement) -> ArrayType { ArrayType(element, shape, placement) }
    public func with(element: ElementType) -> ArrayType { ArrayType(element, shape, placement) }
}

extension ArrayType: CustomStringConvertible {
    /// As the user would write it: `f64[/n, m]`, `part(+) f64`, `local i64`.
    public var description: String { description(of: element.rawValue, shape: shape) }

    fileprivate func description(of element: String, shape: [Size]) -> String {
        let sizes = shape.enumerated().map { axis, size in
            placement.distribution.isWhole(axis: axis) ? "\(size)" : "/\(size)"
        }
        let body = element + (shape.isEmpty ? "" : "[\(sizes.joined(separator: ", "))]")
        return switch placement {
        case .replicated, .scattered: body
        case .part(let op): "part(\(op.symbol)) \(body)"
        case .local: "local \(body)"
        case .root: "root \(body)"
        }
    }
}

extension ValueType: CustomStringConvertible {
    public var description: String {
        switch self {
        case .array(let type): type.description
        case .tuple(let types): "(\(types.map(\.description).joined(separator: ", ")))"
        case .record(let type): type.description
        case .string: "string"
        case .void: "nothing"
        case .error: "?"
        }
    }
}
