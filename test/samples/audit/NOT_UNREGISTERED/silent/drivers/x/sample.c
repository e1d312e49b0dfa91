/* The name goes first; where dax_add_host() itself failed there is none. */
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
	rc = dax_add_host(dax_dev, s->disk);
	if (rc)
		goto out_dax;
	rc = sample_start(s);
	if (rc)
		goto out_host;
	s->dax_dev = dax_dev;
	return 0;

out_host:
	dax_remove_host(s->disk);
out_dax:
	kill_dax(dax_dev);
	put_dax(dax_dev);
	return rc;
}
