/* After the error that is survived the pointer is NULL, and handed on like an object. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
	bool volatile_cache;
};

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
	dax_write_cache(dax_dev, s->volatile_cache);
	s->dax_dev = dax_dev;
	return 0;
}
