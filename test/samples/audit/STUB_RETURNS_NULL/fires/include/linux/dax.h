/* The stub returns what the real function never does. */
#if IS_ENABLED(CONFIG_DAX)
struct dax_device *alloc_dax(void *private, const struct dax_operations *ops);
#else
static inline struct dax_device *alloc_dax(void *private,
		const struct dax_operations *ops)
{
	return NULL;
}
#endif
