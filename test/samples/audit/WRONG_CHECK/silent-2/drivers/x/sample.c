/* The function fails in both ways, and its caller asks for both. */
struct sample_box {
	unsigned int users;
};

static struct sample_box *sample_find_box(struct device *dev)
{
	if (!device_is_registered(dev))
		return ERR_PTR(-ENODEV);
	return dev_get_drvdata(dev);
}

int sample_open(struct device *dev)
{
	struct sample_box *box = sample_find_box(dev);

	if (IS_ERR_OR_NULL(box))
		return box ? PTR_ERR(box) : -ENOENT;
	box->users++;
	return 0;
}
