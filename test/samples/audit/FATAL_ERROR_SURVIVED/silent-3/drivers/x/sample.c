/* The error goes to the caller as a pointer. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static struct sample *sample_create(struct device *dev)
{
	struct dax_device *dax_dev;
	struct sample *s;

	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return ERR_PTR(-ENOMEM);
	dax_dev = alloc_dax(s, &sample_dax_ops);
	if (IS_ERR(dax_dev)) {
		if (PTR_ERR(dax_dev) != -EOPNOTSUPP) {
			kfree(s);
			return ERR_CAST(dax_dev);
		}
		dax_dev = NULL;
	}
	s->dev = dev;
	s->dax_dev = dax_dev;
	return s;
}
