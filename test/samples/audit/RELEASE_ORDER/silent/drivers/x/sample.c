/* The name, then the object, then the reference. */
struct sample {
	struct device *dev;
	struct gendisk *disk;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s)
{
	int rc;

	s->dax_dev = alloc_dax(s, &sample_dax_ops);
	if (IS_ERR(s->dax_dev)) {
		rc = PTR_ERR(s->dax_dev);
		s->dax_dev = NULL;
		return rc == -EOPNOTSUPP ? 0 : rc;
	}
	rc = dax_add_host(s->dax_dev, s->disk);
	if (rc) {
		kill_dax(s->dax_dev);
		put_dax(s->dax_dev);
		s->dax_dev = NULL;
	}
	return rc;
}

static void sample_detach(struct sample *s)
{
	if (!s->dax_dev)
		return;
	dax_remove_host(s->disk);
	kill_dax(s->dax_dev);
	put_dax(s->dax_dev);
}
