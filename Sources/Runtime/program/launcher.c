/* A program started by another MPI's launcher silently runs as many programs of one rank each: noticed and refused. */

/* SLURM_NTASKS would also stand in a batch script that starts one process by hand. */
static const struct { const char *ranks, *rank, *name, *hint; } launchers[] = {
    {"OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_RANK", "Open MPI's mpiexec", "its own mpiexec (mpiexec.mpich)"},
    {"PMI_SIZE", "PMI_RANK", "MPICH's mpiexec", "its own mpiexec (mpiexec.openmpi)"},
    {"SLURM_STEP_NUM_TASKS", "SLURM_PROCID", "srun",
     "srun --mpi=pmix (Open MPI) or srun --mpi=pmi2 (MPICH), or with its own mpiexec"},
};

/* Ends this rank in good order; every rank does. */
_Noreturn static void leave(int code) {
    fflush(stdout);
    MPI_Finalize();
    exit(code);
}

static const char *library_name(void) {
    char version[MPI_MAX_LIBRARY_VERSION_STRING] = "";
    int length;
    MPI_Get_library_version(version, &length);
    if (strncmp(version, "Open MPI", 8) == 0) return "Open MPI";
    return strncmp(version, "MPICH", 5) == 0 ? "MPICH" : "another MPI";
}

static int number_in(const char *variable) {
    const char *value = getenv(variable);
    return value != NULL ? atoi(value) : 0;
}

/* The processes do not know each other, but the launcher told each its place: the first one speaks, the others give it time. */
static void check_launcher(void) {
    for (size_t i = 0; now->ranks == 1 && i < sizeof launchers / sizeof *launchers; i++) {
        int ranks = number_in(launchers[i].ranks);
        if (ranks <= 1) continue;
        if (number_in(launchers[i].rank) == 0) {
            fprintf(stderr, "%s: error: built with %s but started by %s: that makes %d programs of one rank each; "
                    "start it with %s\n", now->program->name, library_name(), launchers[i].name, ranks, launchers[i].hint);
        } else {
            usleep(300000);
        }
        leave(FAILURE);
    }
}
