/* print and assert: text put together piece by piece. */

/* Makes room for `more` bytes and a NUL, and returns where they go. */
static char *text_end(int64_t more) {
    if (now->text.length + more + 1 > now->text.room) {
        int64_t room = 2 * (now->text.length + more + 1) + 256;
        char *bytes = pdl_allocate(room);
        if (now->text.length > 0) memcpy(bytes, now->text.bytes, (size_t)now->text.length);
        pdl_release(now->text.bytes);
        now->text.bytes = bytes;
        now->text.room = room;
    }
    return now->text.bytes + now->text.length;
}

static void add_text(const char *piece, int64_t length) {
    memcpy(text_end(length), piece, (size_t)length);
    now->text.length += length;
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
    if (now->rank == 0) erase_bar();
    if (now->rank == 0) write_out(now->text.bytes, now->text.length);
    now->text.length = 0;
}

/* The text that was put together. It stays until the program or the library's call ends: names for it may last so long. */
const char *pdl_compose(void) {
    int64_t length = now->text.length;
    char *composed = pdl_allocate(length + 1);
    if (length > 0) memcpy(composed, now->text.bytes, (size_t)length);
    composed[length] = 0;
    now->text.length = 0;
    return composed;
}

uint8_t pdl_same_text(const char *a, const char *b) { return strcmp(a, b) == 0; }

void pdl_assert(uint8_t condition, const pdl_place *place) {
    if (!condition) {
        *text_end(0) = 0;
        pdl_fail(place, now->text.length > 0 ? now->text.bytes : "the assertion does not hold");
    }
    now->text.length = 0;
}
