/* The command line: --name VALUE or --name=VALUE for each parameter, and --help. All ranks read it alike; rank 0 speaks. */

uint8_t pdl_parameter_given(int64_t index) { return now->arguments[index].given; }

void pdl_parameter_get(int64_t index, void *out) {
    const argument *it = &now->arguments[index];
    if (!it->given) return;
    if (now->program->parameters[index].element < 0) {
        memcpy(out, &it->text, sizeof it->text);
    } else {
        memcpy(out, it->value, pdl_element_size(now->program->parameters[index].element));
    }
}

__attribute__((format(printf, 1, 2))) _Noreturn static void wrong_usage(const char *format, ...) {
    if (now->rank == 0) {
        char message[1024];
        va_list values;
        va_start(values, format);
        int length = vsnprintf(message, sizeof message, format, values);
        va_end(values);
        fprintf(stderr, "%s: %.*s (--help lists the parameters)\n", now->program->name, length, message);
    }
    leave(WRONG_USAGE);
}

static const char *type_name(int element) { return element < 0 ? "text" : pdl_element_name(element); }
static const char *article(int element) { return strchr("if", *type_name(element)) != NULL ? "an" : "a"; }

/* ---- Values ---- */

static int read_bool(const char *from, void *out) {
    uint8_t value = strcmp(from, "true") == 0;
    memcpy(out, &value, 1);
    return value || strcmp(from, "false") == 0;
}

static int read_value(const char *from, int element, void *out) {
    switch (element) {
    case -1: return 1;
    case PDL_BOOL: return read_bool(from, out);
    default: return pdl_parse_number(from, element, out);
    }
}

/* ---- Names ---- */

/* Edits between two names, the second of `length` bytes. */
static int distance(const char *a, const char *b, size_t length) {
    enum { LONGEST = 63 };
    int row[LONGEST + 1];
    if (length > LONGEST) return LONGEST;
    for (size_t j = 0; j <= length; j++) row[j] = (int)j;
    for (size_t i = 0; a[i] != 0; i++) {
        int diagonal = row[0];
        row[0] = (int)i + 1;
        for (size_t j = 0; j < length; j++) {
            int changed = diagonal + (a[i] != b[j]);
            int shorter = 1 + (row[j] < row[j + 1] ? row[j] : row[j + 1]);
            diagonal = row[j + 1];
            row[j + 1] = changed < shorter ? changed : shorter;
        }
    }
    return row[length];
}

static int64_t parameter_named(const char *name, size_t length) {
    for (int64_t i = 0; i < now->program->parameter_count; i++) {
        if (strlen(now->program->parameters[i].name) == length && memcmp(now->program->parameters[i].name, name, length) == 0) return i;
    }
    int64_t nearest = -1;
    int fewest = (int)length / 3 + 2;
    for (int64_t i = 0; i < now->program->parameter_count; i++) {
        int edits = distance(now->program->parameters[i].name, name, length);
        if (edits >= fewest) continue;
        fewest = edits;
        nearest = i;
    }
    if (nearest < 0) wrong_usage("there is no parameter --%.*s", (int)length, name);
    wrong_usage("there is no parameter --%.*s; did you mean --%s?", (int)length, name, now->program->parameters[nearest].name);
}

/* ---- The whole line ---- */

static int has_parameter(const char *name) {
    for (int64_t i = 0; i < now->program->parameter_count; i++) {
        if (strcmp(now->program->parameters[i].name, name) == 0) return 1;
    }
    return 0;
}

_Noreturn static void help(void) {
    if (now->rank != 0) leave(0);
    printf("Usage: %s [--PARAMETER VALUE]...\n\n", now->program->name);
    int width = (int)strlen(has_parameter("status") ? "--help" : "--status FILE");
    for (int64_t i = 0; i < now->program->parameter_count; i++) {
        int length = (int)(strlen(now->program->parameters[i].name) + strlen(type_name(now->program->parameters[i].element))) + 3;
        width = length > width ? length : width;
    }
    for (int64_t i = 0; i < now->program->parameter_count; i++) {
        const pdl_parameter *it = &now->program->parameters[i];
        int length = (int)(strlen(it->name) + 3);
        printf("  --%s %-*s  ", it->name, width - length, type_name(it->element));
        if (it->documentation != NULL) printf("%s ", it->documentation);
        printf(it->required ? "(required)\n" : "(default %s)\n", it->default_text);
    }
    if (!has_parameter("status")) printf("  %-*s  Write how far it has come to the file, as JSON.\n", width, "--status FILE");
    printf("  %-*s  Show this.\n", width, "--help");
    leave(0);
}

