// A small tree whose driver has faults that the audit view is shown with: our own few lines, under
// the names that the auditor has a model beside.

import { smallKernelWith } from '../small-kernel.ts';

const PMEM = `static int pmem_attach_disk(struct device *dev, struct small_space *space)
{
	struct dax_device *dax_dev;
	struct small_pmem *pmem;
	struct gendisk *disk;
	int rc;

	pmem = devm_kzalloc(dev, sizeof(*pmem), GFP_KERNEL);
	if (!pmem)
		return -ENOMEM;
	if (devm_namespace_enable(dev, space, 0))
		return -ENXIO;
	disk = blk_alloc_disk(space->node);
	if (!disk)
		return -ENOMEM;
	pmem->disk = disk;
	set_capacity(disk, space->sectors);
	if (devm_init_badblocks(dev, &pmem->bb))
		return -ENOMEM;
	dax_dev = alloc_dax(pmem, &small_pmem_ops);
	if (IS_ERR(dax_dev)) {
		rc = PTR_ERR(dax_dev);
		if (rc != -EOPNOTSUPP)
			goto out;
		dax_dev = NULL;
	} else {
		if (space->nocache)
			set_dax_nocache(dax_dev);
		rc = dax_add_host(dax_dev, disk);
		if (rc)
			goto out_cleanup_dax;
		dax_write_cache(dax_dev, space->write_cache);
	}
	pmem->dax_dev = dax_dev;
	rc = device_add_disk(dev, disk, NULL);
	if (rc)
		goto out_remove_host;
	return 0;

out_remove_host:
	dax_remove_host(disk);
out_cleanup_dax:
	kill_dax(pmem->dax_dev);
	put_dax(pmem->dax_dev);
out:
	put_disk(disk);
	return rc;
}
`;

/** The tree: path to text. */
export const auditedTree = smallKernelWith({
  'arch/arm/include/asm/cachetype.h': '#define cpu_dcache_is_aliasing() (false)\n',
  'drivers/nvdimm/pmem.c': PMEM,
  'drivers/nvdimm/Makefile': 'obj-$(CONFIG_BLK_DEV_PMEM) += pmem.o\n',
  'drivers/Makefile': 'obj-y += nvdimm/\n',
});
