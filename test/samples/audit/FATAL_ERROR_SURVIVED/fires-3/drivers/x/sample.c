/* The jump goes to the end of the attach, where 0 is returned. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev;

	dax_dev = alloc_dax(s, &sample_dax_ops);
	if (IS_ERR(dax_dev)) {
		dev_warn(s->dev, "no DAX: %ld\n", PTR_ERR(dax_dev));
		goto out;
	}
	set_dax_nocache(dax_dev);
	s->dax_dev = dax_dev;
out:
	return 0;
}
