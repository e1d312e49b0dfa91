/* Error pointers are asked for first; the test for NULL is about what stands there then. */
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
	if (!dax_dev)
		dev_info(s->dev, "goes on without DAX\n");
	s->dax_dev = dax_dev;
	return 0;
}
