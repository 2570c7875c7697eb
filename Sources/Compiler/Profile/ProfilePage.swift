import FoundationEssentials

/// A profile as one HTML file that needs nothing else: `Sources/Templates/profile.html` with the numbers in it.
extension Profile {
    public func page() throws -> String {
        // What stands inside a script element must not end it.
        let data = try json().replacing("<", with: "\\u003c").replacing("\n", with: "")
        return try Template("profile.html").filled(["data": [data], "program": [program.escapedForHTML]])
    }
}

extension String {
    fileprivate var escapedForHTML: String {
        replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing("\"", with: "&quot;")
    }
}
