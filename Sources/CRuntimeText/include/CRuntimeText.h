/* The runtime's sources as text, put into pdlc by the C compiler: Swift takes seconds for such literals. */
#ifndef C_RUNTIME_TEXT_H
#define C_RUNTIME_TEXT_H

typedef struct {
    const char *name; /* of the file */
    const char *text;
} pdl_source_file;

/* All of them, up to a NULL name. */
const pdl_source_file *pdl_source_files(void);
#endif
