/* A function of this file reads the field before it is set, and so does nothing. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static void sample_set_cache(struct sample *s)
{
	if (s->dax_dev)
		dax_write_cache(s->dax_dev, true);
}

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev;
	int rc;

	dax_dev = alloc_dax(s, &sample_dax_ops);
	if (IS_ERR(dax_dev)) {
		rc = PTR_ERR(dax_dev);
		if (rc != -EOPNOTSUPP)
			return rc;
		dax_dev = NULL;
	}
	sample_set_cache(s);
	s->dax_dev = dax_dev;
	return 0;
}
