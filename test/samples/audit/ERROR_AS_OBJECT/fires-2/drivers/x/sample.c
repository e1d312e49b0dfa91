/* The result is stored for good, and nobody asks whether it is an error. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s)
{
	s->dax_dev = alloc_dax(s, &sample_dax_ops);
	return sample_start(s);
}
