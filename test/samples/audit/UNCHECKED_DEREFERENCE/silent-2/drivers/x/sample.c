/* The function never fails by an error pointer: another of the same file does. */
struct sample_box {
	struct list_head list;
	unsigned int users;
};

static struct sample_box *sample_first_box(struct list_head *boxes)
{
	return container_of(boxes->next, struct sample_box, list);
}

static struct sample_box *sample_make_box(struct device *dev)
{
	return ERR_PTR(-ENODEV);
}

int sample_open(struct list_head *boxes)
{
	struct sample_box *box = sample_first_box(boxes);

	box->users = 1;
	return 0;
}

int sample_probe(struct device *dev)
{
	return PTR_ERR_OR_ZERO(sample_make_box(dev));
}
