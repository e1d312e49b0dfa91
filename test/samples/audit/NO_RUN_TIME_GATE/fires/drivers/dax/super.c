/* Makes a dax_device on any CPU. */
struct dax_device *alloc_dax(void *private, const struct dax_operations *ops)
{
	struct dax_device *dax_dev = sample_make(private, ops);

	if (!dax_dev)
		return ERR_PTR(-ENOMEM);
	return dax_dev;
}
