/* The clean-up is a function of this file, which knows the field alone. */
struct sample {
	struct device *dev;
	struct gendisk *disk;
	struct dax_device *dax_dev;
};

static void sample_free_dax(struct sample *s)
{
	kill_dax(s->dax_dev);
	put_dax(s->dax_dev);
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
	rc = sample_start(s);
	if (rc) {
		sample_free_dax(s);
		return rc;
	}
	s->dax_dev = dax_dev;
	return 0;
}
