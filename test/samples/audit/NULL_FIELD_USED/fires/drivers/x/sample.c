/* The attribute writes through the field, which an attach without DAX leaves NULL. */
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
	s->dax_dev = dax_dev;
	return 0;
}

static ssize_t write_cache_store(struct device *dev, struct device_attribute *attr,
		const char *buf, size_t len)
{
	struct sample *s = dev_get_drvdata(dev);
	bool on;
	int rc;

	rc = kstrtobool(buf, &on);
	if (rc)
		return rc;
	dax_write_cache(s->dax_dev, on);
	return len;
}
