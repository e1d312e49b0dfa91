// Kernel functions that can be left out, to show what each of them is for.

/** Functions that a kernel can be run without, by their names. */
export const OMITTABLE = [
  'flush_dcache_page',
  'flush_cache_page',
  'flush_cache_range',
  'update_mmu_cache',
  'copy_user_page',
  'dax_flush',
] as const;

/** One of them. */
export type Omittable = (typeof OMITTABLE)[number];
