#define _GNU_SOURCE
#include "pdl_numerics.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A number for this machine, and for the container in which process numbers mean something. */
static uint32_t machine_number(void) {
    char text[400] = "";
    gethostname(text, 256);
    size_t length = strnlen(text, 255);
    ssize_t more = readlink("/proc/self/ns/pid", text + length, sizeof text - length);
    if (more > 0) length += (size_t)more;
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++) hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

/* Whether a name is that of a new file for `base` whose process has ended here. */
static int is_left(const char *name, const char *base, uint32_t machine) {
    size_t length = strlen(base);
    unsigned other;
    long process;
    if (strncmp(name, base, length) != 0 || sscanf(name + length, ".pdl-%8x-%ld-", &other, &process) != 2) return 0;
    return other == machine && process > 0 && kill((pid_t)process, 0) != 0 && errno == ESRCH;
}

static void remove_left(const char *target, uint32_t machine) {
    const char *slash = strrchr(target, '/');
    char *folder = slash == NULL ? strdup(".") : strndup(target, slash == target ? 1 : (size_t)(slash - target));
    DIR *entries = folder != NULL ? opendir(folder) : NULL;
    free(folder);
    if (entries == NULL) return;
    for (struct dirent *entry; (entry = readdir(entries)) != NULL;) {
        if (is_left(entry->d_name, slash == NULL ? target : slash + 1, machine)) unlinkat(dirfd(entries), entry->d_name, 0);
    }
    closedir(entries);
}

int pdl_new_file(const char *target, char *name, size_t capacity) {
    uint32_t machine = machine_number();
    remove_left(target, machine);
    int length = snprintf(name, capacity, "%s.pdl-%08x-%ld-XXXXXX", target, (unsigned)machine, (long)getpid());
    int file = -1;
    if (length >= (int)capacity) {
        errno = ENAMETOOLONG;
    } else {
        file = mkostemp(name, O_CLOEXEC);
    }
    if (file < 0) name[0] = 0;
    return file;
}
