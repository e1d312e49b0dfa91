/* The check is made of the number that the pointer turns into. */
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
	struct sample_box *box;
	int rc;

	box = sample_make_box(dev);
	rc = PTR_ERR_OR_ZERO(box);
	if (rc)
		goto out;
	box->users = 1;
	dev_set_drvdata(dev, box);
out:
	return rc;
}
