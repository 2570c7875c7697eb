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
    /// Where its reduction was written; nil: at different places, by the way that was taken.
    var place: Span?
}

/// How a value differs over the lanes of a vector body.
enum Shape { case uniform, linear, strided, varying }

/// Lanes of a vector body that are at work.
struct Lanes {
    /// How many elements a vector body does at once: the lanes of the fixed order of reductions.
    static let count = Int(PDL_LANES)
    /// nil: all of them.
    var mask: LLVMValue?
    /// Whether it may be that no lane is at work: under a condition.
    var mayBeEmpty = false
    /// Whether rows that are read in squares are asked for long before: they come in an order that a processor does not foresee.
    var prefetches = false
    /// Whether what the loop writes is larger than the caches, where that is asked (`Streaming.swift`).
    var isStreaming: LLVMValue?
    /// How many bytes before; across the pages at which a processor's own fetching ahead ends.
    static let fetchDistance = 4096
}
