// Names of what a test may change in the kernel that it runs on.

import { OMITTABLE } from '../kernel/index.ts';

/** Designs for switching S_DAX, and functions that can be left out. */
export const KERNEL_RULES = { designs: [], without: OMITTABLE } as const;
