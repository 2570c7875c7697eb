/* Where the time of a run goes, by the lines of the program: with PDL_PROFILE, as `pdlc run --profile` compiles it.
 *
 * Generated code says at which line it is (`pdl_profile_at`); the calls of MPI say when they begin and end. What is known stands in a
 * file for each rank, which is mapped into memory: so it is there however the run ends. The timeline has a bounded length: when it is
 * full, stretches that are short are joined, and the longest of them gives its line. */
#ifdef PDL_PROFILE

static int is_profiled(void) { return now->profile.head != NULL; }

static void profile_call(enum counted kind, int64_t bytes) {
    if (!is_profiled()) return;
    now->profile.line->calls[kind]++;
    now->profile.line->bytes[kind] += bytes;
}

/* ---- The timeline ---- */

static void join_event(profile_event *onto, const profile_event *later) {
    if (later->longest > onto->longest) {
        onto->longest = later->longest;
        onto->line = later->line;
    }
    onto->end = later->end;
    onto->inside += later->inside;
}

static void add_event(profile *it, profile_event event) {
    profile_event *last = it->head->events > 0 ? &it->events[it->head->events - 1] : NULL;
    if (last != NULL && last->end - last->begin < it->resolution) {
        join_event(last, &event);
    } else {
        it->events[it->head->events++] = event;
    }
}

/* Half of the room is free afterwards, since every event but the last is as long as the new resolution. */
static void make_timeline_coarser(profile *it, double time) {
    int64_t count = it->head->events;
    it->resolution = 2 * time / PROFILE_EVENTS;
    it->head->events = 0;
    for (int64_t i = 0; i < count; i++) add_event(it, it->events[i]);
}

/* The stretch at this line ends. */
static void end_stretch(profile *it, double time) {
    it->line->computing += time - it->looked;
    double begin = it->entered - it->start, end = time - it->start;
    add_event(it, (profile_event){begin, end, it->inside, end - begin, it->line - it->lines});
    if (it->head->events == PROFILE_EVENTS) make_timeline_coarser(it, end);
    it->head->seconds = end;
    it->looked = it->entered = time;
    it->inside = 0;
}

/* ---- Lines ---- */

static profile_line *find_line(profile *it, const pdl_place *place) {
    size_t length = strlen(place->file), cut = length < PROFILE_PATH ? 0 : length - PROFILE_PATH + 1;
    for (int64_t i = 0; i < it->head->lines; i++) {
        if (it->lines[i].line == place->line && strcmp(it->lines[i].file, place->file + cut) == 0) return &it->lines[i];
    }
    if (it->head->lines == PROFILE_LINES) return &it->lines[0];
    profile_line *line = &it->lines[it->head->lines];
    memcpy(line->file, place->file + cut, length - cut);
    line->line = place->line;
    it->head->lines++;
    return line;
}

static profile_line *line_of(profile *it, const pdl_place *place) {
    size_t slot = (uintptr_t)place / 16 % (sizeof it->known / sizeof *it->known);
    if (it->known[slot].place != place) {
        it->known[slot].place = place;
        it->known[slot].line = find_line(it, place);
    }
    return it->known[slot].line;
}

void pdl_profile_at(const pdl_place *place) {
    profile *it = &now->profile;
    if (!is_profiled()) return;
    profile_line *line = line_of(it, place);
    line->visits++;
    if (line == it->line) return;
    end_stretch(it, seconds_now());
    it->line = line;
    it->head->line = line - it->lines;
}

/* ---- Inside MPI ---- */

static void profile_into(void) {
    profile *it = &now->profile;
    if (!is_profiled()) return;
    double time = seconds_now();
    it->line->computing += time - it->looked;
    it->looked = time;
}

static int profile_out(enum counted kind, int code) {
    profile *it = &now->profile;
    if (!is_profiled()) return code;
    double time = seconds_now();
    it->line->inside[kind] += time - it->looked;
    it->inside += time - it->looked;
    it->looked = time;
    return code;
}

#define TIMED(kind, call) (profile_into(), profile_out(kind, call))

/* ---- The file ---- */

/* PDL_PROFILE names a folder. Where nothing can be written there nothing is measured: the run matters more. Line 0 is the start. */
static void begin_profile(void) {
    profile *it = &now->profile;
    const char *folder = getenv("PDL_PROFILE");
    char name[4096];
    size_t lines = sizeof(profile_head), events = lines + PROFILE_LINES * sizeof(profile_line);
    size_t bytes = events + PROFILE_EVENTS * sizeof(profile_event);
    if (folder == NULL || snprintf(name, sizeof name, "%s/rank.%d", folder, now->rank) >= (int)sizeof name) return;
    int file = open(name, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0) return;
    char *memory = ftruncate(file, (off_t)bytes) == 0 ? mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0) : MAP_FAILED;
    close(file);
    if (memory == MAP_FAILED) return;
    MPI_Barrier(now->communicator); /* ranks' times begin together, whatever their clocks say */
    it->lines = (profile_line *)(memory + lines);
    it->events = (profile_event *)(memory + events);
    it->start = it->looked = it->entered = seconds_now();
    it->line = it->lines;
    it->head = (profile_head *)memory;
    *it->head = (profile_head){.format = "pdlprof1", .rank = now->rank, .ranks = now->ranks, .lines = 1};
}

/* What there is until now. */
static void note_profile(void) {
    if (is_profiled()) end_stretch(&now->profile, seconds_now());
}

static void end_profile(void) {
    if (!is_profiled()) return;
    note_profile();
    now->profile.head->has_ended = 1;
    now->profile.head = NULL;
}

#else

/* Nothing of it is left in other programs. */
static int is_profiled(void) { return 0; }
static void profile_call(enum counted kind, int64_t bytes) { (void)kind, (void)bytes; }
static void note_profile(void) {}
#ifndef PDL_LIBRARY
static void begin_profile(void) {}
static void end_profile(void) {}
#endif
#define TIMED(kind, call) call

#endif
