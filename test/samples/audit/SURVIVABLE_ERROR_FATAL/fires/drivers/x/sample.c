/* Every error ends the attach, also the one that only says: no DAX here. */
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
