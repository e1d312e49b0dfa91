/* One function passes the error on, and the other does not know it either. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static int sample_add_dax(struct sample *s)
{
	struct dax_device *dax_dev = alloc_dax(s, &sample_dax_ops);

	if (IS_ERR(dax_dev))
		return PTR_ERR(dax_dev);
	s->dax_dev = dax_dev;
	return 0;
}

static int sample_attach(struct sample *s)
{
	int rc;

	if (IS_ENABLED(CONFIG_SAMPLE_DAX)) {
		rc = sample_add_dax(s);
		if (rc)
			return rc;
	}
	return sample_start(s);
}
