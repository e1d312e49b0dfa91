/* What can fail comes first; alloc_dax() is the last step that does. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev;
	int rc;

	rc = sample_start(s);
	if (rc)
		return rc;
	dax_dev = alloc_dax(s, &sample_dax_ops);
	if (IS_ERR(dax_dev)) {
		rc = PTR_ERR(dax_dev);
		if (rc != -EOPNOTSUPP)
			goto out_stop;
		dax_dev = NULL;
	}
	s->dax_dev = dax_dev;
	return 0;

out_stop:
	sample_stop(s);
	return rc;
}
