/* Blocks are aligned, counted, kept and reused. */

static void check_memory(void) {
    static const int64_t sizes[] = {0, 1, 64, 100, 4096, 4097, 1 << 20, (4 << 20) - 1, 9 << 20};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        char *array = pdl_allocate(sizes[i]);
        memset(array, 1, (size_t)sizes[i]);
        expect(((uintptr_t)array & 63) == 0, "64-byte alignment");
        expect(pdl_is_unique(array), "one reference");
        pdl_retain(array);
        expect(!pdl_is_unique(array), "two references");
        pdl_release(array);
        expect(pdl_is_unique(array), "one reference again");
        pdl_release(array);
        char *again = pdl_allocate(sizes[i]);
        expect(again == array, "a freed block is used again");
        pdl_release(again);
    }
    pdl_release(NULL);
    /* Ever other sizes: what is kept stays bounded. */
    for (int64_t size = 5 << 20; size < 2000 << 20; size += 97 << 20) pdl_release(pdl_allocate(size));
    expect(now->pool.live + now->pool.kept <= now->pool.peak + now->pool.peak / 8 + SLACK, "the pool does not hoard");
}
