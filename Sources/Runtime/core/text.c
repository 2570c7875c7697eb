/* print and assert: text put together piece by piece. */

static struct {
    char *bytes;
    int64_t length, room;
} text;

/* Makes room for `more` bytes and a NUL, and returns where they go. */
static char *text_end(int64_t more) {
    if (text.length + more + 1 > text.room) {
        int64_t room = 2 * (text.length + more + 1) + 256;
        char *bytes = pdl_allocate(room);
        if (text.length > 0) memcpy(bytes, text.bytes, (size_t)text.length);
        pdl_release(text.bytes);
        text.bytes = bytes;
        text.room = room;
    }
    return text.bytes + text.length;
}

static void add_text(const char *piece, int64_t length) {
    memcpy(text_end(length), piece, (size_t)length);
    text.length += length;
}

void pdl_text(const char *piece) { add_text(piece, (int64_t)strlen(piece)); }

void pdl_hole(int32_t element, int32_t axes, const int64_t *extents, const void *data, int32_t style, int32_t digits, int32_t width) {
    char *piece = pdl_format_array(element, axes, extents, data, (pdl_format){style, digits, width});
    if (piece == NULL) pdl_fail(NULL, "out of memory");
    pdl_text(piece);
    free(piece);
}

/* What is shown must arrive: a full disk or a closed pipe is a failure, noticed at once. */
static void write_out(const char *bytes, int64_t length) {
    if (fwrite(bytes, 1, (size_t)length, stdout) == (size_t)length && fflush(stdout) == 0) return;
    char message[160];
    snprintf(message, sizeof message, "cannot write to standard output: %s", strerror(errno));
    pdl_fail(NULL, message);
}

void pdl_print(void) {
    add_text("\n", 1);
    if (my_rank == 0) write_out(text.bytes, text.length);
    text.length = 0;
}

/* The text that was put together. It stays until the next one is. */
const char *pdl_compose(void) {
    static char *composed;
    pdl_release(composed);
    composed = pdl_allocate(text.length + 1);
    if (text.length > 0) memcpy(composed, text.bytes, (size_t)text.length);
    composed[text.length] = 0;
    text.length = 0;
    return composed;
}

void pdl_assert(uint8_t condition, const pdl_place *place) {
    if (!condition) {
        *text_end(0) = 0;
        pdl_fail(place, text.length > 0 ? text.bytes : "the assertion does not hold");
    }
    text.length = 0;
}
