#define _GNU_SOURCE
#include "CSleef.h"
#include <dlfcn.h>

/* A reference that the linker sees, so that --as-needed keeps the library. */
extern double Sleef_finz_expd1_u10purecfma(double);
double (*const sleef_is_linked)(double) = Sleef_finz_expd1_u10purecfma;

void *sleef_function(const char *symbol) { return dlsym(RTLD_DEFAULT, symbol); }
