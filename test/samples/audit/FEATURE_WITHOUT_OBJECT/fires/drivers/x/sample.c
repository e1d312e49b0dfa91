/* The queue promises DAX before alloc_dax() may refuse, and nobody takes it back. */
struct sample {
	struct device *dev;
	struct gendisk *disk;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s)
{
	struct queue_limits lim = { .features = BLK_FEAT_DAX };
	struct dax_device *dax_dev;
	int rc;

	rc = queue_limits_set(s->disk->queue, &lim);
	if (rc)
		return rc;
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
