// A kernel tree small enough to read: our own few lines of Kconfig and C, with the names that the
// auditor looks for. Tests change or take away one file and see what is said about it.

const KCONFIG = `mainmenu "a small kernel"
source "arch/$(SRCARCH)/Kconfig"
source "mm/Kconfig"
source "drivers/dax/Kconfig"
source "fs/Kconfig"
`;

const MM = `config ZONE_DEVICE
	bool "device memory"
	depends on SMALL_DEVMAP
config ARCH_HAS_CPU_CACHE_ALIASING
	bool
`;

const DAX = `config DAX
	tristate "direct access"
config DEV_DAX
	tristate "direct access character devices"
	depends on DAX
config BLK_DEV_PMEM
	tristate "persistent memory"
	select DAX
`;

const FS = `config FS_DAX
	bool "files without page cache"
	depends on ZONE_DEVICE
	select DAX
`;

const ARM = `config ARM
	def_bool y
	select ARCH_HAS_CPU_CACHE_ALIASING
config SMALL_DEVMAP
	def_bool n
`;

const ARM_HEADER = `#ifndef SMALL_ARM_CACHETYPE_H
#define SMALL_ARM_CACHETYPE_H
#define cache_is_vivt() (small_cacheid & 1)
#define cache_is_vipt_aliasing() (small_cacheid & 2)
#define cpu_dcache_is_aliasing() (cache_is_vivt() || cache_is_vipt_aliasing())
#endif
`;

const X86 = `config X86
	def_bool y
config SMALL_DEVMAP
	def_bool y
`;

const CACHEINFO = `#ifndef SMALL_CACHEINFO_H
#define SMALL_CACHEINFO_H
#if defined(CONFIG_ARCH_HAS_CPU_CACHE_ALIASING)
/* The small architecture knows. */
#include <asm/cachetype.h>
#else
#define cpu_dcache_is_aliasing() (0)
#endif
#endif
`;

const SUPER = `struct dax_device *alloc_dax(void *small, const struct dax_operations *how)
{
	struct dax_device *made = NULL;

	if (cpu_dcache_is_aliasing() && how != NULL)
		return ERR_PTR(-EOPNOTSUPP);
	made = small_make(small);
	return made ? made : ERR_PTR(-ENOMEM);
}
`;

const STUB = `#if !IS_ENABLED(CONFIG_DAX)
static inline struct dax_device *
alloc_dax(void *small, const struct dax_operations *how) { return ERR_PTR(-EOPNOTSUPP); }
#else
extern struct dax_device *alloc_dax(void *small, const struct dax_operations *how);
#endif
`;

const PMEM = `static int small_attach(struct small_device *small)
{
	struct dax_device *dev;

	dev = alloc_dax(small, &small_ops);
	if (IS_ERR(dev)) {
		if (PTR_ERR(dev) != -EOPNOTSUPP)
			return PTR_ERR(dev);
		dev = NULL;
	}
	small->dax_dev = dev;
	return 0;
}
`;

/** Path to text of every file of the small kernel: ARM and x86, with the gate in alloc_dax(). */
export const smallKernel: Readonly<Record<string, string>> = {
  Makefile: 'VERSION = 6\nPATCHLEVEL = 12\nSUBLEVEL = 0\nEXTRAVERSION =\n',
  Kconfig: KCONFIG,
  'mm/Kconfig': MM,
  'drivers/dax/Kconfig': DAX,
  'fs/Kconfig': FS,
  'arch/arm/Kconfig': ARM,
  'arch/arm/include/asm/cachetype.h': ARM_HEADER,
  'arch/x86/Kconfig': X86,
  'include/linux/cacheinfo.h': CACHEINFO,
  'include/linux/dax.h': STUB,
  'drivers/dax/super.c': SUPER,
  'drivers/nvdimm/pmem.c': PMEM,
};

/** The small kernel with some files changed, added, or taken away (undefined). */
export function smallKernelWith(
  changes: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const [path, text] of Object.entries({ ...smallKernel, ...changes })) {
    if (text !== undefined) files[path] = text;
  }
  return files;
}
