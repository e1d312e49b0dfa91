/* The question is put to an object that need not be there. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s)
{
	int rc;

	s->dax_dev = alloc_dax(s, &sample_dax_ops);
	if (IS_ERR(s->dax_dev)) {
		rc = PTR_ERR(s->dax_dev);
		s->dax_dev = NULL;
		if (rc != -EOPNOTSUPP)
			return rc;
	}
	return 0;
}

static ssize_t write_cache_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct sample *s = dev_get_drvdata(dev);

	return sprintf(buf, "%d\n", !!dax_write_cache_enabled(s->dax_dev));
}
