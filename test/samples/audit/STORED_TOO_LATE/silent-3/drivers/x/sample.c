/* The clean-up may find the field unset, but only where there was no object yet. */
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
		goto out;
	dax_dev = alloc_dax(s, &sample_dax_ops);
	if (IS_ERR(dax_dev)) {
		rc = PTR_ERR(dax_dev);
		if (rc != -EOPNOTSUPP)
			goto out;
		dax_dev = NULL;
	}
	s->dax_dev = dax_dev;
	rc = sample_announce(s);
	if (rc)
		goto out;
	return 0;

out:
	kill_dax(s->dax_dev);
	put_dax(s->dax_dev);
	s->dax_dev = NULL;
	return rc;
}
