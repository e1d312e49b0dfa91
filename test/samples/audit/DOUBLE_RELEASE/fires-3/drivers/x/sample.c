/* The end of the scope drops the reference once more. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

DEFINE_FREE(sample_dax, struct dax_device *, if (!IS_ERR_OR_NULL(_T)) put_dax(_T))

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev __free(sample_dax) = alloc_dax(s, &sample_dax_ops);
	int rc;

	if (IS_ERR(dax_dev)) {
		rc = PTR_ERR(dax_dev);
		if (rc != -EOPNOTSUPP)
			return rc;
		return sample_start(s);
	}
	rc = sample_start(s);
	if (rc) {
		kill_dax(dax_dev);
		put_dax(dax_dev);
		return rc;
	}
	s->dax_dev = no_free_ptr(dax_dev);
	return 0;
}
