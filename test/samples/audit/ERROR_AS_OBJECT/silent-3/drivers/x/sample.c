/* A function of this file asks, and answers with NULL, which its caller tests. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
	bool volatile_cache;
};

static int sample_make_dax(struct sample *s, struct dax_device **made)
{
	struct dax_device *dax_dev = alloc_dax(s, &sample_dax_ops);
	int rc = PTR_ERR_OR_ZERO(dax_dev);

	*made = NULL;
	if (rc)
		return rc == -EOPNOTSUPP ? 0 : rc;
	*made = dax_dev;
	return 0;
}

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev;
	int rc;

	rc = sample_make_dax(s, &dax_dev);
	if (rc)
		return rc;
	if (dax_dev)
		dax_write_cache(dax_dev, s->volatile_cache);
	s->dax_dev = dax_dev;
	return 0;
}
