/* Arrays of NumPy's .npz files: zip archives of .npy files. What stands in one as it is (np.savez) is read in place; what is compressed
 * (np.savez_compressed) every rank unpacks whole as it passes by, and keeps its own part. */
#include "pdl_files.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { STORED = 0, DEFLATED = 8, END_RECORD = 22, LONGEST_COMMENT = 65535, CENTRAL_ENTRY = 46, LOCAL_ENTRY = 30, AT_ONCE = 1 << 18 };

/* A member of the archive. */
typedef struct {
    int64_t at, packed, bytes;
    int method;
    unsigned long check; /* CRC-32 of what is unpacked */
} member;

static uint64_t number(const unsigned char *from, int bytes) {
    uint64_t value = 0;
    for (int i = bytes - 1; i >= 0; i--) value = value << 8 | from[i];
    return value;
}

static int read_all(int file, void *to, size_t bytes, int64_t at) {
    for (char *out = to; bytes > 0;) {
        ssize_t got = pread(file, out, bytes, at);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return 0;
        out += got;
        at += got;
        bytes -= (size_t)got;
    }
    return 1;
}

/* ---- The archive's directory: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT ---- */

typedef struct { int64_t at, bytes, entries; } directory;

/* Large archives have a second end record, of 64-bit numbers, in front of the first. */
static int large_directory(int file, int64_t end, directory *out) {
    unsigned char locator[20], record[56];
    if (end < 20 || !read_all(file, locator, sizeof locator, end - 20) || memcmp(locator, "PK\6\7", 4) != 0) return 0;
    if (!read_all(file, record, sizeof record, (int64_t)number(locator + 8, 8)) || memcmp(record, "PK\6\6", 4) != 0) return 0;
    *out = (directory){(int64_t)number(record + 48, 8), (int64_t)number(record + 40, 8), (int64_t)number(record + 32, 8)};
    return 1;
}

static int find_directory(int file, directory *out) {
    struct stat facts;
    if (fstat(file, &facts) != 0 || facts.st_size < END_RECORD) return 0;
    int64_t length = facts.st_size < END_RECORD + LONGEST_COMMENT ? facts.st_size : END_RECORD + LONGEST_COMMENT;
    unsigned char *tail = malloc((size_t)length);
    int64_t from = facts.st_size - length, at = -1;
    if (tail != NULL && read_all(file, tail, (size_t)length, from)) {
        for (at = length - END_RECORD; at >= 0 && memcmp(tail + at, "PK\5\6", 4) != 0; at--) continue;
    }
    if (at >= 0) {
        const unsigned char *record = tail + at;
        *out = (directory){(int64_t)number(record + 16, 4), (int64_t)number(record + 12, 4), (int64_t)number(record + 10, 2)};
        int is_large = out->at == UINT32_MAX || out->bytes == UINT32_MAX || out->entries == 0xffff;
        if (is_large && !large_directory(file, from + at, out)) at = -1;
    }
    free(tail);
    return at >= 0 && out->at >= 0 && out->bytes >= 0 && out->at <= facts.st_size - out->bytes;
}

/* Numbers that do not fit into 32 bits stand in an extra field, those that do are left out of it. */
static void widen(const unsigned char *extra, int64_t length, member *it) {
    int64_t *const wide[] = {&it->bytes, &it->packed, &it->at};
    for (int64_t at = 0; at + 4 <= length; at += 4 + (int64_t)number(extra + at + 2, 2)) {
        if (number(extra + at, 2) != 1) continue;
        const unsigned char *from = extra + at + 4, *end = from + number(extra + at + 2, 2);
        if (end > extra + length) return;
        for (int k = 0; k < 3; k++) {
            if (*wide[k] != UINT32_MAX || from + 8 > end) continue;
            *wide[k] = (int64_t)number(from, 8);
            from += 8;
        }
        return;
    }
}

/* Elements begin behind the local entry, whose length is its own. */
static int skip_local_entry(int file, member *it) {
    unsigned char local[LOCAL_ENTRY];
    if (!read_all(file, local, sizeof local, it->at) || memcmp(local, "PK\3\4", 4) != 0) return 0;
    it->at += LOCAL_ENTRY + (int64_t)number(local + 26, 2) + (int64_t)number(local + 28, 2);
    return it->method == STORED || it->method == DEFLATED;
}

