/* Says it of the caches that can. */
#define cache_is_vivt() (sample_cacheid & 1)
#define cache_is_vipt_aliasing() (sample_cacheid & 2)
#define cpu_dcache_is_aliasing() (cache_is_vivt() || cache_is_vipt_aliasing())
