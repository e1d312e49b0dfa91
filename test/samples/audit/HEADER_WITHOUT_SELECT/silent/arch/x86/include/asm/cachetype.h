/* A header of the same name, with something else. */
#define sample_cache_line() 64
