/* The function of this file returns NULL, its caller tests for error pointers. */
struct sample_box {
	unsigned int users;
};

static struct sample_box *sample_make_box(struct device *dev)
{
	struct sample_box *box = kzalloc(sizeof(*box), GFP_KERNEL);

	if (!box)
		return NULL;
	box->users = 0;
	return box;
}

int sample_open(struct device *dev)
{
	struct sample_box *box = sample_make_box(dev);

	if (IS_ERR(box))
		return PTR_ERR(box);
	box->users = 1;
	dev_set_drvdata(dev, box);
	return 0;
}
