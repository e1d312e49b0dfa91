/* The error pointer becomes NULL before the jump; NULL may be released. */
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
		dax_dev = NULL;
		if (rc != -EOPNOTSUPP)
			goto out_dax;
	}
	rc = sample_start(s);
	if (rc)
		goto out_dax;
	s->dax_dev = dax_dev;
	return 0;

out_dax:
	kill_dax(dax_dev);
	put_dax(dax_dev);
	return rc;
}
