import Language

/// The seam between generated code and the runtime: a row for each C function that generated code calls and each struct that both sides read,
/// and the numbers by which C knows element types, placements, operators and the styles of holes.
///
/// The rows are C: `RuntimeABI.check` is a C file that compiles exactly if pdl.h says the same.
public enum RuntimeABI {
    /// What a number or address is in C and in a register.
    enum CType: Equatable {
        case void, byte, int32, int64, double, address

        /// Of a parameter as it is declared: `const pdl_place *place`; a function's address is written by its
        /// type, `pdl_combine`.
        init?(_ declaration: some StringProtocol) {
            if ["*", "pdl_combine", "pdl_scan_kernel"].contains(where: { declaration.contains($0) }) {
                self = .address
                return
            }
            let words = declaration.split(separator: " ")
            guard let type = words.first else { return nil }
            switch type {
            case "void": self = .void
            case "uint8_t": self = .byte
            case "int32_t": self = .int32
            case "int64_t": self = .int64
            case "double": self = .double
            default: return nil
            }
        }
    }

    struct Function {
        var result: CType
        var parameters: [CType]
    }

    /// Every function, as pdl.h declares it.
    static let prototypes =
        [
            // Parameters, ranks, time.
            "void pdl_parameter_get(int64_t index, void *out)",
            "uint8_t pdl_parameter_given(int64_t index)",
            "void pdl_sends(const pdl_place *place)",
            "int64_t pdl_rank(void)",
            "int64_t pdl_ranks(void)",
            "double pdl_clock(void)",
            // Where blocks and leaves begin.
            "int64_t pdl_block_begin(int64_t extent, int64_t ranks, int64_t rank)",
            "int64_t pdl_leaf_rows(int64_t inner, int64_t extent)",
            "int64_t pdl_grid_rank(int64_t direction)",
            "int64_t pdl_grid_ranks(int64_t direction)",
            "int64_t pdl_grid_begin(int64_t extent, int64_t ranks, int64_t rank)",
            "int64_t pdl_grid_tile(int64_t extent)",
            // Memory.
            "void *pdl_allocate(int64_t bytes)",
            "void pdl_allocates(const pdl_place *place)",
            "void *pdl_allocate_block(int64_t bytes, int64_t margin)",
            "void pdl_retain(void *array)",
            "void pdl_release(void *array)",
            "uint8_t pdl_is_unique(void *array)",
            // Failure.
            "void pdl_fail_index(const pdl_place *place, int64_t index, int64_t extent, int64_t axis)",
            "void pdl_fail_division(const pdl_place *place)",
            "void pdl_fail_extent(const pdl_place *place, const char *what, int64_t expected, int64_t actual)",
            "int64_t pdl_check_extent(const pdl_place *place, int64_t axis, int64_t count, int64_t extent)",
            // Reduction trees.
            "pdl_part *pdl_part_new(int64_t element_size, int64_t count, pdl_combine combine, const void *identity)",
            "void pdl_part_push(pdl_part *part, int64_t leaf, const void *value)",
            "void pdl_part_push_node(pdl_part *part, int64_t level, int64_t index, const void *value)",
            "void pdl_part_append(pdl_part *part, pdl_part *later)",
            "void pdl_part_fold(const pdl_part *part, void *out)",
            "void pdl_part_free(pdl_part *part)",
            "pdl_part *pdl_tiles_new(int64_t element_size, int64_t columns, pdl_combine combine, const void *identity)",
            "void pdl_tiles_push(pdl_part *part, int64_t band, const void *sums)",
            "void pdl_tiles_close(pdl_part *part)",
            // Collectives.
            "void pdl_allreduce(int64_t count, pdl_part *const *parts, void *const *outs)",
            "void pdl_reduce(pdl_part *part, void *out)",
            "void pdl_reduce_scatter(pdl_part *part, void *out, int64_t extent, int64_t row_bytes)",
            "void pdl_gather(const void *block, void *out, int64_t rows, int64_t row_bytes)",
            "void pdl_allgather(const void *block, void *out, int64_t rows, int64_t row_bytes)",
            "void pdl_grid_allgather(const void *block, void *out, int64_t rows, int64_t columns, int64_t cell_bytes)",
            "void pdl_scatter_root(const void *whole, void *block, int64_t rows, int64_t row_bytes)",
            "void pdl_bcast(void *data, int64_t bytes)",
            // Halos.
            "void pdl_exchange(int64_t count, const pdl_halo *halos)",
            "void pdl_exchange_start(int64_t count, const pdl_halo *halos)",
            "void pdl_exchange_finish(void)",
            // Text and files.
            "void pdl_text(const char *text)",
            "void pdl_hole(int32_t element, int32_t axes, const int64_t *extents, const void *data, int32_t style, int32_t digits, int32_t width)",
            "void pdl_print(void)",
            "const char *pdl_compose(void)",
            "uint8_t pdl_same_text(const char *a, const char *b)",
            "void pdl_assert(uint8_t condition, const pdl_place *place)",
            "void pdl_scan_operator(pdl_combine combine, pdl_scan_kernel kernel, const void *identity, int64_t size, int64_t arrays)",
            "void pdl_show(const char *name, const char *prefix, const pdl_array *array)",
            "void pdl_progress_begin(int64_t lower, int64_t upper, int64_t step, const pdl_place *place)",
            "void pdl_progress_turn(void)", "void pdl_progress_end(void)",
            "void pdl_profile_at(const pdl_place *place)",
            "void pdl_load_open(const char *path, const char *detail, pdl_array *array, const pdl_place *place)",
            "void pdl_load_read(const pdl_array *array, const pdl_place *place)",
            "void pdl_save(const char *path, const char *detail, const pdl_array *array, const pdl_place *place)",
            // A library's functions.
            "void pdl_argument_open(int64_t index, int32_t axes, int64_t *extents, const pdl_place *place)",
            "void *pdl_argument_take(int64_t index, int64_t bytes, int64_t margin)",
            "void *pdl_result_take(int64_t index, int64_t bytes)",
            "void pdl_result(int64_t index, const int64_t *extents, const void *data)",
        ]
        + ArrayOperation.Kind.allCases.map {
            "void pdl_array_\($0.rawValue)(pdl_array *results, const pdl_array *operands, const int64_t *attributes, const pdl_place *place)"
        }

