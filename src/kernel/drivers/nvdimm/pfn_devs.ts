// Where data starts in a namespace with struct pages of its own: behind the superblock, and behind
// the struct pages where those are kept on the device.
// @source drivers/nvdimm/pfn_devs.c nd_pfn_init() v6.12

import type { Linux } from '../../linux.ts';
import type { NdNamespace } from './nd.ts';

/** The superblock lies at 4 KiB and has 4 KiB. */
const SZ_8K = 8192;

/** @source drivers/nvdimm/nd.h MAX_STRUCT_PAGE_SIZE v6.12 */
const MAX_STRUCT_PAGE_SIZE = 64;

/** Bytes before the data of a namespace in pfn mode; `map` tells where struct pages are. */
export function pfnOffset(linux: Linux, namespace: NdNamespace, map: 'mem' | 'dev'): number {
  const { start, size } = namespace.region;
  const pages = Math.floor((size - SZ_8K) / linux.PAGE_SIZE);
  const before = SZ_8K + (map === 'dev' ? pages * MAX_STRUCT_PAGE_SIZE : 0);
  const { align } = namespace;
  return Math.ceil((start + before) / align) * align - start;
}
