#include "pdl_numerics.h"

/* A number with these bits, but for the sign, is a NaN where it is greater than those of infinity. */
#define NAN_OF(bits, infinity, quiet)                                                                                                        \
    static int has_nan_##bits(const uint##bits##_t *numbers, int64_t count) {                                                               \
        int found = 0;                                                                                                                       \
        for (int64_t i = 0; i < count; i++) found |= (uint##bits##_t)(numbers[i] << 1) > (uint##bits##_t)((infinity) << 1);                  \
        return found;                                                                                                                        \
    }                                                                                                                                        \
    static void one_nan_##bits(uint##bits##_t *numbers, int64_t count) {                                                                     \
        for (int64_t i = 0; i < count; i++) {                                                                                                \
            if ((uint##bits##_t)(numbers[i] << 1) > (uint##bits##_t)((infinity) << 1)) numbers[i] = (quiet);                                 \
        }                                                                                                                                    \
    }

NAN_OF(32, UINT32_C(0x7f800000), UINT32_C(0x7fc00000))
NAN_OF(64, UINT64_C(0x7ff0000000000000), UINT64_C(0x7ff8000000000000))

int pdl_has_nan(int element, const void *data, int64_t bytes) {
    if (element == PDL_F32 || element == PDL_C64) return has_nan_32(data, bytes / 4);
    if (element == PDL_F64 || element == PDL_C128) return has_nan_64(data, bytes / 8);
    return 0;
}

void pdl_one_nan(int element, void *data, int64_t bytes) {
    if (element == PDL_F32 || element == PDL_C64) one_nan_32(data, bytes / 4);
    if (element == PDL_F64 || element == PDL_C128) one_nan_64(data, bytes / 8);
}
