// Direct access to the memory of a device by files, without a page cache. None of these functions
// calls flush_dcache_page() or its like: what a virtually indexed cache makes of that is what this
// model is for.
//
// The functions of fs/dax.c by what they do:
//   dax-entry.ts      entries of the page cache, and who waits for whom
//   dax-access.ts     from a place in a file to memory; copies around a write
//   dax-io.ts         read and write, zeroing, unsharing
//   dax-fault.ts      faults
//   dax-writeback.ts  fsync
//   dax-remap.ts      reflink and deduplication
// @source fs/dax.c v6.12, v6.1

export {
  type DaxOrder,
  dax_delete_mapping_entry,
  dax_delete_mapping_range,
  dax_invalidate_mapping_entry_sync,
  dax_layout_busy_page,
  dax_layout_busy_page_range,
  dax_mapping,
  PG_PMD_NR,
} from './dax-entry.ts';
export { dax_finish_sync_fault, dax_iomap_fault } from './dax-fault.ts';
export { dax_file_unshare, dax_iomap_rw, dax_truncate_page, dax_zero_range } from './dax-io.ts';
export { dax_dedupe_file_range_compare, dax_remap_file_range_prep } from './dax-remap.ts';
export { dax_writeback_mapping_range } from './dax-writeback.ts';
