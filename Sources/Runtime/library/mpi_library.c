/* A library works with one MPI: handles and constants of another mean something else. Noticed and refused. */
#include "library.h"
#include <dlfcn.h>
#include <link.h>

enum { MPI_NAME = 128 };

/* "Open MPI 4.1.4" or "MPICH 4.0.2" of what MPI_Get_library_version says; else its first line. */
static void name_of_mpi(const char *version, char *name) {
    char number[101] = "";
    if (sscanf(version, "Open MPI v%100[0-9.]", number) == 1) {
        snprintf(name, MPI_NAME, "Open MPI %s", number);
    } else if (sscanf(version, "MPICH Version: %100[0-9.]", number) == 1) {
        snprintf(name, MPI_NAME, "MPICH %s", number);
    } else {
        snprintf(name, MPI_NAME, "%.*s", (int)strcspn(version, "\n,"), version);
    }
}

typedef int initialized(int *);
typedef int get_version(char *, int *);

/* Another MPI of this process, if it is the one that runs. */
static int find_running_mpi(struct dl_phdr_info *object, size_t size, void *name) {
    (void)size;
    const char *slash = strrchr(object->dlpi_name, '/'), *file = slash != NULL ? slash + 1 : object->dlpi_name;
    if (strncmp(file, "libmpi", 6) != 0) return 0;
    void *library = dlopen(object->dlpi_name, RTLD_LAZY | RTLD_NOLOAD);
    if (library == NULL) return 0;
    initialized *is_running = (initialized *)dlsym(library, "MPI_Initialized");
    get_version *version = (get_version *)dlsym(library, "MPI_Get_library_version");
    int runs = 0, length;
    char text[8192] = ""; /* longer than any MPI's */
    if (is_running != NULL && version != NULL && is_running(&runs) == MPI_SUCCESS && runs) {
        version(text, &length);
        name_of_mpi(text, name);
    }
    dlclose(library);
    return runs;
}

/* Whether this process runs the MPI that the library was built for: its name up to the first dot, MPIs of one family and major version
 * fit. Else the message says what is wrong. */
static int mpi_is_right(const char *built_for, char *message) {
    char version[MPI_MAX_LIBRARY_VERSION_STRING] = "", mine[MPI_NAME], running[MPI_NAME] = "";
    int length, is_running = 0;
    MPI_Get_library_version(version, &length);
    name_of_mpi(version, mine);
    MPI_Initialized(&is_running);
    size_t major = strcspn(built_for, ".");
    if (major > 0 && strncmp(built_for, mine, major + 1) != 0) {
        snprintf(message, FAULT_TEXT, "this library was built for %s, but the process runs %s", built_for, mine);
        return 0;
    }
    if (is_running) return 1;
    dl_iterate_phdr(find_running_mpi, running);
    if (running[0] != 0) {
        snprintf(message, FAULT_TEXT, "this library was built for %s, but the process runs %s", built_for, running);
    } else {
        snprintf(message, FAULT_TEXT, "MPI is not initialised: call MPI_Init before (this library was built for %s)", built_for);
    }
    return 0;
}
