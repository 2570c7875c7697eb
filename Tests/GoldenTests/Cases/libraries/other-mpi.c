/* Starts the MPI that is named, if one is, and opens the library on its world. */
#include <dlfcn.h>
#include <stdio.h>

typedef struct p_handle p_handle;

int main(int count, char **words) {
    int (*initialise)(int *, char ***) = NULL, (*finalise)(void) = NULL;
    void *library = NULL;
    int world = 0;
    if (count > 2) {
        void *mpi = dlopen(words[2], RTLD_NOW | RTLD_LOCAL);
        if (mpi == NULL) return puts(dlerror());
        initialise = (int (*)(int *, char ***))dlsym(mpi, "MPI_Init");
        finalise = (int (*)(void))dlsym(mpi, "MPI_Finalize");
        initialise(NULL, NULL);
    }
    char path[200];
    snprintf(path, sizeof path, "./%s", words[1]);
    library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return puts(dlerror());
    int (*open)(int, p_handle **) = (int (*)(int, p_handle **))dlsym(library, "p_open");
    int (*psum)(p_handle *, const double *, long, double *) = (int (*)(p_handle *, const double *, long, double *))dlsym(library, "p_psum");
    const char *(*message)(const p_handle *) = (const char *(*)(const p_handle *))dlsym(library, "p_message");
    void (*close)(p_handle *) = (void (*)(p_handle *))dlsym(library, "p_close");
    p_handle *handle;
    int code = open(world, &handle);
    double numbers[] = {1, 2, 3}, sum = 0;
    printf("open: %d %s\n", code, message(handle));
    printf("psum: %d", psum(handle, numbers, 3, &sum));
    printf(" %g\n", sum);
    close(handle);
    if (finalise != NULL) finalise();
    return 0;
}
