/* Tables of numbers as text. */
#include "pdl_csv.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Lines of a file, one after the other, from any place in it ---- */

typedef struct {
    int file;
    int64_t at;               /* of what comes next in the file */
    char *bytes;              /* what has been read: begin ..< end are to come */
    size_t begin, end, room;
    int failed;               /* errno says how */
} line_reader;

enum { LINES_AT_ONCE = 1 << 16 };

/* 0: the end of the file, or a failure. */
static int read_more_lines(line_reader *it) {
    if (it->begin > 0) memmove(it->bytes, it->bytes + it->begin, it->end - it->begin);
    it->end -= it->begin;
    it->begin = 0;
    if (it->end + LINES_AT_ONCE + 1 > it->room) {
        size_t room = 2 * it->room + LINES_AT_ONCE + 1;
        char *bytes = realloc(it->bytes, room);
        if (bytes == NULL) {
            it->failed = 1;
            return 0;
        }
        it->bytes = bytes;
        it->room = room;
    }
    for (;;) {
        ssize_t got = pread(it->file, it->bytes + it->end, LINES_AT_ONCE, it->at + (int64_t)it->end);
        if (got < 0 && errno == EINTR) continue;
        it->failed = got < 0;
        if (got <= 0) return 0;
        it->end += (size_t)got;
        return 1;
    }
}

/* The next line without its end, as a text, and where it begins. NULL: there is none, or a failure. */
static char *next_line(line_reader *it, int64_t *start) {
    size_t looked = it->begin;
    for (;;) {
        char *end = it->end > looked ? memchr(it->bytes + looked, '\n', it->end - looked) : NULL;
        size_t waiting = it->end - it->begin;
        if (end == NULL && read_more_lines(it)) {
            looked = it->begin + waiting;
            continue;
        }
        if (end == NULL && (waiting == 0 || it->failed)) return NULL;
        char *line = it->bytes + it->begin;
        size_t length = end != NULL ? (size_t)(end - line) : waiting;
        *start = it->at;
        size_t taken = length + (end != NULL);
        it->begin += taken;
        it->at += (int64_t)taken;
        line[length] = 0;
        return line;
    }
}

static int is_blank(const char *line) { return line[strspn(line, " \t\r")] == 0; }

/* ---- Cells ---- */

/* The comma behind a cell, which is none of those in quotes; NULL: it is the last. */
static const char *end_of_cell(const char *cell) {
    int quoted = 0;
    for (; *cell != 0; cell++) {
        quoted ^= *cell == '"';
        if (*cell == ',' && !quoted) return cell;
    }
    return NULL;
}

/* Takes the next cell off a line: a text without blanks and quotes around it, in place. NULL: there is none. */
static char *next_cell(char **line) {
    char *cell = *line;
    if (cell == NULL) return NULL;
    char *comma = (char *)end_of_cell(cell);
    *line = comma != NULL ? comma + 1 : NULL;
    if (comma != NULL) *comma = 0;
    cell += strspn(cell, " \t\r");
    size_t length = strlen(cell);
    while (length > 0 && strchr(" \t\r", cell[length - 1]) != NULL) length--;
    if (length > 1 && cell[0] == '"' && cell[length - 1] == '"') {
        cell++;
        length -= 2;
    }
    cell[length] = 0;
    return cell;
}

static int parse_bool(const char *cell, uint8_t *out) {
    static const char *const words[] = {"false", "False", "0", "true", "True", "1"};
    for (int i = 0; i < 6; i++) {
        if (strcmp(cell, words[i]) != 0) continue;
        *out = i >= 3;
        return 1;
    }
    return 0;
}

static int parse_cell(const char *cell, int element, void *out) {
    return element == PDL_BOOL ? parse_bool(cell, out) : pdl_parse_number(cell, element, out);
}

/* ---- Reading ---- */

static int64_t columns_of_names(const char *line) {
    int64_t columns = 1;
    while ((line = end_of_cell(line)) != NULL) {
        columns++;
        line++;
    }
    return columns;
}

/* The column of that name in a line of names, which loses its commas. -1: the message says that there is none. */
static int64_t column_named(char *message, const char *path, const char *name, char *line) {
    int64_t column = 0;
    size_t length = (size_t)snprintf(message, PDL_NPY_MESSAGE, "%.300s has no column `%.60s`; it has", path, name);
    for (char *cell; (cell = next_cell(&line)) != NULL; column++) {
        if (strcmp(cell, name) == 0) return column;
        if (length + 80 > PDL_NPY_MESSAGE) continue;
        length += (size_t)snprintf(message + length, PDL_NPY_MESSAGE - length, "%s `%.60s`", column > 0 ? "," : "", cell);
    }
    return -1;
}

/* Of a copy: cells are cut off it. */
static int has_number(const char *line) {
    double number;
    char *copy = strdup(line), *rest = copy;
    int found = 0;
    for (char *cell; !found && (cell = next_cell(&rest)) != NULL;) {
        found = parse_cell(cell, PDL_F64, &number) || strcmp(cell, "true") == 0 || strcmp(cell, "false") == 0;
    }
    free(copy);
    return found;
}

