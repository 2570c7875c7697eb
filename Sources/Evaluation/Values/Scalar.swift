import CNumerics
import Language

/// A number of any element type as the interpreter holds it: 64 bits whose meaning the type gives. Signed integers are
/// sign-extended, unsigned ones and bool zero-extended, f32 stands in the low half.
typealias Word = UInt64

/// The Swift type that computes with an element type's numbers.
protocol Scalar {
    init(word: Word)
    var word: Word { get }
}

extension Bool: Scalar {
    init(word: Word) { self = word != 0 }
    var word: Word { self ? 1 : 0 }
}
extension Int32: Scalar {
    init(word: Word) { self.init(truncatingIfNeeded: word) }
    var word: Word { Word(truncatingIfNeeded: self) }
}
extension Int64: Scalar {
    init(word: Word) { self.init(bitPattern: word) }
    var word: Word { Word(bitPattern: self) }
}
extension UInt32: Scalar {
    init(word: Word) { self.init(truncatingIfNeeded: word) }
    var word: Word { Word(self) }
}
extension UInt64: Scalar {
    init(word: Word) { self = word }
    var word: Word { self }
}
extension Float: Scalar {
    init(word: Word) { self.init(bitPattern: UInt32(truncatingIfNeeded: word)) }
    var word: Word { Word(bitPattern) }
}
extension Double: Scalar {
    init(word: Word) { self.init(bitPattern: word) }
    var word: Word { bitPattern }
}

extension Int {
    init(word: Word) { self.init(truncatingIfNeeded: word) }
    var word: Word { Word(bitPattern: Int64(self)) }
}

extension Constant {
    var word: Word {
        switch self {
        case .bool(let value): value.word
        case .integer(let value, .i32): Int32(truncatingIfNeeded: value).word
        case .integer(let value, .u32): UInt32(truncatingIfNeeded: value).word
        case .integer(let value, _): value.word
        case .float(let value, .f32): Float(value).word
        case .float(let value, _): value.word
        }
    }
}

extension ElementType {
    /// Its place in C's `enum pdl_element`.
    var code: Int32 {
        switch self {
        case .bool: Int32(PDL_BOOL.rawValue)
        case .i32: Int32(PDL_I32.rawValue)
        case .i64: Int32(PDL_I64.rawValue)
        case .u32: Int32(PDL_U32.rawValue)
        case .u64: Int32(PDL_U64.rawValue)
        case .f32: Int32(PDL_F32.rawValue)
        case .f64: Int32(PDL_F64.rawValue)
        case .c64: Int32(PDL_C64.rawValue)
        case .c128: Int32(PDL_C128.rawValue)
        }
    }

    /// The numbers as they lie in memory and in files.
    func bytes(_ words: some Collection<Word>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(words.count * byteSize)
        for word in words {
            for k in 0..<byteSize { bytes.append(UInt8(truncatingIfNeeded: word >> Word(8 * k))) }
        }
        return bytes
    }

    /// The axis that an array of complex numbers in one piece has behind its own.
    var pairAxis: [Int] { isComplex ? [2] : [] }

    /// The numbers as they are saved: with one NaN.
    func savedBytes(_ words: some Collection<Word>) -> [UInt8] {
        var bytes = (part ?? self).bytes(words)
        pdl_one_nan(code, &bytes, Int64(bytes.count))
        return bytes
    }

    /// The inverse of `bytes`: as many words as fit.
    func words(_ bytes: some RandomAccessCollection<UInt8>) -> [Word] {
        var words: [Word] = []
        words.reserveCapacity(bytes.count / byteSize)
        var rest = bytes.makeIterator()
        for _ in 0..<bytes.count / byteSize {
            var word: Word = 0
            for k in 0..<byteSize { word |= Word(rest.next() ?? 0) << Word(8 * k) }
            words.append(self == .i32 ? Int32(word: word).word : self == .bool ? (word != 0).word : word)
        }
        return words
    }
}
