/* The feature is announced where there is an object. */
struct sample {
	struct device *dev;
	struct gendisk *disk;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s, struct queue_limits *lim)
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
	if (dax_dev)
		lim->features |= BLK_FEAT_DAX;
	s->dax_dev = dax_dev;
	return 0;
}
