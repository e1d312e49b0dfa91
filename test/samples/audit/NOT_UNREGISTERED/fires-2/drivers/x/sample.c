/* The clean-up of this file frees the object, but does not take its name away. */
struct sample {
	struct device *dev;
	struct gendisk *disk;
	struct dax_device *dax_dev;
};

static void sample_free_dax(struct sample *s)
{
	kill_dax(s->dax_dev);
	put_dax(s->dax_dev);
	s->dax_dev = NULL;
}

static int sample_attach(struct sample *s)
{
	int rc;

	s->dax_dev = alloc_dax(s, &sample_dax_ops);
	if (IS_ERR(s->dax_dev)) {
		rc = PTR_ERR(s->dax_dev);
		s->dax_dev = NULL;
		if (rc != -EOPNOTSUPP)
			return rc;
	}
	if (s->dax_dev) {
		rc = dax_add_host(s->dax_dev, s->disk);
		if (rc) {
			sample_free_dax(s);
			return rc;
		}
	}
	rc = sample_start(s);
	if (rc)
		sample_free_dax(s);
	return rc;
}
