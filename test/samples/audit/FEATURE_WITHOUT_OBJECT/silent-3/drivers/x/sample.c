/* A function of this file sets the flag, and is called with the object alone. */
struct sample {
	struct device *dev;
	struct gendisk *disk;
	struct dax_device *dax_dev;
};

static void sample_set_dax(struct sample *s, struct dax_device *dax_dev)
{
	s->dax_dev = dax_dev;
	blk_queue_flag_set(QUEUE_FLAG_DAX, s->disk->queue);
}

static int sample_attach(struct sample *s)
{
	struct dax_device *dax_dev;

	dax_dev = alloc_dax(s, &sample_dax_ops);
	if (!IS_ERR(dax_dev))
		sample_set_dax(s, dax_dev);
	else if (PTR_ERR(dax_dev) != -EOPNOTSUPP)
		return PTR_ERR(dax_dev);
	return 0;
}
