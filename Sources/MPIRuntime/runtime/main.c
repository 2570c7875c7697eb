/* Start and end of every program. */

/* Ranks that another MPI's launcher says it started, when each of them believes to be alone; 0 otherwise.
 * SLURM_NTASKS would also stand in a batch script that starts one process by hand. */
static int misled(const char **launcher, const char **hint) {
    static const struct { const char *variable, *launcher, *hint; } launchers[] = {
        {"OMPI_COMM_WORLD_SIZE", "Open MPI's mpiexec", "its own mpiexec (mpiexec.mpich)"},
        {"PMI_SIZE", "MPICH's mpiexec", "its own mpiexec (mpiexec.openmpi)"},
        {"SLURM_STEP_NUM_TASKS", "srun", "srun --mpi=pmix (Open MPI) or --mpi=pmi2 (MPICH), or its own mpiexec"},
    };
    for (size_t i = 0; i < sizeof launchers / sizeof *launchers; i++) {
        const char *count = getenv(launchers[i].variable);
        if (count == NULL || atoi(count) <= 1) continue;
        *launcher = launchers[i].launcher;
        *hint = launchers[i].hint;
        return atoi(count);
    }
    return 0;
}

static void check_launcher(void) {
    const char *launcher, *hint;
    int ranks = rank_count == 1 ? misled(&launcher, &hint) : 0;
    if (ranks == 0) return;
    /* The processes do not know each other: only their common parent gives the run a name. */
    const char *number = getenv("PMIX_NAMESPACE");
    snprintf(job.name, sizeof job.name, "launcher-%.40s-%ld", number != NULL ? number : "", (long)getppid());
    far_away = 0;
    char version[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length;
    MPI_Get_library_version(version, &length);
    const char *family = strncmp(version, "Open MPI", 8) == 0 ? "Open MPI" : strncmp(version, "MPICH", 5) == 0 ? "MPICH" : "another MPI";
    end_all_ranks("%s: error: built with %s but started by %s: that makes %d runs of one rank each; start it with %s\n",
                  pdl_program_name, family, launcher, ranks, hint);
}

int main(int count, char **words) {
    MPI_Init(&count, &words);
    meet_the_world();
    check_launcher();
    name_the_job();
    read_arguments(count, words);
    pdl_program();
    if (my_rank == 0 && (fflush(stdout) != 0 || fclose(stdout) != 0)) {
        pdl_fail(NULL, "cannot write to standard output");
    }
    MPI_Finalize();
    return 0;
}