/* Whether an entry is called so, .npy left out; its name is added to `others`. */
static int is_named(const unsigned char *entry, const char *name, char *others, size_t room) {
    const char *own = (const char *)entry + CENTRAL_ENTRY;
    size_t length = (size_t)number(entry + 28, 2), used = strlen(others);
    if (length > 4 && memcmp(own + length - 4, ".npy", 4) == 0) length -= 4;
    if (used + length + 3 < room) snprintf(others + used, room - used, "%s%.*s", used > 0 ? ", " : "", (int)length, own);
    return length == strlen(name) && memcmp(own, name, length) == 0;
}

/* `others`: the names that there are, when the one is not among them. */
static int find_member(int file, const char *name, member *out, char *others, size_t room) {
    directory all;
    *others = 0;
    if (!find_directory(file, &all)) return 0;
    unsigned char *entries = malloc((size_t)all.bytes + 1);
    int found = 0;
    int64_t at = 0;
    if (entries == NULL || !read_all(file, entries, (size_t)all.bytes, all.at)) all.entries = 0;
    for (int64_t k = 0; !found && k < all.entries && at + CENTRAL_ENTRY <= all.bytes; k++) {
        const unsigned char *entry = entries + at;
        int64_t length = (int64_t)number(entry + 28, 2), extra = (int64_t)number(entry + 30, 2), comment = (int64_t)number(entry + 32, 2);
        if (at + CENTRAL_ENTRY + length + extra > all.bytes) break;
        found = is_named(entry, name, others, room);
        if (found) {
            *out = (member){(int64_t)number(entry + 42, 4), (int64_t)number(entry + 20, 4), (int64_t)number(entry + 24, 4),
                            (int)number(entry + 10, 2), (unsigned long)number(entry + 16, 4)};
            widen(entry + CENTRAL_ENTRY + length, extra, out);
        }
        at += CENTRAL_ENTRY + length + extra + comment;
    }
    free(entries);
    return found && skip_local_entry(file, out);
}

/* ---- A compressed member ---- */

typedef struct {
    int file;
    member from;
    z_stream stream;
    unsigned long check; /* of what has been unpacked */
    int64_t rest;        /* bytes that are to come */
    unsigned char packed[AT_ONCE], skipped[AT_ONCE];
} unpacking;

static unpacking *start_unpacking(int file, member from) {
    unpacking *it = calloc(1, sizeof *it);
    if (it == NULL) return NULL;
    it->file = file;
    it->from = from;
    it->rest = from.bytes;
    if (inflateInit2(&it->stream, -MAX_WBITS) == Z_OK) return it;
    free(it);
    return NULL;
}

static void end_unpacking(unpacking *it) {
    if (it != NULL) inflateEnd(&it->stream);
    free(it);
}

/* 0: there is no more, or it cannot be read. */
static int refill(unpacking *it) {
    size_t next = it->from.packed < AT_ONCE ? (size_t)it->from.packed : AT_ONCE;
    if (next == 0 || !read_all(it->file, it->packed, next, it->from.at)) return 0;
    it->from.at += (int64_t)next;
    it->from.packed -= (int64_t)next;
    it->stream.next_in = it->packed;
    it->stream.avail_in = (uInt)next;
    return 1;
}

/* The next bytes of the member. 0: it is damaged. */
static int unpack(unpacking *it, void *to, int64_t bytes) {
    for (char *out = to; bytes > 0;) {
        /* What has been read may still be on its way out when there is no more to read. */
        int has_input = it->stream.avail_in > 0 || refill(it);
        uInt wanted = bytes < AT_ONCE ? (uInt)bytes : AT_ONCE;
        it->stream.next_out = (Bytef *)out;
        it->stream.avail_out = wanted;
        int outcome = inflate(&it->stream, Z_NO_FLUSH);
        uInt got = wanted - it->stream.avail_out;
        it->check = crc32(it->check, (Bytef *)out, got);
        it->rest -= got;
        out += got;
        bytes -= got;
        if (outcome != Z_OK && outcome != Z_STREAM_END && outcome != Z_BUF_ERROR) return 0;
        if (bytes > 0 && (outcome == Z_STREAM_END || (got == 0 && (outcome == Z_BUF_ERROR || !has_input)))) return 0;
    }
    return 1;
}

