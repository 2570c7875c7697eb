/// Words that are neither keywords nor builtins, for editors and highlighters.
public enum Vocabulary {
    /// Numbers that have a name.
    public static let constants = ["pi", "inf", "nan"]
    /// What types are written with, besides the names of elements.
    public static let typeWords = ["part", "root", "string"]
    /// The types of elements that programs can use.
    public static let elementTypes = ElementType.allCases.map(\.rawValue)
}
