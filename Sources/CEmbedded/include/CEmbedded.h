/* Files that pdlc carries as text: the runtime's C sources, the library, templates of batch scripts. The C compiler puts them in; Swift takes
 * seconds for such literals. `scripts/embed` makes the lists from what is in the folders. */
#ifndef C_EMBEDDED_H
#define C_EMBEDDED_H

typedef struct {
    const char *name; /* its path inside its folder */
    const char *text;
} pdl_embedded_file;

/* Each up to a NULL name. */
const pdl_embedded_file *pdl_embedded_runtime(void);
const pdl_embedded_file *pdl_embedded_library(void);
const pdl_embedded_file *pdl_embedded_templates(void);
#endif
