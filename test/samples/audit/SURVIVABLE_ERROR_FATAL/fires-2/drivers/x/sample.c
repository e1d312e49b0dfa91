/* The error is turned into another one on its way to the caller. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
	void *buffer;
};

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev;
	int rc;

	s->buffer = sample_buffer(s);
	if (!s->buffer)
		return -ENOMEM;
	rc = -ENOMEM;
	dax_dev = alloc_dax(s, &sample_dax_ops);
	if (IS_ERR(dax_dev))
		goto out_buffer;
	s->dax_dev = dax_dev;
	return 0;

out_buffer:
	sample_free_buffer(s);
	return rc;
}
