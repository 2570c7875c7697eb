import CNumerics
import LLVMSupport
import Language
import Source

/// What a value of the IR is while code is made. In straight code everything is `uniform`; inside a vector body a value may
/// differ from lane to lane.
enum Operand {
    /// One number for all lanes; or an array (its address), or a text.
    case uniform(LLVMValue)
    /// An i64: lane k has base + k.
    case linear(LLVMValue)
    /// An i64: lane k has base + k * stride.
    case strided(LLVMValue, stride: LLVMValue)
    /// A vector with a number for each lane.
    case varying(LLVMValue)
    /// A run of tree nodes.
    case part(Part)

    /// LLVM's value; of lanes in a row, the first one's.
    var value: LLVMValue {
        switch self {
        case .uniform(let value), .linear(let value), .strided(let value, _), .varying(let value): value
        case .part(let part): part.address
        }
    }

    var shape: Shape {
        switch self {
        case .uniform, .part: .uniform
        case .linear: .linear
        case .strided: .strided
        case .varying: .varying
        }
    }
}

/// A rank's run of tree nodes, kept by the runtime.
struct Part {
    var address: LLVMValue
    let op: ReductionOperator
    /// Of a contribution: one number's, or those of all its components.
    let elements: [ElementType]
    /// Which of them this value stands for.
    let component: Int
}

/// How a value differs over the lanes of a vector body.
enum Shape { case uniform, linear, strided, varying }
