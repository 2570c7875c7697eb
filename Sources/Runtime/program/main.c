/* Start and end of every program. */

/* Which process this rank is, for who runs the program and is told of a lost process. */
static void tell_process(void) {
    const char *path = getenv("PDL_RANKS_FILE");
    if (path == NULL) return;
    int file = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) return;
    dprintf(file, "%d %ld\n", now->rank, (long)getpid());
    close(file);
}

int main(int count, char **words) {
    static pdl_context context = {.program = &pdl_main};
    now = &context;
    /* Without a launcher Open MPI would explain MPI_Abort to the user, below our message. */
    setenv("OMPI_MCA_orte_execute_quiet", "1", 0);
    /* A file that may not grow is a failed write like any other. */
    signal(SIGXFSZ, SIG_IGN);
    MPI_Init(&count, &words);
    join(&context, MPI_COMM_WORLD);
    tell_process();
    check_launcher();
    begin_profile();
    begin_counting();
    check_launch(count, words);
    name_the_job();
    read_arguments(count, words);
    begin_progress();
    pdl_main.run();
    if (now->rank == 0 && (fflush(stdout) != 0 || fclose(stdout) != 0)) {
        pdl_fail(NULL, "cannot write to standard output");
    }
    end_progress();
    end_profile();
    end_counting();
    /* Where one rank fails at the end while others are through, Open MPI's launcher does not always survive it: they wait. */
    MPI_Barrier(MPI_COMM_WORLD);
    MPI_Finalize();
    return 0;
}
