#if __has_include("/usr/lib/llvm-19/include/llvm-c/ErrorHandling.h")
#include "/usr/lib/llvm-19/include/llvm-c/ErrorHandling.h"
#else
#error "LLVM 19's headers are missing: install llvm-19-dev"
#endif
