/* LLVM's C API, 19, where Debian and Ubuntu put it. The headers beside this one forward to the installed ones, so that a plain
 * `swift build` finds them: no flags, no manifest logic. The module map links the same version. */
#include "llvm-c/Analysis.h"
#include "llvm-c/Core.h"
#include "llvm-c/DebugInfo.h"
#include "llvm-c/Error.h"
#include "llvm-c/Target.h"
#include "llvm-c/TargetMachine.h"
#include "llvm-c/Transforms/PassBuilder.h"
