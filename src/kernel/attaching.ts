// Attaching and detaching devices, as whoever explores it calls it.

export { ledger, isLedgerTable, leftOver } from './drivers/ledger.ts';
export { brd_alloc_all, brd_cleanup } from './drivers/block/brd.ts';
export { dev_dax_by_name } from './drivers/dax/bus.ts';
export { dax_pmem_probe } from './drivers/dax/pmem.ts';
export {
  blk_alloc_disk,
  device_add_disk,
  put_disk,
  unpublishDisk,
} from './block/genhd.ts';
export {
  dax_add_host,
  dax_remove_host,
  DaxGlobals,
  fs_dax_get_by_bdev,
  fs_put_dax,
  kill_dax,
  put_dax,
  run_dax,
  set_dax_nocache,
  set_dax_nomc,
  set_dax_synchronous,
} from './drivers/dax/super.ts';
export type { HashCell } from './drivers/md/dm-core.ts';
export {
  dev_create,
  dev_remove,
  do_resume,
  do_suspend,
  table_load,
} from './drivers/md/dm-ioctl.ts';
export {
  Devres,
  devmMap,
  devm_request_mem_region,
  NdGlobals,
  type NdClaim,
} from './drivers/nvdimm/nd.ts';
export { nd_pmem_remove, pmem_pagemap_memory_failure } from './drivers/nvdimm/pmem.ts';
export {
  dcssblk_add_store,
  dcssblk_remove_store,
  type DcssSegment,
} from './drivers/s390/block/dcssblk.ts';
export { probeWithWindow, type VirtioFsWindow } from './fs/fuse/virtio_fs-window.ts';
export type { DaxDevice, DaxOperations } from './include/linux/dax.ts';
export { subsystem } from './linux.ts';
export { type DaxCaller, DaxAnswers } from './series/alloc-dax-result.ts';