static int skip(unpacking *it, int64_t bytes) {
    for (; bytes > 0; bytes -= AT_ONCE) {
        if (!unpack(it, it->skipped, bytes < AT_ONCE ? bytes : AT_ONCE)) return 0;
    }
    return 1;
}

/* ---- What the runtime asks ---- */

/* The file, open, and the member; -1: the message says why not. */
static int open_member(const char *path, const char *name, member *it, char *message) {
    char others[300];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        snprintf(message, PDL_NPY_MESSAGE, "cannot read %s: %s", path, strerror(errno));
    } else if (!find_member(file, name, it, others, sizeof others)) {
        snprintf(message, PDL_NPY_MESSAGE,
                 *others != 0 ? "%s has no array %s that can be read; it has %s" : "%s is not a .npz file that NumPy wrote, or it is damaged",
                 path, name, others);
        close(file);
        file = -1;
    }
    return file;
}

/* The header of a .npy file at the beginning of the member. */
static int read_npy_header(int file, member it, pdl_npy *found) {
    unsigned char start[PDL_NPY_START], *whole = NULL;
    unpacking *packed = it.method == DEFLATED ? start_unpacking(file, it) : NULL;
    int is_packed = it.method == DEFLATED, good = it.bytes >= PDL_NPY_START && (!is_packed || packed != NULL);
    good = good && (is_packed ? unpack(packed, start, sizeof start) : read_all(file, start, sizeof start, it.at));
    int64_t length = good ? pdl_npy_offset(start, sizeof start) : 0;
    good = length >= PDL_NPY_START && length <= PDL_NPY_LIMIT + PDL_NPY_START && (whole = malloc((size_t)length)) != NULL;
    if (good) {
        int64_t rest = length - PDL_NPY_START;
        memcpy(whole, start, sizeof start);
        good = is_packed ? unpack(packed, whole + PDL_NPY_START, rest)
                         : read_all(file, whole + PDL_NPY_START, (size_t)rest, it.at + PDL_NPY_START);
    }
    good = good && pdl_npy_parse(whole, (size_t)length, found);
    end_unpacking(packed);
    free(whole);
    return good;
}

static int look(const char *path, const char *name, pdl_npy *found, char *message) {
    member it;
    int file = open_member(path, name, &it, message);
    if (file < 0) return 0;
    int good = read_npy_header(file, it, found);
    if (good) {
        found->offset = it.method == STORED ? it.at + found->offset : 0;
    } else {
        snprintf(message, PDL_NPY_MESSAGE, "%s has a damaged array %s", path, name);
    }
    close(file);
    return good;
}

/* Runs of the part's elements lie `step` bytes apart. */
static int unpack_part(unpacking *from, const pdl_npy *header, const pdl_slab *part) {
    int64_t outer = 1, row = (int64_t)pdl_element_size(header->element), rows = 1;
    for (int axis = 0; axis < header->axes; axis++) {
        if (axis < part->axis) outer *= header->extents[axis];
        if (axis > part->axis) row *= header->extents[axis];
    }
    if (part->axis >= 0) rows = header->extents[part->axis];
    char *out = part->out;
    int64_t first = part->axis < 0 ? 0 : part->first * row, run = part->axis < 0 ? row : part->count * row;
    for (int64_t o = 0; o < outer && run > 0; o++, out += run) {
        if (!skip(from, first) || !unpack(from, out, run) || (o + 1 < outer && !skip(from, rows * row - first - run))) return 0;
    }
    return 1;
}

static int read_part(const char *path, const char *name, const pdl_npy *header, const pdl_slab *part, char *message) {
    member it;
    pdl_npy again;
    int file = open_member(path, name, &it, message);
    if (file < 0) return 0;
    unsigned char start[PDL_NPY_START];
    unpacking *packed = it.method == DEFLATED && read_npy_header(file, it, &again) ? start_unpacking(file, it) : NULL;
    int good = packed != NULL && unpack(packed, start, sizeof start)
        && skip(packed, pdl_npy_offset(start, sizeof start) - PDL_NPY_START) && unpack_part(packed, header, part);
    /* Every rank passes by all of it, so that every one sees a damage. */
    good = good && skip(packed, packed->rest) && packed->check == it.check;
    if (!good) snprintf(message, PDL_NPY_MESSAGE, "%s has a damaged array %s", path, name);
    end_unpacking(packed);
    close(file);
    return good;
}

const pdl_file_library pdl_npz = {.look = look, .read = read_part};
