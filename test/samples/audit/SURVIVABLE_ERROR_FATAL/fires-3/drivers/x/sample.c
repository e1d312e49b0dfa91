/* The error is looked at, but the one that must be survived has no way out of its own. */
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
		if (rc == -EOPNOTSUPP)
			dev_info(s->dev, "no DAX on this CPU\n");
		else
			dev_err(s->dev, "alloc_dax() failed: %d\n", rc);
		return rc;
	}
	s->dax_dev = dax_dev;
	return 0;
}
