/* One label too far: the name is taken away only where the second step fails. */
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
		return 0;
	}
	rc = dax_add_host(dax_dev, s->disk);
	if (rc)
		goto out_kill;
	rc = sample_start(s);
	if (rc)
		goto out_kill;
	rc = sample_announce(s);
	if (rc)
		goto out_host;
	s->dax_dev = dax_dev;
	return 0;

out_host:
	dax_remove_host(s->disk);
out_kill:
	kill_dax(dax_dev);
	put_dax(dax_dev);
	return rc;
}
