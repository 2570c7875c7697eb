import CNumerics
import Foundation
import Language

// .csv tables.

extension ArrayFile {
    func loadTable(_ file: Int32, bytes: Int64, _ element: ElementType, extents: [Int]) throws -> ArrayValue {
        var table = pdl_csv_opening()
        if let problem = Self.message({ pdl_csv_open($0, path, file, detail, &table) == 0 }) {
            throw Failure(problem, at: span)
        }
        var (lines, rows) = (Int64(0), Int64(0))
        guard pdl_csv_count(file, table.body.from, bytes, &lines, &rows) != 0 else { throw trouble("read") }
        var header = pdl_npy()
        header.element = element.code
        header.axes = table.only >= 0 || extents.count == 1 && table.columns == 1 ? 1 : 2
        header.extents.0 = rows
        header.extents.1 = table.columns
        try requireFit(header, bytes: .max, element, extents)
        let width = header.axes == 1 ? 1 : table.columns
        var elements = [UInt8](repeating: 0, count: Int(rows * width) * element.byteSize)
        let problem = Self.message { message in
            path.withCString { path in
                var part = pdl_csv_part(
                    path: path, file: file, element: element.code, columns: table.columns, only: table.only, first: 0,
                    count: rows)
                return elements.withUnsafeMutableBytes { pdl_csv_read(message, &part, table.body, $0.baseAddress) } != 0
            }
        }
        if let problem { throw Failure(problem, at: span) }
        return ArrayValue(extents: header.shape, elements: element.words(elements))
    }

    /// The file's bytes.
    func table(of array: ArrayValue, _ element: ElementType) throws -> ArraySlice<UInt8> {
        let rows = Int64(array.extents[0])
        let columns = array.extents.count == 1 ? 1 : Int64(array.extents[1])
        var length = 0
        var names: UnsafeMutablePointer<CChar>?
        let problem = Self.message { message in
            names = pdl_csv_names(message, path, detail, columns, &length)
            return names == nil
        }
        if let problem { throw Failure(problem, at: span) }
        var bytes = Self.taken(names, length)
        let text = pdl_csv_text(element.code, element.bytes(array.elements), rows, columns, &length)
        guard text != nil else { throw Failure("out of memory", at: span) }
        bytes += Self.taken(text, length)
        return bytes[...]
    }

    /// The bytes of a text of C's, which is freed.
    private static func taken(_ text: UnsafeMutablePointer<CChar>?, _ length: Int) -> [UInt8] {
        defer { free(text) }
        return Array(UnsafeRawBufferPointer(start: text, count: length))
    }
}
