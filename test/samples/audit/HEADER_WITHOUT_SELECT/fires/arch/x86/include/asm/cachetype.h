/* Nobody sees this definition: the architecture does not select the symbol. */
#define cpu_dcache_is_aliasing() (sample_cacheid != 0)
