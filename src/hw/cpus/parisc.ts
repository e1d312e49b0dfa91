// PA-RISC data caches: large, virtually indexed. The architecture promises coherence of
// "equivalent" addresses, which Linux takes as equal modulo 4 MiB (SHM_COLOUR) on every CPU:
// @source arch/parisc/include/asm/shmparam.h SHM_COLOUR v6.12.

import type { Machine } from '../machine.ts';
import { example, inference, kernel, KiB, manual, MiB, writeBack } from './sources.ts';
import type { Geometry } from './sources.ts';

const pdc = kernel('arch/parisc/kernel/cache.c', 'parisc_cache_init');
const pageBytes = 4 * KiB;

interface Core {
  readonly id: string;
  readonly name: string;
  readonly geometry: Geometry;
  readonly pa20: boolean;
  readonly title: string;
  readonly note?: string;
  readonly assumes?: string;
}

function pariscMachine(core: Core): Machine {
  return {
    id: core.id,
    name: core.name,
    arch: 'parisc',
    ports: core.pa20 ? ['parisc64', 'parisc32'] : ['parisc32'],
    dcache: writeBack('vipt', core.geometry),
    pageBytes,
    reports: {
      kind: 'parisc',
      dcSizeBytes: core.geometry.sizeBytes,
      dcLoop: core.geometry.ways,
    },
    sources: [manual(core.title), pdc],
    ...example(core.note),
    ...(core.assumes === undefined ? {} : { assumes: core.assumes }),
  };
}

/** The PA-RISC rows of the catalogue, and the emulator that models no cache. */
export const parisc: readonly Machine[] = [
  pariscMachine({
    id: 'pa-7100lc',
    name: 'PA-7100LC 256 KiB',
    geometry: { sizeBytes: 256 * KiB, ways: 1, lineBytes: 32 },
    pa20: false,
    title: 'PA7100LC External Reference Specification',
    note: 'off-chip: boards differ in size',
  }),
  pariscMachine({
    id: 'pa-8000',
    name: 'PA-8000 1 MiB',
    geometry: { sizeBytes: MiB, ways: 1, lineBytes: 32 },
    pa20: true,
    title: 'PA-8000 User Manual',
    note: 'off-chip: boards differ in size',
  }),
  pariscMachine({
    id: 'pa-8200',
    name: 'PA-8200 2 MiB',
    geometry: { sizeBytes: 2 * MiB, ways: 1, lineBytes: 32 },
    pa20: true,
    title: 'PA-8200 User Manual',
    note: 'off-chip: boards differ in size',
  }),
  pariscMachine({
    id: 'pa-8500',
    name: 'PA-8500 1 MiB',
    geometry: { sizeBytes: MiB, ways: 4, lineBytes: 64 },
    pa20: true,
    title: 'PA-8500 User Manual',
  }),
  pariscMachine({
    id: 'pa-8700',
    name: 'PA-8700 1.5 MiB',
    geometry: { sizeBytes: 1.5 * MiB, ways: 4, lineBytes: 64 },
    pa20: true,
    title: 'PA-8700 User Manual',
    note: 'the real index function of a way that is not a power of two is not known here',
    assumes: 'a way that is not a power of two is indexed by the remainder',
  }),
  {
    id: 'pa-qemu',
    name: 'PA-RISC in QEMU',
    arch: 'parisc',
    ports: ['parisc64', 'parisc32'],
    pageBytes,
    reports: { kind: 'nothing' },
    sources: [inference('the emulator has no cache model, so no copy can be stale')],
    note: 'no data cache is modelled',
    assumes: 'the emulator keeps no copies of memory',
  },
];
