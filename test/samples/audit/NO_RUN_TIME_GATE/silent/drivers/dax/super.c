/* Asks about the data cache of the CPU that it runs on. */
struct dax_device *alloc_dax(void *private, const struct dax_operations *ops)
{
	struct dax_device *dax_dev;

	if (ops && cpu_dcache_is_aliasing())
		return ERR_PTR(-EOPNOTSUPP);
	dax_dev = sample_make(private, ops);
	if (!dax_dev)
		return ERR_PTR(-ENOMEM);
	return dax_dev;
}
