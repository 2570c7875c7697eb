import CNumerics
import Language
import Source

// Fourier transforms, by the C of the runtime.

extension ArrayOperation {
    func transformed(_ operands: [Value], _ element: ElementType, at span: Span) throws -> Value {
        element == .f32
            ? try transformed(operands, of: Float.self, at: span) : try transformed(operands, of: Double.self, at: span)
    }

    private func transformed<Part: Scalar & BinaryFloatingPoint>(
        _ operands: [Value], of _: Part.Type, at span: Span
    ) throws -> Value {
        let real = try operands[0].array()
        let job = try job(real.extents, operands, isSingle: Part.self == Float.self, at: span)
        var extents = real.extents
        extents[attributes[0]] = Int(job.given)
        func parts(_ array: ArrayValue) -> [Part] { array.elements.map(Part.init(word:)) }
        let re = parts(real)
        let im = kind == .rfft ? [Part](repeating: 0, count: re.count) : parts(try operands[1].array())
        var (toReal, toImaginary) = (
            [Part](repeating: 0, count: extents.reduce(1, *)), [Part](repeating: 0, count: extents.reduce(1, *))
        )
        let isDone = re.withUnsafeBytes { re in
            im.withUnsafeBytes { im in
                toReal.withUnsafeMutableBytes { real in
                    toImaginary.withUnsafeMutableBytes { imaginary in
                        var job = job
                        (job.re, job.im) = (re.baseAddress, im.baseAddress)
                        (job.to_re, job.to_im) = (real.baseAddress, imaginary.baseAddress)
                        return pdl_fft_run(&job) != 0
                    }
                }
            }
        }
        guard isDone else { throw Failure("out of memory", at: span) }
        let arrays = [toReal, toImaginary].map { Value.array(ArrayValue(extents: extents, elements: $0.map(\.word))) }
        return kind == .irfft ? arrays[0] : .tuple(arrays)
    }

    private func job(_ extents: [Int], _ operands: [Value], isSingle: Bool, at span: Span) throws -> pdl_fft {
        let axis = attributes[0]
        var job = pdl_fft()
        job.n = Int64(extents[axis])
        job.outer = Int64(extents[..<axis].reduce(1, *))
        job.inner = Int64(extents[(axis + 1)...].reduce(1, *))
        (job.taken, job.given) = (job.n, kind == .rfft ? job.n / 2 + 1 : job.n)
        (job.single, job.inverse) = (isSingle ? 1 : 0, kind == .ifft || kind == .irfft ? 1 : 0)
        guard kind == .irfft else { return job }
        let length = Int64(Int(word: try operands[2].number()))
        guard length > 0, job.taken == length / 2 + 1 else {
            throw Failure(
                "`irfft`: the transform of a real line of that length: the extents \(length / 2 + 1) and \(job.taken) do not agree",
                at: span)
        }
        (job.n, job.given) = (length, length)
        return job
    }
}
