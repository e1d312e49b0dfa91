/* The test is about another member of the device. */
struct sample {
	struct device *dev;
	void *buffer;
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
		dax_dev = NULL;
	}
	s->dax_dev = dax_dev;
	return 0;
}

static void sample_resume(struct sample *s)
{
	struct dax_device *dax_dev = s->dax_dev;

	if (!s->buffer)
		return;
	set_dax_nocache(dax_dev);
}
