import Language
import Source
import Syntax

/// How often what a loop's round, or the program, may send: checked on the distributed IR, as `pdlc explain` counts.
public struct Contract: Sendable {
    /// The loop; nil: the program.
    public var loop: Span?
    public var expectations: [Expectation]
}

extension Checker {
    /// A function that is specialised more than once has its loops' contracts once.
    func noteContract(_ expectations: [Expectation], of loop: Span?, _ span: Span) {
        for expectation in expectations where !MessageNames.all.contains(expectation.message.text) {
            let name = expectation.message
            let known = nearest(to: name.text, among: MessageNames.all)
            report(.unknownMessage(name.text, nearest: known, at: name.span))
        }
        guard let loop else {
            if scopes.count > 1 || context.function != nil { report(.misplacedContract(at: span)) }
            contracts.append(Contract(loop: nil, expectations: expectations))
            return
        }
        if !contracts.contains(where: { $0.loop?.coincides(with: loop) == true }) {
            contracts.append(Contract(loop: loop, expectations: expectations))
        }
    }
}
