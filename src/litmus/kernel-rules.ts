// Names of what a test may change in the kernel that it runs on.

import { OMITTABLE, sDaxDesigns } from '../kernel/index.ts';

/** Designs for switching S_DAX, and functions that can be left out. */
export const KERNEL_RULES = {
  designs: sDaxDesigns.map(({ id }) => id),
  // `prefetch`: caches bring in lines only that are asked for.
  without: [...OMITTABLE, 'prefetch'],
} as const;