    /// The rows by name.
    static let functions: [String: Function] = {
        var functions: [String: Function] = [:]
        for prototype in prototypes {
            // `void *pdl_allocate(int64_t bytes)`: the name stands behind the last blank or star before the parenthesis.
            guard let open = prototype.firstIndex(of: "("),
                let before = prototype[..<open].lastIndex(where: { $0 == " " || $0 == "*" }),
                let result = CType(prototype[...before])
            else { preconditionFailure("not a prototype: \(prototype)") }
            let parameters = prototype[prototype.index(after: open)...].dropLast().split(separator: ",")
            let types = parameters.compactMap(CType.init)
            precondition(types.count == parameters.count, "a type that the table does not know: \(prototype)")
            let name = String(prototype[prototype.index(after: before)..<open])
            functions[name] = Function(result: result, parameters: types.filter { $0 != .void })
        }
        return functions
    }()

    // MARK: Structs

    /// A struct's fields in order; `count`: of a field that is an array.
    struct Struct {
        var name: String
        var fields: [(name: String, type: CType, count: Int)]
        init(_ name: String, _ fields: [(String, CType)], count: [String: Int] = [:]) {
            self.name = name
            self.fields = fields.map { ($0.0, $0.1, count[$0.0] ?? 1) }
        }
    }

    static let place = Struct("pdl_place", [("file", .address), ("line", .int32), ("column", .int32)])
    static let parameter = Struct(
        "pdl_parameter",
        [
            ("name", .address), ("element", .int32), ("required", .int32), ("default_text", .address),
            ("documentation", .address),
        ])
    static let program = Struct(
        "pdl_program",
        [
            ("name", .address), ("parameters", .address), ("parameter_count", .int64),
            ("run", .address), ("grid_margin", .int64),
        ])
    static let halo = Struct(
        "pdl_halo",
        [
            ("data", .address), ("extent", .int64), ("row_bytes", .int64), ("low", .int64), ("high", .int64),
            ("wraps", .int64), ("columns", .int64), ("across_low", .int64), ("across_high", .int64),
            ("across_wraps", .int64),
        ])
    static let array = Struct(
        "pdl_array",
        [
            ("data", .address), ("extents", .int64), ("element", .int32), ("axes", .int32), ("placement", .int32),
            ("cuts", .byte), ("margin", .int64),
        ], count: ["extents": 4, "cuts": 4])
    static let structs = [place, parameter, program, halo, array]

