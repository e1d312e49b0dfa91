/* The refusal of alloc_dax() ends the attach of the whole device. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev;

	dax_dev = alloc_dax(s, &sample_dax_ops);
	if (IS_ERR(dax_dev))
		return PTR_ERR(dax_dev);
	s->dax_dev = dax_dev;
	return 0;
}
