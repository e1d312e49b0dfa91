/* The device gives it back when its driver lets go, and at once if that cannot be promised. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static void sample_release_dax(void *data)
{
	struct dax_device *dax_dev = data;

	kill_dax(dax_dev);
	put_dax(dax_dev);
}

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev;
	int rc;

	dax_dev = alloc_dax(s, &sample_dax_ops);
	if (IS_ERR(dax_dev)) {
		rc = PTR_ERR(dax_dev);
		if (rc != -EOPNOTSUPP)
			return rc;
		return sample_start(s);
	}
	rc = devm_add_action_or_reset(s->dev, sample_release_dax, dax_dev);
	if (rc)
		return rc;
	s->dax_dev = dax_dev;
	return sample_start(s);
}
