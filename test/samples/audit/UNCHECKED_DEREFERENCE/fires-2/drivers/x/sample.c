/* The error comes from two functions further down, and is passed on by the one between. */
struct sample_box {
	unsigned int users;
};

static struct sample_box *sample_make_box(size_t size)
{
	struct sample_box *box = kzalloc(size, GFP_KERNEL);

	return box ?: ERR_PTR(-ENOMEM);
}

static struct sample_box *sample_get_box(struct device *dev)
{
	dev_dbg(dev, "one more box\n");
	return sample_make_box(sizeof(struct sample_box));
}

int sample_open(struct device *dev)
{
	struct sample_box *box;

	box = sample_get_box(dev);
	box->users++;
	dev_set_drvdata(dev, box);
	return 0;
}
