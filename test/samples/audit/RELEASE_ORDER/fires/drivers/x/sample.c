/* The reference goes first; kill_dax() then works on what may be freed. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
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
		return sample_start(s);
	}
	rc = sample_start(s);
	if (rc) {
		put_dax(dax_dev);
		kill_dax(dax_dev);
		return rc;
	}
	s->dax_dev = dax_dev;
	return 0;
}
