/* The switch names the error that is survived, and takes all others for fatal. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev;
	int rc;

	dax_dev = alloc_dax(s, &sample_dax_ops);
	rc = PTR_ERR_OR_ZERO(dax_dev);
	switch (rc) {
	case 0:
		s->dax_dev = dax_dev;
		break;
	case -EOPNOTSUPP:
		s->dax_dev = NULL;
		break;
	default:
		return rc;
	}
	return 0;
}
