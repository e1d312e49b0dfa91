/* Whatever went wrong, the device comes up without DAX, and nobody hears of it. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev;

	dax_dev = alloc_dax(s, &sample_dax_ops);
	if (IS_ERR(dax_dev))
		dax_dev = NULL;
	s->dax_dev = dax_dev;
	return 0;
}
