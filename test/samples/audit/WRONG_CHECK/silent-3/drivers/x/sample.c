/* One function returns NULL and one an error pointer, and each is asked in its own way. */
struct sample_box {
	struct clk *clock;
	unsigned int users;
};

static struct sample_box *sample_make_box(struct device *dev)
{
	struct sample_box *box = kzalloc(sizeof(*box), GFP_KERNEL);

	if (!box)
		return ERR_PTR(-ENOMEM);
	return box;
}

static struct sample_box *sample_spare_box(struct sample_box *spare)
{
	if (spare->users > 0)
		return NULL;
	return spare;
}

int sample_open(struct device *dev, struct sample_box *spare)
{
	struct sample_box *box = sample_spare_box(spare);

	if (!box) {
		box = sample_make_box(dev);
		if (IS_ERR(box))
			return PTR_ERR(box);
	}
	box->users = 1;
	dev_set_drvdata(dev, box);
	return 0;
}
