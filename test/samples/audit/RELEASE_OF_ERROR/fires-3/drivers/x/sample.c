/* The clean-up of the whole device releases what is in the field, be it an error. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static void sample_cleanup(struct sample *s)
{
	kill_dax(s->dax_dev);
	put_dax(s->dax_dev);
	s->dax_dev = NULL;
}

static int sample_attach(struct sample *s)
{
	int rc;

	s->dax_dev = alloc_dax(s, &sample_dax_ops);
	rc = PTR_ERR_OR_ZERO(s->dax_dev);
	if (rc == -EOPNOTSUPP) {
		s->dax_dev = NULL;
		rc = 0;
	}
	if (rc)
		sample_cleanup(s);
	return rc;
}
