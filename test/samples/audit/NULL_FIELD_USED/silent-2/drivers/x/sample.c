/* kill_dax() and put_dax() accept NULL, so that a detach need not ask. */
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

static void sample_detach(struct sample *s)
{
	kill_dax(s->dax_dev);
	put_dax(s->dax_dev);
}
