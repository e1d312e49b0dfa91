/* Every error after alloc_dax() jumps to where the dax_device is given back. */
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
	dax_dev = alloc_dax(s, &sample_dax_ops);
	if (IS_ERR(dax_dev)) {
		rc = PTR_ERR(dax_dev);
		dax_dev = NULL;
		if (rc != -EOPNOTSUPP)
			goto out_buffer;
	}
	rc = sample_start(s);
	if (rc)
		goto out_dax;
	s->dax_dev = dax_dev;
	return 0;

out_dax:
	kill_dax(dax_dev);
	put_dax(dax_dev);
out_buffer:
	sample_free_buffer(s);
	return rc;
}
