/* alloc_dax() never returns NULL: the test never holds, and errors are stored as objects. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev;

	dax_dev = alloc_dax(s, &sample_dax_ops);
	if (!dax_dev)
		return -ENOMEM;
	set_dax_nocache(dax_dev);
	s->dax_dev = dax_dev;
	return 0;
}
