/* Two functions of this file share the work, and their calls stand in the order. */
struct sample {
	struct device *dev;
	struct gendisk *disk;
	struct dax_device *dax_dev;
};

static void sample_hide(struct sample *s)
{
	dax_remove_host(s->disk);
	kill_dax(s->dax_dev);
}

static void sample_drop(struct sample *s)
{
	put_dax(s->dax_dev);
	s->dax_dev = NULL;
}

static void sample_detach(struct sample *s)
{
	if (s->dax_dev) {
		sample_hide(s);
		sample_drop(s);
	}
}
