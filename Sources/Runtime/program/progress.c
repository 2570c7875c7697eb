/* How far the outermost loops have come: with PDL_PROGRESS set a bar on rank 0's standard error, with --status FILE the same as JSON. Nothing
 * is sent for it: what rank 0 has done of a loop, the others have nearly done. */

static const double BETWEEN_REPORTS = 0.25, BETWEEN_LOOKS = 0.02;

/* ---- The bar ---- */

static void erase_bar(void) {
    if (!now->progress.is_drawn) return;
    now->progress.is_drawn = 0;
    fputs("\r\033[K", stderr);
}

/* 2.5 s, 90 s, 12 min, 3.5 h. */
static void write_time(char *out, size_t room, double seconds) {
    if (seconds < 10) {
        snprintf(out, room, "%.1f s", seconds);
    } else if (seconds < 100) {
        snprintf(out, room, "%.0f s", seconds);
    } else if (seconds < 6000) {
        snprintf(out, room, "%.0f min", seconds / 60);
    } else {
        snprintf(out, room, "%.1f h", seconds / 3600);
    }
}

static void draw_bar(double rate) {
    enum { WIDTH = 24 };
    progress *it = &now->progress;
    const char *name = strrchr(it->place->file, '/');
    char bar[WIDTH + 1], left[32], line[256];
    int digits = rate >= 100 ? 0 : 1;
    name = name != NULL ? name + 1 : it->place->file;
    if (it->total > 0) {
        int full = (int)(WIDTH * it->done / it->total);
        for (int i = 0; i < WIDTH; i++) bar[i] = i < full ? '#' : '.';
        bar[WIDTH] = 0;
        write_time(left, sizeof left, rate > 0 ? (double)(it->total - it->done) / rate : 0);
        snprintf(line, sizeof line, "%.30s:%d [%s] %3d %%  %lld of %lld  %.*f/s  %s left", name, (int)it->place->line, bar,
                 (int)(100 * it->done / it->total), (long long)it->done, (long long)it->total, digits, rate, left);
    } else {
        snprintf(line, sizeof line, "%.30s:%d  %lld turns  %.*f/s", name, (int)it->place->line, (long long)it->done, digits, rate);
    }
    fprintf(stderr, "\r%s\033[K", line);
    it->is_drawn = 1;
}

/* ---- The file ---- */

/* Aside and renamed: who reads it finds it whole. Where it cannot be written nobody is told: the run matters more. */
static void write_status(const char *state, double rate) {
    progress *it = &now->progress;
    char name[4096];
    int handle = it->status != NULL ? pdl_new_file(it->status, name, sizeof name) : -1;
    FILE *file = handle >= 0 ? fdopen(handle, "w") : NULL;
    if (file == NULL) return;
    fchmod(handle, 0644); /* who watches need not be who runs */
    fprintf(file, "{\"program\": \"%s\", \"state\": \"%s\", \"ranks\": %d, \"seconds\": %.3f", now->program->name, state, now->ranks,
            seconds_now() - it->born);
    if (it->place != NULL) {
        fprintf(file, ", \"line\": %d, \"done\": %lld, \"rate\": %.6g", (int)it->place->line, (long long)it->done, rate);
        if (it->total >= 0) fprintf(file, ", \"total\": %lld", (long long)it->total);
        if (it->total >= 0 && rate > 0) fprintf(file, ", \"left\": %.3f", (double)(it->total - it->done) / rate);
    }
    fputs("}\n", file);
    if (fclose(file) != 0 || rename(name, it->status) != 0) unlink(name);
}

/* ---- Loops ---- */

static void report_progress(double time) {
    progress *it = &now->progress;
    double rate = time > it->began ? (double)it->done / (time - it->began) : 0;
    it->reported = time;
    if (it->has_bar) draw_bar(rate);
    write_status("running", rate);
}

void pdl_progress_begin(int64_t lower, int64_t upper, int64_t step, const pdl_place *place) {
    progress *it = &now->progress;
    if (!it->on) return;
    it->place = place;
    it->total = step <= 0 ? -1 : upper <= lower ? 0 : (upper - lower - 1) / step + 1;
    it->done = 0;
    it->stride = it->next = 1;
    it->began = it->looked = seconds_now();
}

/* The clock is looked at so seldom that it costs nothing, and often enough for the next report. */
void pdl_progress_turn(void) {
    progress *it = &now->progress;
    if (!it->on || ++it->done < it->next) return;
    double time = seconds_now(), passed = time - it->looked;
    if (passed < BETWEEN_LOOKS / 2) it->stride *= 2;
    if (passed > BETWEEN_LOOKS && it->stride > 1) it->stride /= 2;
    it->looked = time;
    it->next = it->done + it->stride;
    if (time - it->reported >= BETWEEN_REPORTS) report_progress(time);
}

void pdl_progress_end(void) {
    if (now->progress.on) erase_bar();
}

#ifndef PDL_LIBRARY
static void begin_progress(void) {
    progress *it = &now->progress;
    it->has_bar = now->rank == 0 && getenv("PDL_PROGRESS") != NULL;
    it->on = now->rank == 0 && (it->has_bar || it->status != NULL);
    it->born = it->reported = seconds_now();
    if (it->on) write_status("running", 0);
}

static void end_progress(void) {
    progress *it = &now->progress;
    it->place = NULL;
    if (it->on) write_status("finished", 0);
}
#endif
