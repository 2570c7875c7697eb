/* The standard library's sources as text, put into pdlc by the C compiler. */
#ifndef C_LIBRARY_TEXT_H
#define C_LIBRARY_TEXT_H

typedef struct {
    const char *name; /* as `import` writes it */
    const char *text;
} pdl_library_file;

/* All of them, up to a NULL name. */
const pdl_library_file *pdl_library_files(void);
#endif
