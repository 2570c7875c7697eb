import CNumerics
import Foundation
import Language

// Files that a library reads and writes: .h5, .npz, .png.

extension ArrayFile {
    func loadMember(_ file: Int32, bytes: Int64, _ element: ElementType, extents: [Int]) throws -> ArrayValue {
        guard let library = libraries.members(kind) else { throw Fault("a file without its library") }
        var header = pdl_npy()
        if let problem = Self.message({ library.look(path, detail, &header, $0) == 0 }) {
            throw Failure(problem, at: span)
        }
        guard header.offset == 0 else {
            return try loadElements(file, header, bytes: bytes, element, extents: extents)
        }
        try requireFit(header, bytes: .max, element, extents)
        let shape = header.shape
        var elements = [UInt8](repeating: 0, count: shape.reduce(element.byteSize, *))
        let problem = Self.message { message in
            elements.withUnsafeMutableBytes {
                var whole = pdl_slab(axis: -1, first: 0, count: 1, out: $0.baseAddress)
                return library.read(path, detail, &header, &whole, message) == 0
            }
        }
        if let problem { throw Failure(problem, at: span) }
        return ArrayValue(extents: shape + element.pairAxis, elements: (element.part ?? element).words(elements))
    }

    /// Other datasets of the old file stay: a copy of it gets the new one.
    func saveDataset(_ array: ArrayValue, _ element: ElementType) throws {
        guard let library = libraries.members(kind) else { throw Fault("a file without its library") }
        var shape = pdl_npy()
        shape.element = element.code
        shape.axes = Int32(array.extents.count)
        withUnsafeMutableBytes(of: &shape.extents) { extents in
            for (axis, extent) in array.extents.enumerated() {
                extents.storeBytes(of: Int64(extent), toByteOffset: 8 * axis, as: Int64.self)
            }
        }
        try replace { file, name, target in
            let old = open(target, O_RDONLY | O_CLOEXEC)
            if old >= 0 {
                defer { close(old) }
                var facts = stat()
                guard fstat(old, &facts) == 0 else { throw trouble("save") }
                let bytes = try read(old, count: Int(facts.st_size), from: 0)
                guard write(file, bytes[...], at: 0) else { throw trouble("save") }
            }
            var offset: Int64 = 0
            let problem = Self.message { library.create(name, detail, &shape, &offset, $0) == 0 }
            if let problem { throw Failure("cannot save \(path): \(problem)", at: span) }
            guard write(file, element.savedBytes(array.elements)[...], at: offset) else { throw trouble("save") }
        }
    }

    func savePNG(_ array: ArrayValue, _ element: ElementType) throws {
        guard let library = libraries.pictures else { throw Fault("a picture without its library") }
        let (levels, white) = try levels(of: array, element)
        let extents = array.extents.map { Int64($0) }
        try replace { _, name, _ in
            var picture: UnsafeMutableRawPointer?
            let problem = Self.message { message in
                picture = library.start(name, extents, pdl_pgm_bytes(white), detail, message)
                return picture == nil
            }
            if let problem { throw Failure("cannot save \(path): \(problem)", at: span) }
            _ = library.add(picture, levels, extents[0])
            guard library.finish(picture) != 0 else { throw trouble("save") }
        }
    }
}
