/* Says that every ARM aliases, those with a physically indexed cache too. */
#define cpu_dcache_is_aliasing() (true)
