/// What pdlc writes in C and Fortran for a library: a header and a module of interfaces for its callers, and the C code behind them.
struct LibraryInterface {
    let description: LibraryDescription

    private var library: String { description.library }

    // MARK: C

    var header: String {
        let guardName = "PDL_LIBRARY_" + library.uppercased()
        let functions = description.functions.map { function in
            "\n\(Self.comment(of: function))\n\(prototype(of: function));\n"
        }
        return """
            /* \(library): made by pdlc of \(description.source).
             *
             * Every function is called by all ranks of the handle's communicator and returns 0, or what went wrong on all of them: then
             * \(library)_message says what, and the handle can go on being used. 1: a fault of the program, 2: arguments that do not fit,
             * 3: another MPI library or processor than this was built for. Arrays are this rank's parts, in C order, with their extents. */
            #ifndef \(guardName)
            #define \(guardName)
            #include <mpi.h>
            #include <stdint.h>
            #ifdef __cplusplus
            extern "C" {
            #endif

            typedef struct pdl_context \(library)_handle;

            /* A handle keeps buffers from call to call. All ranks of the communicator make and close it together; after a failure too it
             * has a message and is closed. */
            int \(library)_open(MPI_Fint communicator, \(library)_handle **handle);
            const char *\(library)_message(const \(library)_handle *handle);
            void \(library)_close(\(library)_handle *handle);
            /* Gives back an array that a function allocated. */
            void \(library)_free(void *array);
            \(functions.joined())
            #ifdef __cplusplus
            }
            #endif
            #endif

            """
    }

    /// Includes the header, so that the C compiler sees that both agree.
    var glue: String {
        """
        #include "\(library).h"
        #include "library/library.h"

        int \(library)_open(MPI_Fint communicator, \(library)_handle **handle) {
            return pdl_open(communicator, PDL_BUILT_FOR, handle);
        }
        const char *\(library)_message(const \(library)_handle *handle) { return pdl_message(handle); }
        void \(library)_close(\(library)_handle *handle) { pdl_close(handle); }
        void \(library)_free(void *array) { pdl_free(array); }

        """ + description.functions.map(definition).joined()
    }

    private func definition(of function: LibraryDescription.Function) -> String {
        let name = function.symbol
        let inputs = function.parameters.map { port in
            let extents = Self.rowOfParts(port) + Self.extentNames(port)
            return
                "{\(port.axes == 0 ? "&" : "")\(Self.name(port)), {\((extents + ["0"]).prefix(4).joined(separator: ", "))}}"
        }
        let outputs = function.results.map { port in
            port.allocated == true
                ? "{NULL, (void **)\(Self.name(port)), \(Self.name(port))_extents}" : "{\(Self.name(port)), NULL, NULL}"
        }
        return """

            extern const pdl_program \(Self.programSymbol(function.name));
            static const pdl_port \(name)_arguments[] = {\(Self.table(function.parameters, Self.rowOfParts))};
            static const pdl_port \(name)_results[] = {\(Self.table(function.results) { _ in [] })};
            static const pdl_function \(name)_function = {
                "\(function.name)", &\(Self.programSymbol(function.name)), \(function.parameters.count), \(function.results.count),
                \(name)_arguments, \(name)_results,
            };
            \(prototype(of: function)) {
                const pdl_input inputs[] = {\((inputs + ["{NULL, {0}}"]).joined(separator: ", "))};
                const pdl_output outputs[] = {\((outputs + ["{NULL, NULL, NULL}"]).joined(separator: ", "))};
                return pdl_call(handle, &\(name)_function, inputs, outputs);
            }

            """
    }

    /// What the code generator calls the function's code.
    static func programSymbol(_ function: String) -> String { "pdl_function_\(function)" }

    /// The contributions to a part are the rows of an array: the caller gives one.
    private static func rowOfParts(_ port: LibraryDescription.Port) -> [String] {
        port.placement == "part" ? ["1"] : []
    }

    /// `row`: the extents of axes in front of those that are written, which is where such an array is cut.
    private static func table(
        _ ports: [LibraryDescription.Port], _ row: (LibraryDescription.Port) -> [String]
    ) -> String {
        let rows = ports.map { port in
            let cuts = row(port).map { _ in "PDL_CUT_BLOCK" } + cuts(of: port)
            return "{\"\(port.name)\", PDL_\(port.element.uppercased()), \(port.axes + row(port).count), "
                + "PDL_\(port.placement.uppercased()), {\((cuts + ["0"]).prefix(4).joined(separator: ", "))}, "
                + "\(port.like ?? -1), \(port.allocated == false ? 1 : 0)}"
        }
        // One more, because C has no empty arrays.
        return (rows + ["{0}"]).joined(separator: ", ")
    }

    private static func cuts(of port: LibraryDescription.Port) -> [String] {
        (0..<port.axes).map { $0 == port.divided ? "PDL_CUT_BLOCK" : "PDL_CUT_WHOLE" }
    }

