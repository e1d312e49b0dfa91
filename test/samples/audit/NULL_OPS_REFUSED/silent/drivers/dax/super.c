/* Refuses where operations are given. */
struct dax_device *alloc_dax(void *private, const struct dax_operations *ops)
{
	struct dax_device *dax_dev;

	if (ops && cpu_dcache_is_aliasing())
		return ERR_PTR(-EOPNOTSUPP);
	dax_dev = sample_make(private, ops);
	return dax_dev ? dax_dev : ERR_PTR(-ENOMEM);
}
