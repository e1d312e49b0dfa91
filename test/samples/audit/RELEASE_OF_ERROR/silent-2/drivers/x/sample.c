/* The end of the scope asks for errors and for NULL. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

DEFINE_FREE(sample_dax, struct dax_device *, if (!IS_ERR_OR_NULL(_T)) put_dax(_T))

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev __free(sample_dax) = alloc_dax(s, &sample_dax_ops);

	if (IS_ERR(dax_dev)) {
		if (PTR_ERR(dax_dev) != -EOPNOTSUPP)
			return PTR_ERR(dax_dev);
		return sample_start(s);
	}
	s->dax_dev = no_free_ptr(dax_dev);
	return 0;
}
