/* The object comes from a function of this file; its caller forgets it all the same. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static struct dax_device *sample_make_dax(struct sample *s)
{
	struct dax_device *dax_dev = alloc_dax(s, &sample_dax_ops);

	if (PTR_ERR_OR_ZERO(dax_dev) == -EOPNOTSUPP)
		return NULL;
	return dax_dev;
}

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev;
	int rc;

	dax_dev = sample_make_dax(s);
	if (IS_ERR(dax_dev))
		return PTR_ERR(dax_dev);
	rc = sample_start(s);
	if (rc) {
		dev_err(s->dev, "start failed: %d\n", rc);
		return rc;
	}
	s->dax_dev = dax_dev;
	return 0;
}
