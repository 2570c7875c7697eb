/* Checks of the runtime that need ranks: `--mode` says which. It includes the runtime, to see its inside. */
#include "runtime.c"
#include <signal.h>
#include <sys/resource.h>

static const pdl_parameter parameters[] = {
    {"mode", -1, 1, NULL, "what to check"},
    {"seed", PDL_I64, 0, "1", NULL},
    {"scale", PDL_F64, 0, "1.0", "a number that is not used"},
    {"big", PDL_BOOL, 0, "false", NULL},
    {"path", -1, 0, "\"x.npy\"", "the file"},
    {"axes", PDL_I64, 0, "1", NULL},
    {"extent", PDL_I64, 0, "-1", NULL},
};
enum { MODE, SEED, SCALE, BIG, PATH, AXES, EXTENT };

static const pdl_place here = {"check.pdl", 3, 5};
static int64_t checks;

static void expect(int condition, const char *what) {
    checks++;
    if (!condition) {
        char message[200];
        snprintf(message, sizeof message, "rank %d: check %lld: %s", now->rank, (long long)checks, what);
        pdl_fail(&here, message);
    }
}

/* The same numbers on all ranks. */
static uint64_t random_state;
static uint64_t random_bits(void) {
    random_state += 0x9e3779b97f4a7c15u;
    uint64_t x = random_state;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}
static int64_t random_below(int64_t limit) { return (int64_t)(random_bits() % (uint64_t)limit); }

/* Neither commutative nor associative: the value tells the whole tree. */
static void mix(void *left, const void *right, int64_t count) {
    uint64_t *l = left;
    const uint64_t *r = right;
    for (int64_t i = 0; i < count; i++) l[i] = (l[i] * 0x100000001b3u ^ r[i] ^ l[i] >> 29) + 0x9e37u;
}
static const uint64_t nothing = 7;

static void report(const char *what) {
    pdl_text(what);
    pdl_text(" ok");
    pdl_print();
}

#include "tree_checks.c"
#include "collective_checks.c"
#include "file_checks.c"
#include "memory_checks.c"

static void run(void) {
    const char *mode = NULL;
    int64_t seed = 1;
    pdl_parameter_get(MODE, &mode);
    pdl_parameter_get(SEED, &seed);
    random_state = (uint64_t)seed;
    if (strcmp(mode, "all") == 0) {
        check_trees();
        check_memory();
        check_collectives();
        report("all");
    } else if (strcmp(mode, "everyone-fails") == 0) {
        if (now->ranks > 1) MPI_Barrier(MPI_COMM_WORLD);
        pdl_fail(&here, "they all say the same");
    } else if (strcmp(mode, "last-fails") == 0) {
        if (now->rank == now->ranks - 1) pdl_fail_index(&here, 9, 4, 1);
        pdl_clock();
        MPI_Barrier(MPI_COMM_WORLD);
    } else if (strcmp(mode, "print") == 0) {
        report("print");
    } else if (strcmp(mode, "memory") == 0) {
        pdl_allocate((int64_t)1 << 60);
    } else if (strcmp(mode, "shows") == 0) {
        show_everything();
    } else {
        check_files(mode);
    }
}

const pdl_program pdl_main = {
    .name = "check", .parameters = parameters, .parameter_count = sizeof parameters / sizeof *parameters, .run = run,
};
