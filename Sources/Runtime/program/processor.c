/* A processor that lacks what the program was built for would end it by SIGILL, without a word: noticed before anything
 * else runs. The runtime is compiled for the same processor as the program, so the compiler's macros say what is needed. */
#if defined(__x86_64__)

/* `__builtin_cpu_supports` takes literals only, hence no loop. This function itself must run anywhere. */
__attribute__((target("arch=x86-64"), noinline)) static const char *missing_feature(void) {
    __builtin_cpu_init();
#define NEEDS(feature) if (!__builtin_cpu_supports(feature)) return feature
#ifdef __AVX2__
    NEEDS("avx2");
#endif
#ifdef __FMA__
    NEEDS("fma");
#endif
#ifdef __BMI__
    NEEDS("bmi");
#endif
#ifdef __BMI2__
    NEEDS("bmi2");
#endif
#ifdef __AVX512F__
    NEEDS("avx512f");
#endif
#ifdef __AVX512VL__
    NEEDS("avx512vl");
#endif
#ifdef __AVX512DQ__
    NEEDS("avx512dq");
#endif
#ifdef __AVX512BW__
    NEEDS("avx512bw");
#endif
#ifdef __AVX512CD__
    NEEDS("avx512cd");
#endif
#undef NEEDS
    return NULL;
}

#ifndef PDL_LIBRARY
/* Nothing of MPI runs yet. Of the processes on a node, which all have the same processor, the first one speaks. */
__attribute__((constructor, target("arch=x86-64"))) static void check_processor(void) {
    const char *feature = missing_feature();
    if (feature == NULL) return;
    static const char *const places[] = {"OMPI_COMM_WORLD_LOCAL_RANK", "MPI_LOCALRANKID", "SLURM_LOCALID"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        const char *place = getenv(places[i]);
        if (place != NULL && strcmp(place, "0") != 0) _exit(FAILURE);
    }
    char host[256] = "this machine";
    gethostname(host, sizeof host - 1);
    fprintf(stderr, "%s: error: built for a processor with %s, which that of %s lacks; "
            "name the processor that will run it by --cpu\n", pdl_main.name, feature, host);
    _exit(FAILURE);
}
#endif

#elif defined(PDL_LIBRARY)
static const char *missing_feature(void) { return NULL; }
#endif
