/* The result is used, and only then asked whether it is one. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev;
	int rc;

	dax_dev = alloc_dax(s, &sample_dax_ops);
	set_dax_nocache(dax_dev);
	if (IS_ERR(dax_dev)) {
		rc = PTR_ERR(dax_dev);
		if (rc != -EOPNOTSUPP)
			return rc;
		dax_dev = NULL;
	}
	s->dax_dev = dax_dev;
	return 0;
}
