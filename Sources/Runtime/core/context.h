/* The context: all that the runtime keeps while a program or a function of a library runs. There is one for each communicator that the
 * process works on, and no other mutable state.
 *
 * Generated code and the functions of this runtime do not pass it on: `now` points at the context of the outermost call that this
 * thread is in. `main` sets it once, a library's entry on the way in and out. Nothing of PDL calls back into PDL, so there
 * is never a second one under way in a thread. */

/* ---- Messages: see core/messages.c ---- */

typedef struct {
    MPI_Request *all;
    int count, room;
} requests;

/* ---- Counting: see core/counting.c ---- */

/* EXCHANGE counts exchanges of halos, HALO their messages. */
enum counted { EXCHANGE, HALO, SEND, BCAST, GATHER, SCATTER, ALLGATHER, ALLREDUCE, ALLTOALL, COUNTED };

/* A line of the program; NULL: the start and the end of the run. */
typedef struct {
    const pdl_place *place;
    int64_t calls[COUNTED], bytes[COUNTED];
} tally;

typedef struct {
    int on, rows, room;
    tally *row, *now;
} tallies;

/* ---- Where time goes: see core/profile.c ---- */

#ifdef PDL_PROFILE
/* What stands in a rank's file, which pdlc reads (Compiler/Profile/ProfileFile.swift): this head, then the lines, then the timeline. */
enum { PROFILE_LINES = 8192, PROFILE_EVENTS = 4096, PROFILE_PATH = 256 };

typedef struct {
    char format[8];
    int64_t rank, ranks, lines, events;
    int64_t line, has_ended; /* where the rank is; whether the run came to its end */
    double seconds;          /* since the start, as far as is known */
} profile_head;

/* A line of the program: `computing` is its time outside of MPI. */
typedef struct {
    char file[PROFILE_PATH];
    int64_t line, visits;
    double computing, inside[COUNTED];
    int64_t calls[COUNTED], bytes[COUNTED];
} profile_line;

/* A stretch of time at one line, or mostly at it; `inside` of it was spent in MPI. */
typedef struct {
    double begin, end, inside, longest;
    int64_t line;
} profile_event;

_Static_assert(sizeof(profile_head) == 64 && sizeof(profile_line) == 496 && sizeof(profile_event) == 40, "what pdlc reads");

typedef struct {
    profile_head *head; /* NULL: nobody wants to know */
    profile_line *lines, *line;
    profile_event *events;
    struct { const pdl_place *place; profile_line *line; } known[256]; /* by the place's address */
    double start, looked, entered; /* the clock at the start, when it was looked at last, when the line began */
    double inside, resolution;     /* in MPI since then; shorter stretches are not told apart */
} profile;
#endif

/* ---- Memory: see core/memory.c ---- */

enum {
    SMALL = 4096, SMALL_KEPT = 8,
    LARGE_KEPT = 32,
    MARGINS_TABLE = 256,
};

typedef struct block {
    int64_t references; /* 0: in the pool */
    int64_t bytes;      /* room for elements */
    void *base;         /* what the system gave */
    struct block *next; /* in the pool of small blocks; while in use, in the table of blocks with margins or others' memory */
    void *array;        /* with margins or in others' memory: where the elements begin */
    struct block *older, *younger; /* all that the system gave and has not got back */
} block;

typedef struct {
    block *youngest;
    block *small[SMALL / 64 + 1];
    unsigned char small_count[SMALL / 64 + 1];
    block *large[LARGE_KEPT]; /* oldest first */
    int large_count;
    unsigned colour;
    int64_t kept, live, peak; /* bytes of large blocks; peak of the live ones */
    block *with_margins[MARGINS_TABLE]; /* their header stands in front of the margin, so it is looked up */
    int64_t margin_count;
    const pdl_place *asked_at; /* where the program last asked for an array, for a message */
} memory;

/* ---- Failure: see core/fail.c ---- */

enum { FAULT_TEXT = 1024 };

/* Known to all ranks of this run and to nobody else. */
typedef struct { char name[64], machine[128]; } job_name;
_Static_assert(sizeof(job_name) == 192, "what explain says of the start");

typedef struct {
    jmp_buf *outermost;    /* where a fault of a library's function returns to; NULL in a program, which ends */
    int communicating;     /* whether the node that the program is at communicates */
    int awaited;           /* whether other ranks are in the middle of a message and wait for this one: a fault cannot travel */
    char message[FAULT_TEXT];
    job_name job;
    int far_away;          /* whether this rank is on another machine than rank 0 */
    int failing;
} failure;

/* ---- Reductions and scans: see reductions/ ---- */

