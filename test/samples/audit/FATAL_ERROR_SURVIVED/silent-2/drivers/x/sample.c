/* The error is kept while the rest is undone, and returned at the end. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev;
	int rc = 0;

	dax_dev = alloc_dax(s, &sample_dax_ops);
	if (IS_ERR(dax_dev)) {
		rc = PTR_ERR(dax_dev);
		dax_dev = NULL;
		if (rc == -EOPNOTSUPP)
			rc = 0;
	}
	s->dax_dev = dax_dev;
	if (rc)
		sample_stop(s);
	return rc;
}
