/* Says that no ARM aliases. */
#define cpu_dcache_is_aliasing() false
