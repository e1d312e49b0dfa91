/* Each round of the loop releases another object. */
struct sample {
	struct device *dev;
	struct dax_device *dax_dev[4];
	unsigned int count;
};

static void sample_detach(struct sample *s)
{
	while (s->count > 0) {
		s->count--;
		kill_dax(s->dax_dev[s->count]);
		put_dax(s->dax_dev[s->count]);
	}
}