/* Reads the argument at `place` and returns the place of the next. */
static int read_argument(int count, char **words, int place) {
    const char *word = words[place];
    if (strncmp(word, "--", 2) != 0 || word[2] == 0) wrong_usage("'%s' is no parameter: write --name VALUE", word);
    size_t length = strcspn(word + 2, "=");
    int64_t index = parameter_named(word + 2, length);
    const pdl_parameter *parameter = &now->program->parameters[index];
    int inside = word[2 + length] == '=';
    if (!inside && place + 1 == count) wrong_usage("--%s wants a value", parameter->name);
    argument *it = &now->arguments[index];
    if (it->given) wrong_usage("--%s is given twice", parameter->name);
    it->text = inside ? word + 2 + length + 1 : words[place + 1];
    it->given = 1;
    if (!read_value(it->text, parameter->element, it->value)) {
        wrong_usage("--%s wants %s %s%s, got '%s'", parameter->name, article(parameter->element), type_name(parameter->element),
                    parameter->element == PDL_BOOL ? " (true or false)" : "", it->text);
    }
    return place + (inside ? 1 : 2);
}

/* Settings that ranks must have alike. */
static const char *const settings[] = {"PDL_COUNT_MESSAGES", "PDL_PIECE_BYTES", "PDL_ALLREDUCE"};

static uint64_t digest_text(uint64_t digest, const char *text) {
    do digest = (digest ^ (unsigned char)*text) * 0x100000001b3; while (*text++ != 0);
    return digest;
}

/* Ranks that were given other arguments or settings than rank 0 would go other ways. */
static void check_launch(int count, char **words) {
    if (now->ranks == 1) return;
    uint64_t mine = digest_text(0xcbf29ce484222325, now->program->name), first;
    for (int i = 1; i < count; i++) mine = digest_text(mine, words[i]);
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        const char *value = getenv(settings[i]);
        mine = digest_text(mine, value != NULL ? value : "\1");
    }
    first = mine;
    MPI_Bcast(&first, 1, MPI_UINT64_T, 0, now->communicator);
    int other = mine != first ? now->rank : now->ranks, lowest;
    MPI_Allreduce(&other, &lowest, 1, MPI_INT, MPI_MIN, now->communicator);
    if (lowest == now->ranks) return;
    if (now->rank == 0) {
        fprintf(stderr, "%s: error: rank %d was started with other arguments or settings than rank 0\n", now->program->name, lowest);
    }
    leave(WRONG_USAGE);
}

/* What stands behind --NAME or --NAME=, unless the program has a parameter of that name; *place is then the one behind it. NULL: it is
 * something else. */
static const char *read_option(const char *name, const char *wanted, int count, char **words, int *place) {
    if (has_parameter(name)) return NULL;
    const char *word = words[*place];
    size_t length = strlen(name);
    if (strncmp(word, "--", 2) != 0 || strncmp(word + 2, name, length) != 0) return NULL;
    int inside = word[2 + length] == '=';
    if (!inside && word[2 + length] != 0) return NULL;
    if (!inside && *place + 1 == count) wrong_usage("--%s wants %s", name, wanted);
    *place += inside ? 1 : 2;
    return inside ? word + 2 + length + 1 : words[*place - 1];
}

/* --grid 2x3: two rows of three ranks. */
static void choose_grid(const char *written) {
    int rows = 0, columns = 0, end = 0;
    if (sscanf(written, "%dx%d%n", &rows, &columns, &end) != 2 || written[end] != 0 || rows < 1 || columns < 1) {
        wrong_usage("--grid wants rows and columns of ranks, as in 2x3, got '%s'", written);
    }
    if ((int64_t)rows * columns != now->ranks) {
        wrong_usage("--grid %s is for %lld ranks, and there are %d", written, (long long)rows * columns, now->ranks);
    }
    now->grid_columns = columns;
}

/* The options that every program has. Whether there was one. */
static int read_own_options(int count, char **words, int *place) {
    const char *status = read_option("status", "a file", count, words, place);
    if (status != NULL) now->progress.status = status;
    if (status != NULL || *place == count) return status != NULL;
    const char *grid = read_option("grid", "rows and columns of ranks, as in 2x3", count, words, place);
    if (grid != NULL) choose_grid(grid);
    return grid != NULL;
}

static void read_arguments(int count, char **words) {
    now->arguments = pdl_allocate((now->program->parameter_count + 1) * (int64_t)sizeof *now->arguments);
    memset(now->arguments, 0, (size_t)now->program->parameter_count * sizeof *now->arguments);
    for (int i = 1; i < count; i++) {
        if (strcmp(words[i], "--help") == 0 || strcmp(words[i], "-h") == 0) help();
    }
    for (int place = 1; place < count;) {
        if (!read_own_options(count, words, &place)) place = read_argument(count, words, place);
    }
    for (int64_t i = 0; i < now->program->parameter_count; i++) {
        const pdl_parameter *it = &now->program->parameters[i];
        if (it->required && !now->arguments[i].given) wrong_usage("--%s (%s) must be given", it->name, type_name(it->element));
    }
}
