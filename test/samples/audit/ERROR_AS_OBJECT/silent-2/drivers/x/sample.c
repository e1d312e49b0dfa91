/* The field holds the error for two lines only: NULL takes its place before anyone looks. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

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
	if (s->dax_dev)
		set_dax_nocache(s->dax_dev);
	return 0;
}
