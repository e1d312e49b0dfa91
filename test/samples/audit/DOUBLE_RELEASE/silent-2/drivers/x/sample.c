/* After the first release the pointer is NULL, which both functions accept. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev;
};

static void sample_free_dax(struct sample *s)
{
	kill_dax(s->dax_dev);
	put_dax(s->dax_dev);
	s->dax_dev = NULL;
}

static int sample_attach(struct sample *s)
{
	int rc;

	s->dax_dev = alloc_dax(s, &sample_dax_ops);
	if (IS_ERR(s->dax_dev)) {
		rc = PTR_ERR(s->dax_dev);
		s->dax_dev = NULL;
		if (rc != -EOPNOTSUPP)
			return rc;
	}
	rc = sample_start(s);
	if (rc) {
		sample_free_dax(s);
		goto out;
	}
	return 0;

out:
	sample_free_dax(s);
	return rc;
}