    private func prototype(of function: LibraryDescription.Function) -> String {
        let arguments = function.parameters.map { port in
            let (type, name) = (Self.cType(port.element), Self.name(port))
            guard port.axes > 0 else { return "\(type) \(name)" }
            return (["const \(type) *\(name)"] + Self.extentNames(port).map { "int64_t \($0)" }).joined(separator: ", ")
        }
        let results = function.results.map { port in
            let (type, name) = (Self.cType(port.element), Self.name(port))
            return port.allocated == true
                ? "\(type) **\(name), int64_t \(name)_extents[\(port.axes)]" : "\(type) *\(name)"
        }
        let all = ["\(library)_handle *handle"] + arguments + results
        return "int \(function.symbol)(\(all.joined(separator: ", ")))"
    }

    private static func comment(of function: LibraryDescription.Function) -> String {
        let lines =
            (function.documentation.map { $0.split(separator: "\n").map(String.init) } ?? []) + [function.signature]
        return "/* \(lines.joined(separator: "\n * ").replacing("*/", with: "* /")) */"
    }

    private static func cType(_ element: String) -> String {
        switch element {
        case "bool": "uint8_t"
        case "i32": "int32_t"
        case "i64": "int64_t"
        case "u32": "uint32_t"
        case "u64": "uint64_t"
        case "f32": "float"
        default: "double"
        }
    }

    private static func extentNames(_ port: LibraryDescription.Port) -> [String] {
        (0..<port.axes).map { "\(name(port))_extent\($0)" }
    }

    private static let keywords: Set<String> = [
        "auto", "bool", "break", "case", "catch", "char", "class", "const", "continue", "default", "delete", "do",
        "double",
        "else", "enum", "extern", "false", "float", "for", "goto", "handle", "if", "inline", "int", "long", "namespace",
        "new",
        "operator", "private", "public", "register", "restrict", "return", "short", "signed", "sizeof", "static",
        "struct",
        "switch", "template", "this", "throw", "true", "try", "typedef", "union", "unsigned", "using", "virtual",
        "void",
        "volatile", "while", "inputs", "outputs",
    ]

    /// The name of a port in C and C++.
    private static func name(_ port: LibraryDescription.Port) -> String {
        keywords.contains(port.name) ? port.name + "_" : port.name
    }

    // MARK: Fortran

    var fortran: String {
        let functions = description.functions.map(interface)
        return """
            ! \(library): made by pdlc of \(description.source); \(library).h says what the functions do.
            ! Arrays are in C order: the last extent is Fortran's first.
            module \(library)
              use, intrinsic :: iso_c_binding
              implicit none
              interface
                integer(c_int) function \(library)_open(communicator, handle) bind(C)
                  import :: c_int, c_ptr
                  integer, value :: communicator
                  type(c_ptr), intent(out) :: handle
                end function
                type(c_ptr) function \(library)_message(handle) bind(C)
                  import :: c_ptr
                  type(c_ptr), value :: handle
                end function
                subroutine \(library)_close(handle) bind(C)
                  import :: c_ptr
                  type(c_ptr), value :: handle
                end subroutine
                subroutine \(library)_free(array) bind(C)
                  import :: c_ptr
                  type(c_ptr), value :: array
                end subroutine
            \(functions.joined())  end interface
            end module

            """
    }

    private func interface(of function: LibraryDescription.Function) -> String {
        var names = ["handle"]
        var declarations = ["type(c_ptr), value :: handle"]
        func declare(_ name: String, _ type: String) {
            names.append(name)
            declarations.append("\(type) :: \(name)")
        }
        for port in function.parameters {
            let (type, name) = (Self.fortranType(port.element), Self.name(port))
            declare(port.axes > 0 ? name : name, port.axes > 0 ? "\(type), intent(in), dimension(*)" : "\(type), value")
            for extent in Self.extentNames(port).prefix(port.axes) { declare(extent, "integer(c_int64_t), value") }
        }
        for port in function.results {
            let (type, name) = (Self.fortranType(port.element), Self.name(port))
            if port.allocated == true {
                declare(name, "type(c_ptr), intent(out)")
                declare("\(name)_extents", "integer(c_int64_t), intent(out), dimension(\(port.axes))")
            } else {
                declare(name, port.axes > 0 ? "\(type), intent(inout), dimension(*)" : "\(type), intent(inout)")
            }
        }
        return """
                ! \(function.signature)
                integer(c_int) function \(function.symbol)( &
                    \(names.joined(separator: ", &\n        "))) bind(C)
                  import
                  \(declarations.joined(separator: "\n      "))
                end function

            """
    }

    private static func fortranType(_ element: String) -> String {
        switch element {
        case "bool": "integer(c_int8_t)"
        case "i32", "u32": "integer(c_int32_t)"
        case "i64", "u64": "integer(c_int64_t)"
        case "f32": "real(c_float)"
        default: "real(c_double)"
        }
    }
}
