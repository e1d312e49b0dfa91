// The build rules of the kernels in the catalogue: what FS_DAX depended on, period by period.

import type { Source } from '../../base/index.ts';
import type { BuildRule } from './build.ts';
import type { PortRow } from './ports.ts';

/** Only an MMU is asked for: execute in place, and the first DAX. */
export function needsMmu(sources: readonly Source[]): BuildRule {
  return {
    fsDax: (row) => (row.mmu ? { value: 'y', missing: [] } : { value: 'n', missing: ['MMU'] }),
    // The symbol came with 4.3.
    zoneDevice: () => 'undefined',
    daxSymbol: 'undefined',
    sources,
  };
}

/**
 * Struct pages became necessary. Certain are x86_64, and s390 without pages (FS_DAX_LIMITED);
 * 64-bit ports that gained ZONE_DEVICE about that time or later are not verified.
 */
export function needsPages416(sources: readonly Source[]): BuildRule {
  const unverified = new Set(['arm64', 'powerpc-book3s64']);
  return {
    fsDax: (row) => {
      if (row.id === 'x86_64' || row.id === 's390') return { value: 'y', missing: [] };
      if (unverified.has(row.id)) return { value: 'unknown', missing: ['ZONE_DEVICE'] };
      return { value: 'n', missing: ['ZONE_DEVICE'] };
    },
    zoneDevice: (row) => {
      if (row.id === 'x86_64') return 'y';
      return unverified.has(row.id) ? 'unknown' : 'n';
    },
    daxSymbol: 'y',
    sources,
  };
}

/** As in the evaluated tree of 6.12 or 7.3, except for ports that lacked symbols before. */
export function asEvaluated(options: {
  readonly tree: '6.12' | '7.3';
  /** Ports that are y in that tree, with the symbols the kernel described still lacked. */
  readonly lacking: ReadonlyMap<string, readonly string[]>;
  readonly sources: readonly Source[];
}): BuildRule {
  const { tree, lacking, sources } = options;
  const value = (row: PortRow) => (row.fsDax[tree] === 'y' && !lacking.has(row.id) ? 'y' : 'n');
  return {
    fsDax: (row) => ({
      value: value(row),
      missing: value(row) === 'y' ? [] : ['ZONE_DEVICE', ...(lacking.get(row.id) ?? row.missing)],
    }),
    // s390 got its pages with the removal of FS_DAX_LIMITED.
    zoneDevice: (row) => (row.id === 's390' && tree === '6.12' ? 'n' : value(row)),
    daxSymbol: 'y',
    sources,
  };
}
