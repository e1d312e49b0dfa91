// Files of regions and namespaces below /sys/bus/nd/devices.
// @source drivers/nvdimm/region_devs.c drivers/nvdimm/namespace_devs.c v6.12

import { sysfsAdd } from '../../block/blk-sysfs.ts';
import { E } from '../../include/linux/errno.ts';
import type { Linux } from '../../linux.ts';
import { type NdNamespace, namespaceName, nvdimm_flush, nvdimm_has_flush } from './nd.ts';
import { kstrtobool } from './pmem.ts';

/** Adds the files of a namespace and of its region. */
export function addNdFiles(linux: Linux, namespace: NdNamespace): void {
  const { region } = namespace;
  const folder = `bus/nd/devices/region${region.id}`;
  const values: readonly (readonly [string, string])[] = [
    ['size', String(region.size)],
    ['align', String(16 * 2 ** 20)],
    ['mappings', String(region.ndr_mappings)],
    ['read_only', '0'],
    ['available_size', '0'],
    ['max_available_extent', '0'],
    ['resource', `0x${region.start.toString(16)}`],
  ];
  for (const [name, value] of values) sysfsAdd(linux, `${folder}/${name}`, { show: () => value });
  addDeepFlush(linux, namespace, folder);
  const own = `bus/nd/devices/${namespaceName(namespace)}`;
  sysfsAdd(linux, `${own}/size`, { show: () => String(region.size) });
  sysfsAdd(linux, `${own}/mode`, { show: () => namespaceMode(namespace) });
}

/**
 * deep_flush is there where somebody can tell whether a flush is needed, and may be written where
 * one is. @source drivers/nvdimm/region_devs.c region_visible() deep_flush_store() v6.12
 */
function addDeepFlush(linux: Linux, { region }: NdNamespace, folder: string): void {
  const hasFlush = nvdimm_has_flush(linux, region);
  if (hasFlush < 0) return;
  const show = (): string => String(hasFlush);
  const store = (text: string): number => {
    if (kstrtobool(text) !== true) return -E.EINVAL;
    return linux.now(nvdimm_flush(region, false));
  };
  sysfsAdd(linux, `${folder}/deep_flush`, hasFlush === 1 ? { show, store } : { show });
}

/** @source drivers/nvdimm/namespace_devs.c mode_show() v6.12 */
function namespaceMode({ claim, region }: NdNamespace): string {
  switch (claim.kind) {
    case 'pfn':
      return 'memory';
    case 'btt':
      return 'safe';
    case 'dax':
      return 'dax';
    case 'raw':
      return region.pagemap ? 'memory' : 'raw';
  }
}
