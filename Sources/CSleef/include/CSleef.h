/* SLEEF's deterministic functions, by symbol (see Language/MathFunctions.swift for the names). */
#ifndef CSLEEF_H
#define CSLEEF_H
/* The address of an exported function of libsleef, NULL if this libsleef has none of that name.
 * `Sleef_finz_<f>d1_…purecfma` is a double (*)(double), or (double, double) for atan2, pow and hypot; `…f1…` the same of float. */
void *sleef_function(const char *symbol);
#endif
