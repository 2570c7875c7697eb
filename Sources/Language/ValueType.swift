/// The type of a value: elements, shape and placement; or a tuple, or one of the few things that are not data.
public indirect enum ValueType: Hashable, Sendable {
    case array(ArrayType)
    case tuple([ValueType])
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
    public var description: String {
        let sizes = shape.enumerated().map { axis, size in
            placement.dividedAxis == axis ? "/\(size)" : "\(size)"
        }
        let body = element.rawValue + (shape.isEmpty ? "" : "[\(sizes.joined(separator: ", "))]")
        return switch placement {
        case .replicated, .scattered: body
        case .part(let op): "part(\(op.rawValue)) \(body)"
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
        case .string: "string"
        case .void: "nothing"
        case .error: "?"
        }
    }
}
