/* The stub refuses as the real function does. */
#if IS_ENABLED(CONFIG_DAX)
struct dax_device *alloc_dax(void *private, const struct dax_operations *ops);
#else
static inline struct dax_device *alloc_dax(void *private,
		const struct dax_operations *ops)
{
	return ERR_PTR(-EOPNOTSUPP);
}
#endif
