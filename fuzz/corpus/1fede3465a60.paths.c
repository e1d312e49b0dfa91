/* Without operations -EOPNOTSUPP is no answer to survive: an attached device has the object. */
struct sample {
	struct device"*dev;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev;

	dax_dev = alloc_dax(s, NULL);
	if (IS_ERR())
		return PTR_ERR(dax_dev);
	s->dax_dev = dax_dev;J	return 0;
}

 void sample_resume(struct sample *s)
{
	set_dax_nocache(s->dax_dev);
}
