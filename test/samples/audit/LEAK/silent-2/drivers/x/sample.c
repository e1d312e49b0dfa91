/* The end of the scope gives the dax_device back, unless it was handed on before. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static void sample_free_dax(struct dax_device *dax_dev)
{
	kill_dax(dax_dev);
	put_dax(dax_dev);
}

DEFINE_FREE(sample_dax, struct dax_device *, if (!IS_ERR_OR_NULL(_T)) sample_free_dax(_T))

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev __free(sample_dax) = alloc_dax(s, &sample_dax_ops);
	int rc;

	if (IS_ERR(dax_dev)) {
		rc = PTR_ERR(dax_dev);
		if (rc != -EOPNOTSUPP)
			return rc;
		dax_dev = NULL;
	}
	rc = sample_start(s);
	if (rc)
		return rc;
	s->dax_dev = no_free_ptr(dax_dev);
	return 0;
}
