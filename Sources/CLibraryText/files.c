#include "CLibraryText.h"
#pragma clang diagnostic ignored "-Wc23-extensions"

static const pdl_library_file files[] = {
    {"stats", (const char[]){
#embed "library/stats.pdl" suffix(, 0)
    }},
    {"linalg", (const char[]){
#embed "library/linalg.pdl" suffix(, 0)
    }},
    {"image", (const char[]){
#embed "library/image.pdl" suffix(, 0)
    }},
    {0, 0},
};

const pdl_library_file *pdl_library_files(void) { return files; }
