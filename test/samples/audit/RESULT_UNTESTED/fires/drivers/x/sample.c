/* The result goes on to another function, and no test follows. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s)
{
	s->dax_dev = alloc_dax(s, &sample_dax_ops);
	return sample_add(s->dax_dev);
}
