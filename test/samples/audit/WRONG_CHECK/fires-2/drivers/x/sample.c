/* The function of this file returns an error pointer, its caller tests for NULL. */
struct sample_box {
	unsigned int users;
};

static struct sample_box *sample_make_box(struct device *dev)
{
	struct sample_box *box = kzalloc(sizeof(*box), GFP_KERNEL);

	if (!box)
		return ERR_PTR(-ENOMEM);
	return box;
}

int sample_open(struct device *dev)
{
	struct sample_box *box = sample_make_box(dev);

	if (!box)
		return -ENOMEM;
	box->users = 1;
	dev_set_drvdata(dev, box);
	return 0;
}