struct record_shape;
enum { SHAPES = 64 };

typedef struct {
    pdl_part *free_parts;
    const struct record_shape *merging; /* the shape of the records under way */
    int by_gathering;                   /* 0: not decided yet, 1: yes, -1: no */
    int64_t capacities[SHAPES];         /* one for each shape of message: what its last exchange needed */
    char *scratch;
    int64_t scratch_room;
} reductions;

/* The operator of the next scan. */
typedef struct {
    pdl_combine combine;
    pdl_scan_kernel kernel;
    const void *identity;
    int64_t size;
    int arrays; /* as many as it combines numbers at once */
    int is_exclusive;
} scan_operator;

/* ---- Halos: see arrays/halo.c ---- */

/* Rows, or columns, that one rank holds and another needs next to its block; offsets count them from the begin of the rank's own block,
 * ranks along a direction. */
typedef struct {
    int owner, needer;
    int64_t from, to, rows;
} transfer;

/* What this rank takes part in, in an order that both sides of every message know. */
typedef struct {
    int64_t direction, extent, low, high, wraps;
    transfer *transfers;
    int count, room;
} halo_plan;

/* An array in an exchange along one direction: what lies at an index of it. */
typedef struct {
    char *data; /* of the first index of this rank */
    int64_t direction, extent, low, high, wraps;
    int64_t index_bytes, width; /* from one index to the next; what of it travels */
    int64_t lines, line_bytes;  /* of a column: how many rows it has, and how far apart they lie; else 0 */
} strip;

enum { HALO_PLANS = 32 };

/* One message: the transfers of all arrays between this rank and a peer. */
typedef struct {
    int64_t bytes;
    int peer, pieces;
    char *data; /* the rows themselves when they lie together, else a packed copy */
} halo_message;

typedef struct {
    halo_message *at;
    int count;
} halo_messages;

typedef struct {
    halo_plan plans[HALO_PLANS]; /* kept: a program has few shapes of halo */
    int plan_count, oldest_plan;
    int is_open;                 /* between the start of an exchange and its end */
    requests open;
    int64_t count;
    strip *strips;
    halo_messages sent, received;
} halos;

/* ---- Gathers: see arrays/gather_plan.c ---- */

enum { KEPT_PLANS = 4 };

/* The plans that were made last in a library's handle, and of which indices; all ranks keep theirs in the same places. */
typedef struct {
    struct kept_plan { int64_t extent, count, *index, *words; } plans[KEPT_PLANS];
    int oldest;
} kept_plans;

/* ---- Text and files: see core/text.c, files/ ---- */

typedef struct {
    char *bytes;
    int64_t length, room;
} texts;

/* The file opened last. */
typedef struct {
    char *path, *detail;
    pdl_npy header;
    int level_bytes;       /* of an element in the file when it is a picture, else 0 */
    pdl_csv_opening table; /* what its first line says */
    pdl_csv_place *shares; /* of a table: where each rank's share of the bytes begins */
} opened_file;

/* ---- Progress: see program/progress.c ---- */

/* The loop that is under way, and when things were done, in seconds of some clock. */
typedef struct {
    int on, has_bar, is_drawn;
    const char *status; /* the file of --status, or NULL */
    const pdl_place *place;
    int64_t total, done; /* turns; total -1: nobody knows */
    int64_t next, stride; /* when the clock is looked at again */
    double born, began, looked, reported;
} progress;

/* ---- What comes from outside ---- */

typedef struct {
    uint8_t given;
    const char *text;
    _Alignas(16) char value[16];
} argument;

struct library_call;

typedef struct pdl_context {
    const pdl_program *program; /* what runs, or ran last */
    MPI_Comm communicator;
    int rank, ranks;
    int grid_columns;           /* ranks / grid_columns is how many rows the grid of ranks has */
    int64_t piece_bytes;        /* longer messages are sent in pieces: MPI counts in int */
    argument *arguments;        /* of the command line, by the program's parameters */
    struct library_call *call;  /* of a library's function, else NULL */
    tallies counting;
#ifdef PDL_PROFILE
    profile profile;
#endif
    memory pool;
    failure failure;
    reductions reductions;
    scan_operator scan;
    halos halos;
    kept_plans kept;
    texts text;
    opened_file loading;
    progress progress;
} pdl_context;

#ifdef SMPI_H
/* SimGrid loads a copy of the program for each rank, a thousand of them into one process, and runs all in one thread. */
#define FOR_EACH_THREAD(type) type
#else
#define FOR_EACH_THREAD(type) _Thread_local __attribute__((tls_model("initial-exec"))) type
#endif
static FOR_EACH_THREAD(pdl_context *) now;