int pdl_csv_open(char *message, const char *path, int file, const char *column, pdl_csv_opening *out) {
    line_reader lines = {.file = file};
    int64_t start = 0, number = 0;
    char *line;
    do {
        line = next_line(&lines, &start);
        number++;
    } while (line != NULL && is_blank(line));
    int found = line != NULL;
    if (found) {
        if (start == 0 && strncmp(line, "\xef\xbb\xbf", 3) == 0) line += 3; /* a mark that spreadsheets write */
        int named = !has_number(line);
        pdl_csv_place body = {.from = named ? lines.at : start, .line = named ? number + 1 : number};
        *out = (pdl_csv_opening){.columns = columns_of_names(line), .only = -1, .body = body};
        if (*column != 0) out->only = column_named(message, path, column, line);
        if (*column != 0) found = out->only >= 0;
    } else if (lines.failed) {
        snprintf(message, PDL_NPY_MESSAGE, "cannot read %s: %s", path, strerror(errno));
    } else {
        snprintf(message, PDL_NPY_MESSAGE, "%s is empty: a table begins with the names of its columns", path);
    }
    free(lines.bytes);
    return found;
}

int pdl_csv_count(int file, int64_t first, int64_t last, int64_t *count, int64_t *rows) {
    /* What begins before `first` is another's. */
    line_reader lines = {.file = file, .at = first > 0 ? first - 1 : 0};
    int64_t start = 0;
    *count = *rows = 0;
    if (first > 0) next_line(&lines, &start);
    while (lines.at < last) {
        char *line = next_line(&lines, &start);
        if (line == NULL) break;
        ++*count;
        *rows += !is_blank(line);
    }
    free(lines.bytes);
    return !lines.failed;
}

/* One row. 0: the message says what is wrong. */
static int read_row(char *message, const pdl_csv_part *part, char *line, int64_t number, char *out) {
    size_t size = pdl_element_size(part->element);
    int64_t column = 0;
    for (char *cell; (cell = next_cell(&line)) != NULL; column++) {
        if (column >= part->columns || (part->only >= 0 && column != part->only)) continue;
        if (parse_cell(cell, part->element, part->only >= 0 ? out : out + (size_t)column * size)) continue;
        snprintf(message, PDL_NPY_MESSAGE, "%s, line %lld, column %lld: %s%.60s%s, where %s is wanted", part->path, (long long)number,
                 (long long)column + 1, *cell != 0 ? "`" : "", *cell != 0 ? cell : "nothing", *cell != 0 ? "`" : "",
                 pdl_element_name(part->element));
        return 0;
    }
    if (column == part->columns) return 1;
    snprintf(message, PDL_NPY_MESSAGE, "%s, line %lld: %lld %s, where the first line has %lld", part->path, (long long)number,
             (long long)column, column == 1 ? "column" : "columns", (long long)part->columns);
    return 0;
}

int64_t pdl_csv_read(char *message, const pdl_csv_part *part, pdl_csv_place from, void *out) {
    line_reader lines = {.file = part->file, .at = from.from > 0 ? from.from - 1 : 0};
    int64_t start, row = from.row, number = from.line, wrong = 0, last = part->first + part->count;
    size_t bytes = (size_t)(part->only >= 0 ? 1 : part->columns) * pdl_element_size(part->element);
    if (from.from > 0) next_line(&lines, &start);
    for (; row < last && wrong == 0; number++) {
        char *line = next_line(&lines, &start);
        if (line == NULL) {
            snprintf(message, PDL_NPY_MESSAGE, "%s changed while it was read", part->path);
            wrong = number;
        } else if (!is_blank(line)) {
            char *to = (char *)out + (size_t)(row - part->first) * bytes;
            if (row++ >= part->first && !read_row(message, part, line, number, to)) wrong = number;
        }
    }
    free(lines.bytes);
    return wrong;
}

/* ---- Writing ---- */

enum { LONGEST_CELL = 81 };

char *pdl_csv_text(int element, const void *data, int64_t rows, int64_t columns, size_t *length) {
    size_t size = pdl_element_size(element), room = 1 << 16, used = 0;
    char *text = malloc(room);
    const char *from = data;
    for (int64_t row = 0; text != NULL && row < rows; row++) {
        for (int64_t column = 0; text != NULL && column < columns; column++, from += size) {
            if (used + LONGEST_CELL + 1 > room) {
                char *more = realloc(text, room *= 2);
                if (more == NULL) free(text);
                text = more;
            }
            if (text == NULL) break;
            if (column > 0) text[used++] = ',';
            used += (size_t)pdl_format_element(text + used, element, from);
        }
        if (text != NULL) text[used++] = '\n';
    }
    *length = used;
    return text;
}

char *pdl_csv_names(char *message, const char *path, const char *names, int64_t columns, size_t *length) {
    size_t room = strlen(names) + 24 * (size_t)columns + 2;
    char *line = malloc(room);
    if (line == NULL) return NULL;
    if (*names != 0 && columns_of_names(names) != columns) {
        snprintf(message, PDL_NPY_MESSAGE, "cannot save %s: `header` names %lld columns, and the table has %lld", path,
                 (long long)columns_of_names(names), (long long)columns);
        free(line);
        return NULL;
    }
    size_t used = (size_t)snprintf(line, room, "%s", names);
    for (int64_t column = 0; *names == 0 && column < columns; column++) {
        used += (size_t)snprintf(line + used, room - used, "%sc%lld", column > 0 ? "," : "", (long long)column);
    }
    line[used++] = '\n';
    *length = used;
    return line;
}
