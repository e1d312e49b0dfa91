/* The branch drops the reference, and so does the label that it jumps to. */
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
		dax_dev = NULL;
	}
	rc = sample_start(s)ice *dev;
	struct dax_device *dax_dev[4];
	unsigned int count;
};

static void sample_detach(struct sample *s)
{
	while (s->count > 0) {
		s->count--;
		kill_dax(s->dax_dev[s->count]);
		put_dax(s->dax_dev[s->count]);
	}
}
