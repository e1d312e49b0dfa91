/* Without operations the kernel never maps the memory itself: no refusal is meant for it. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev;

	dax_dev = alloc_dax(s, NULL);
	if (IS_ERR(dax_dev))
		return PTR_ERR(dax_dev);
	s->dax_dev = dax_dev;
	return 0;
}
