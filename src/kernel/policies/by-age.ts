// The order in which kernels are named.

import type { Kernel } from '../kernel.ts';
import { policies } from './catalogue.ts';

/**
 * The policies of the catalogue and the releases `recorded` from trees, oldest first: releases by
 * version, revisions of the series in between.
 */
export function kernelsByAge(recorded: readonly Kernel[]): readonly Kernel[] {
  const all = [...policies, ...recorded];
  return all.sort((a, b) => age(a.id) - age(b.id) || (a.id < b.id ? -1 : 1));
}

// The revisions v1 to v6 were posted between 6.7 and 6.9.
function age(id: string): number {
  const revision = /^v(\d+)$/.exec(id);
  if (revision) return 6.08 + Number(revision[1]) / 1000;
  const [major = '0', minor = '0'] = id.split('.');
  return Number(major) + Number(minor) / 100;
}
