/* LLVM's C API, 19 or newer, wherever the distribution puts it. */
#if __has_include("/usr/lib/llvm-19/include/llvm-c/Core.h")
#include "/usr/lib/llvm-19/include/llvm-c/Core.h"
#else
#error "install llvm-19-dev"
#endif
