import Language
import Source
import Syntax
import TypedTree

extension Checker {
    /// A function that is specialised more than once has its loops' contracts once.
    func noteContract(_ expectations: [Expectation], of loop: Span?, _ span: Span) {
        for expectation in expectations where !MessageNames.all.contains(expectation.message.text) {
            let name = expectation.message
            let known = nearest(to: name.text, among: MessageNames.all)
            report(.unknownMessage(name.text, nearest: known, at: name.span))
        }
        let limits = expectations.map { Contract.Limit($0.message.text, most: $0.most, at: $0.message.span) }
        guard let loop else {
            if scopes.count > 1 || context.function != nil { report(.misplacedContract(at: span)) }
            contracts.append(Contract(loop: nil, limits: limits))
            return
        }
        if !contracts.contains(where: { $0.loop?.coincides(with: loop) == true }) {
            contracts.append(Contract(loop: loop, limits: limits))
        }
    }
}
