// Unit tests of the probes of mips, sparc32, sh and arc.

import { expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { aliasClass, colours, machineById, machines } from '../../hw/index.ts';
import { arc_cache_mumbojumbo, bootPanics } from './arc/mm/cache.ts';
import { cpu_has_dc_aliases } from './mips/include/asm/cpu-features.ts';
import { alias_74k_erratum, probe_pcache } from './mips/mm/c-r4k.ts';
import type { MipsReports } from './mips/mm/c-r4k.ts';
import { compute_alias, n_aliases } from './sh/mm/cache.ts';
import { vac_cache_size } from './sparc/mm/srmmu.ts';

const r4600: MipsReports = {
  kind: 'mips',
  cputype: 'R4600',
  config7Ar: false,
  erratum74k: false,
  dcache: { sizeBytes: 16384, ways: 2, lineBytes: 32 },
};

test('probe_pcache: by default a way larger than a page aliases, an equal one does not', () => {
  expect(probe_pcache(r4600, 4096).aliases).toBe(true);
  expect(probe_pcache(r4600, 8192).aliases).toBe(false);
});

test.each(['20KC', '25KF', 'I6400', 'I6500', 'SB1', 'SB1A'])(
  'probe_pcache: %s is physically indexed whatever its geometry',
  (cputype) => {
    expect(probe_pcache({ ...r4600, cputype }, 4096)).toMatchObject({
      pindex: true,
      aliases: false,
    });
  },
);

test.each(['R10000', 'R16000', 'BMIPS5000'])(
  'probe_pcache: %s copes in hardware and is not called physically indexed',
  (cputype) => {
    expect(probe_pcache({ ...r4600, cputype }, 4096)).toMatchObject({
      pindex: false,
      aliases: false,
    });
  },
);

test('probe_pcache: Config7.AR counts for the cores that have it and for no other', () => {
  expect(probe_pcache({ ...r4600, cputype: '24K', config7Ar: true }, 4096).aliases).toBe(false);
  expect(probe_pcache({ ...r4600, cputype: '24K' }, 4096).aliases).toBe(true);
  expect(probe_pcache({ ...r4600, config7Ar: true }, 4096).aliases).toBe(true);
});

test('probe_pcache: the 74K erratum forces aliasing, even with AR and a small way', () => {
  const early = { ...r4600, cputype: '74K', config7Ar: true, erratum74k: true };
  expect(probe_pcache(early, 65536).aliases).toBe(true);
  expect(probe_pcache({ ...early, cputype: '24K' }, 65536).aliases).toBe(false);
});

test('alias_74k_erratum stops on a CPU that cannot have it', () => {
  expect(() => alias_74k_erratum(r4600)).toThrow('74K');
});

test('cpu_has_dc_aliases: a platform constant overrides what the probe finds', () => {
  const fixed = (value: 0 | 1 | 'page<16K'): MipsReports => ({
    ...r4600,
    platformConstant: { platform: 'test', value },
  });
  expect(cpu_has_dc_aliases(fixed(0), 4096)).toBe(0);
  expect(cpu_has_dc_aliases(fixed(1), 65536)).toBe(1);
  expect(cpu_has_dc_aliases(fixed('page<16K'), 4096)).toBe(1);
  expect(cpu_has_dc_aliases(fixed('page<16K'), 16384)).toBe(0);
  expect(cpu_has_dc_aliases(r4600, 4096)).toBe(1);
});

test('vac_cache_size: the PROM is read for HyperSPARC only', () => {
  const prom = { kind: 'sparc32', cacheNlines: 8192, cacheLineSizeBytes: 32 } as const;
  expect(vac_cache_size({ ...prom, srmmu: 'hypersparc' })).toBe(262144);
  expect(vac_cache_size({ ...prom, srmmu: 'turbosparc' })).toBe(0);
  expect(vac_cache_size({ ...prom, srmmu: 'viking' })).toBe(0);
});

test('compute_alias counts the colours that the geometry has, with 0 for one', () => {
  const sh = machines.filter((m) => m.arch === 'sh');
  expect(sh.length).toBeGreaterThan(5);
  for (const { id, reports, dcache, pageBytes } of sh) {
    if (reports.kind !== 'sh') throw new Error(id);
    const real = colours(present(dcache, id), pageBytes);
    expect(compute_alias(reports, pageBytes).n_aliases, id).toBe(real === 1 ? 0 : real);
  }
});

test('n_aliases knows at run time what the port says it cannot know', () => {
  for (const { id, reports, dcache, pageBytes } of machines) {
    if (reports.kind !== 'sh') continue;
    const aliases = aliasClass(present(dcache, id), pageBytes) === 'vipt-aliasing';
    expect(n_aliases(reports, pageBytes) > 0, id).toBe(aliases);
  }
});

test('arc: the colours come from the size before the call, so no boot CPU stops', () => {
  const { reports, pageBytes } = present(machineById('arc700-64k/8k'), 'machine');
  if (reports.kind !== 'arc') throw new Error('not arc');
  const first = arc_cache_mumbojumbo({ before: { sz_k: 0, colors: 0 }, reports, pageBytes });
  expect(first).toEqual({ sz_k: 64, colors: 0 });
  const second = arc_cache_mumbojumbo({ before: first, reports, pageBytes });
  expect(second.colors).toBe(2);
  expect(bootPanics(reports, pageBytes)).toBe(false);
});

test('arc: an HS core has one colour on the first call already', () => {
  const { reports, pageBytes } = present(machineById('arc-hs38'), 'machine');
  if (reports.kind !== 'arc') throw new Error('not arc');
  const before = { sz_k: 0, colors: 0 };
  expect(arc_cache_mumbojumbo({ before, reports, pageBytes }).colors).toBe(1);
});
