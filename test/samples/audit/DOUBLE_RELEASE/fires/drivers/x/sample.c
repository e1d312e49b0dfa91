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
	rc = sample_start(s);
	if (rc) {
		kill_dax(dax_dev);
		put_dax(dax_dev);
		goto out_put;
	}
	s->dax_dev = dax_dev;
	return 0;

out_put:
	put_dax(dax_dev);
	return rc;
}
