/* Only one of the two ways to the write has a check. */
struct sample_box {
	unsigned int users;
	unsigned int size;
};

static struct sample_box *sample_make_box(struct device *dev)
{
	struct sample_box *box = kzalloc(sizeof(*box), GFP_KERNEL);

	if (!box)
		return ERR_PTR(-ENOMEM);
	return box;
}

int sample_open(struct device *dev, bool shared)
{
	struct sample_box *box = sample_make_box(dev);

	if (shared) {
		if (IS_ERR(box))
			return PTR_ERR(box);
		box->users = 2;
	}
	box->size = PAGE_SIZE;
	dev_set_drvdata(dev, box);
	return 0;
}