    // MARK: Numbers

    /// Element types by their numbers.
    static let elements: [(type: ElementType, name: String)] = [
        (.bool, "PDL_BOOL"), (.i32, "PDL_I32"), (.i64, "PDL_I64"), (.u32, "PDL_U32"), (.u64, "PDL_U64"),
        (.f32, "PDL_F32"), (.f64, "PDL_F64"), (.c64, "PDL_C64"), (.c128, "PDL_C128"),
    ]
    /// Placements by their numbers.
    static let placements = ["PDL_REPLICATED", "PDL_SCATTERED", "PDL_PART", "PDL_LOCAL", "PDL_ROOT"]
    /// The ways to cut an axis by their numbers.
    static let cuts: [(cut: Distribution.Cut, name: String)] = [(.whole, "PDL_CUT_WHOLE"), (.block, "PDL_CUT_BLOCK")]
    /// The directions of a grid of ranks by their numbers.
    static let directions: [(direction: Direction, name: String)] = [
        (.all, "PDL_ALL_RANKS"), (.rows, "PDL_GRID_ROWS"), (.columns, "PDL_GRID_COLUMNS"),
    ]
    /// The styles of holes by their numbers.
    static let holeStyles = ["PDL_SHORTEST", "PDL_FIXED", "PDL_SCIENTIFIC"]
    /// Operators of scans by their numbers, which are their places in `ReductionOperator.builtin`.
    static let operators = [
        "PDL_SUM", "PDL_PRODUCT", "PDL_MIN", "PDL_MAX", "PDL_AND", "PDL_OR", "PDL_BIT_AND", "PDL_BIT_OR", "PDL_BIT_XOR",
        "PDL_MINLOC", "PDL_MAXLOC",
    ]

    // MARK: The check

    /// A C file that is compiled beside pdl.h: it declares every function once more and asserts what is known of structs and numbers.
    public static var check: String {
        var lines = ["#include \"pdl.h\"", "#include <stddef.h>"]
        lines += prototypes.map { "\($0);" }
        for type in structs {
            for field in type.fields {
                lines.append(
                    "_Static_assert(offsetof(\(type.name), \(field.name)) == \(type.offset(field.name)), \"\(field.name)\");"
                )
            }
            lines.append("_Static_assert(sizeof(\(type.name)) == \(type.size), \"\(type.name)\");")
        }
        for names in [
            elements.map(\.name), placements, cuts.map(\.name), directions.map(\.name), holeStyles, operators,
        ] {
            lines += names.enumerated().map { "_Static_assert(\($1) == \($0), \"\($1)\");" }
        }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension RuntimeABI.CType {
    /// Bytes in a struct, which are its alignment too.
    var size: Int {
        switch self {
        case .void: 0
        case .byte: 1
        case .int32: 4
        case .int64, .double, .address: 8
        }
    }
}

extension RuntimeABI.Struct {
    /// Where each field begins, and the end.
    private var layout: (offsets: [Int], end: Int) {
        var (offsets, end): ([Int], Int) = ([], 0)
        for field in fields {
            let offset = (end + field.type.size - 1) / field.type.size * field.type.size
            offsets.append(offset)
            end = offset + field.type.size * field.count
        }
        return (offsets, end)
    }

    /// In bytes; a field that is not there traps.
    func offset(_ name: String) -> Int {
        guard let index = fields.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("\(self.name) has no field \(name)")
        }
        return layout.offsets[index]
    }

    /// In bytes, with what fills it to a multiple of its widest field.
    var size: Int {
        let widest = fields.map(\.type.size).max() ?? 1
        return (layout.end + widest - 1) / widest * widest
    }
}
