/* The same by #ifdef: on either branch the two belong together. */
struct sample {
	struct device *dev;
	struct gendisk *disk;
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
		return sample_start(s);
	}
#ifdef CONFIG_SAMPLE_HOST
	rc = dax_add_host(dax_dev, s->disk);
	if (rc) {
		kill_dax(dax_dev);
		put_dax(dax_dev);
		return rc;
	}
#endif
	rc = sample_start(s);
	if (rc)
		goto out_host;
	s->dax_dev = dax_dev;
	return 0;

out_host:
	dev_err(s->dev, "start failed: %d\n", rc);
#ifdef CONFIG_SAMPLE_HOST
	dax_remove_host(s->disk);
#endif
	kill_dax(dax_dev);
	put_dax(dax_dev);
	return rc;
}
