import CNumerics
import Foundation
import Language

// Matrices of integers as .pgm pictures.

extension ArrayFile {
    /// `extents`: -1 where any will do.
    func loadPicture(_ file: Int32, bytes: Int64, _ element: ElementType, extents: [Int]) throws -> ArrayValue {
        var start = [UInt8](repeating: 0, count: 4096)
        let got = pread(file, &start, start.count, 0)
        var found = pdl_npy()
        var levelBytes: Int32 = 0
        let good = got > 0 && pdl_pgm_parse(start, got, element.code, &found, &levelBytes) != 0
        let header = good ? found : nil
        let wanted = extents.map(Int64.init)
        let problem = Self.message { message in
            header.withPointer {
                pdl_pgm_load_problem(
                    message, path, $0, levelBytes, bytes, element.code, Int32(wanted.count), wanted) != 0
            }
        }
        if let problem { throw Failure(problem, at: span) }
        let count = found.shape.reduce(1, *)
        let levels = try read(file, count: count * Int(levelBytes), from: Int(found.offset))
        var decoded = [UInt8](repeating: 0, count: count * element.byteSize)
        decoded.withUnsafeMutableBytes {
            pdl_pgm_decode($0.baseAddress, element.code, levels, levelBytes, Int64(count))
        }
        return ArrayValue(extents: found.shape, elements: element.words(decoded))
    }

    /// A .pgm file's bytes.
    func picture(of array: ArrayValue, _ element: ElementType) throws -> ArraySlice<UInt8> {
        let (levels, white) = try levels(of: array, element)
        var header = [UInt8](repeating: 0, count: Int(PDL_PGM_HEADER))
        let length = pdl_pgm_header(&header, Int64(array.extents[0]), Int64(array.extents[1]), white)
        return header.prefix(length) + levels
    }

    /// Levels as files have them, and the brightest.
    func levels(of array: ArrayValue, _ element: ElementType) throws -> (levels: [UInt8], white: Int64) {
        let axes = Int32(array.extents.count)
        if let problem = Self.message({ pdl_pgm_problem($0, path, element.code, axes) != 0 }) {
            throw Failure(problem, at: span)
        }
        let columns = array.extents[1]
        let data = element.bytes(array.elements)
        let count = Int64(array.elements.count)
        var wrong: Int64 = -1
        let white = pdl_pgm_levels(element.code, data, count, &wrong)
        if wrong >= 0 {
            let (row, column) = wrong.quotientAndRemainder(dividingBy: Int64(columns))
            let number = Array(data[(Int(wrong) * element.byteSize)...])
            let message = Self.message { message in
                pdl_pgm_wrong_level(message, path, element.code, number, row, column)
                return true
            }
            throw Failure(message ?? "", at: span)
        }
        let bytes = pdl_pgm_bytes(white)
        var levels = [UInt8](repeating: 0, count: array.elements.count * Int(bytes))
        pdl_pgm_encode(&levels, bytes, element.code, data, count)
        return (levels, white)
    }
}
