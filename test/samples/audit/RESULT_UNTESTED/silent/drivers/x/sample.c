/* The result is tested first. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s)
{
	s->dax_dev = alloc_dax(s, &sample_dax_ops);
	if (IS_ERR(s->dax_dev)) {
		int rc = PTR_ERR(s->dax_dev);

		s->dax_dev = NULL;
		return rc == -EOPNOTSUPP ? 0 : rc;
	}
	return sample_add(s->dax_dev);
}
