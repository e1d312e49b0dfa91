// What could be done about DAX on caches that hold a line twice, as rules of a kernel: none of them
// is in any release. remedies-access.ts is what they do around an access of the kernel.

import type { Linux } from '../linux.ts';

/**
 * The rules that a kernel may be started with, under the names that small tests know them by, and
 * each of Wilcox's two rules alone.
 */
export const kernelRemedies = [
  'none',
  'congruent',
  'congruent-all',
  'flush-literal',
  'wilcox-read',
  'wilcox-write',
  'flush-reachable',
  'flush-complete',
  'uncached-user',
  'uncached',
  'deny',
] as const;

/** One of those rules; `none` is the kernel as it is. */
export type KernelRemedy = (typeof kernelRemedies)[number];

/** What page table entries of DAX files say beside the frame: whether users bypass the cache. */
export function userAttribute(linux: Linux): { readonly attribute?: 'uncached' } {
  const bypasses = linux.remedy === 'uncached-user' || linux.remedy === 'uncached';
  return bypasses ? { attribute: 'uncached' } : {};
}
