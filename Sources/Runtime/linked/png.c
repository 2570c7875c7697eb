/* .png pictures: levels of grey of one byte or two, or one byte that a map of colours interprets. */
#include "pdl_files.h"
#include <errno.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Maps by colours at equal distances, between which they are mixed. viridis, magma and inferno: Matplotlib's, which gave them up to
 * everybody (CC0); coolwarm: K. Moreland, Diverging Color Maps for Scientific Visualization, 2009. */
enum { KNOTS = 17, COLORS = 256 };

static const struct { const char *name; unsigned knots[KNOTS]; } maps[] = {
    {"viridis", {0x440154, 0x48186a, 0x472d7b, 0x424086, 0x3b528b, 0x33638d, 0x2c728e, 0x26818e, 0x21908c,
     0x1f9f88, 0x28ae80, 0x3ebc74, 0x5dc963, 0x82d34c, 0xabdc32, 0xd5e21a, 0xfde725}},
    {"magma", {0x000004, 0x0a0822, 0x1d1146, 0x36106a, 0x50127c, 0x691c81, 0x822681, 0x9c2e7f, 0xb63779,
     0xcf4170, 0xe65163, 0xf5695c, 0xfb8761, 0xfea571, 0xfec387, 0xfde0a2, 0xfcfdbf}},
    {"inferno", {0x000004, 0x0b0724, 0x210c4a, 0x3c0965, 0x57106d, 0x70196e, 0x89226a, 0xa32b61, 0xbb3755,
     0xd14644, 0xe35932, 0xf1711e, 0xf98d0a, 0xfcab0f, 0xf9ca32, 0xf2e865, 0xfcffa4}},
    {"coolwarm", {0x3b4cc0, 0x4d68d7, 0x6282ea, 0x779af7, 0x8db0fe, 0xa3c2fe, 0xb8d0f9, 0xccd9ee, 0xdddddd,
     0xecd3c5, 0xf4c4ad, 0xf7b194, 0xf49a7b, 0xec7f63, 0xde604d, 0xcb3e38, 0xb40426}},
};

static png_color mixed(const unsigned *knots, int level) {
    int place = level * (KNOTS - 1), low = place / (COLORS - 1), part = place % (COLORS - 1);
    unsigned a = knots[low], b = knots[low < KNOTS - 1 ? low + 1 : low];
    png_byte channel[3];
    for (int k = 0; k < 3; k++) {
        int from = (int)(a >> (16 - 8 * k) & 255), to = (int)(b >> (16 - 8 * k) & 255);
        channel[k] = (png_byte)((from * (COLORS - 1 - part) + to * part + (COLORS - 1) / 2) / (COLORS - 1));
    }
    return (png_color){channel[0], channel[1], channel[2]};
}

/* 0: there is no such map. */
static int palette_of(const char *name, png_color *palette) {
    for (size_t i = 0; i < sizeof maps / sizeof *maps; i++) {
        if (strcmp(maps[i].name, name) != 0) continue;
        for (int level = 0; level < COLORS; level++) palette[level] = mixed(maps[i].knots, level);
        return 1;
    }
    return 0;
}

typedef struct {
    FILE *file;
    png_structp png;
    png_infop info;
    size_t row_bytes;
    int failed; /* errno when it did, or -1 */
} picture;

static int problem(char *message, const int64_t *extents, int bytes, const char *colors, png_color *palette) {
    int64_t rows = extents[0], columns = extents[1];
    if (rows < 1 || columns < 1 || rows > PNG_UINT_31_MAX || columns > PNG_UINT_31_MAX) {
        snprintf(message, PDL_NPY_MESSAGE, "a .png picture cannot have %lld rows of %lld levels", (long long)rows, (long long)columns);
    } else if (*colors != 0 && bytes > 1) {
        snprintf(message, PDL_NPY_MESSAGE, "a map of colours is for levels from 0 to 255");
    } else if (*colors != 0 && !palette_of(colors, palette)) {
        snprintf(message, PDL_NPY_MESSAGE, "there is no map of colours %s; there are viridis, magma, inferno and coolwarm", colors);
    } else {
        return 0;
    }
    return 1;
}

static void note_failure(png_structp png, png_const_charp text) {
    (void)text;
    ((picture *)png_get_error_ptr(png))->failed = errno != 0 ? errno : EIO;
    longjmp(png_jmpbuf(png), 1);
}

static void ignore_warning(png_structp png, png_const_charp text) { (void)png, (void)text; }

static int finish(void *the_picture) {
    picture *it = the_picture;
    if (it->failed == 0 && setjmp(png_jmpbuf(it->png)) == 0) png_write_end(it->png, NULL);
    int failed = it->failed;
    png_destroy_write_struct(&it->png, &it->info);
    if (it->file != NULL && fclose(it->file) != 0 && failed == 0) failed = errno;
    free(it);
    errno = failed;
    return failed == 0;
}

static void *start(const char *path, const int64_t *extents, int bytes, const char *colors, char *message) {
    png_color palette[COLORS];
    if (problem(message, extents, bytes, colors, palette)) return NULL;
    picture *it = calloc(1, sizeof *it);
    if (it != NULL) it->file = fopen(path, "wbe");
    if (it != NULL && it->file != NULL) it->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, it, note_failure, ignore_warning);
    if (it != NULL && it->png != NULL) it->info = png_create_info_struct(it->png);
    if (it == NULL || it->info == NULL) {
        snprintf(message, PDL_NPY_MESSAGE, "%s", strerror(errno));
        if (it != NULL) it->failed = -1;
        if (it != NULL) finish(it);
        return NULL;
    }
    it->row_bytes = (size_t)extents[1] * (size_t)bytes;
    errno = 0;
    if (setjmp(png_jmpbuf(it->png)) == 0) {
        png_init_io(it->png, it->file);
        png_set_user_limits(it->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
        png_set_IHDR(it->png, it->info, (png_uint_32)extents[1], (png_uint_32)extents[0], 8 * bytes,
                     *colors != 0 ? PNG_COLOR_TYPE_PALETTE : PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                     PNG_FILTER_TYPE_DEFAULT);
        if (*colors != 0) png_set_PLTE(it->png, it->info, palette, COLORS);
        png_write_info(it->png, it->info);
    }
    return it;
}

static int add(void *the_picture, const unsigned char *levels, int64_t rows) {
    picture *it = the_picture;
    errno = 0;
    if (it->failed == 0 && setjmp(png_jmpbuf(it->png)) == 0) {
        for (int64_t row = 0; row < rows; row++) png_write_row(it->png, levels + (size_t)row * it->row_bytes);
    }
    return it->failed == 0;
}

const pdl_picture_library pdl_png = {.start = start, .add = add, .finish = finish};
