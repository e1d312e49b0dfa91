// The catalogue of machines: one record per CPU and page size, in the order in which the
// reference lists the architectures, then by id.

import { present } from '../base/index.ts';
import { arm } from './cpus/arm.ts';
import { controls } from './cpus/controls.ts';
import { arc, csky, nios2, xtensa } from './cpus/embedded.ts';
import { m68k } from './cpus/m68k.ts';
import { mips } from './cpus/mips.ts';
import { parisc } from './cpus/parisc.ts';
import { sh } from './cpus/sh.ts';
import { sparc32, sparc64 } from './cpus/sparc.ts';
import type { Machine } from './machine.ts';

/** Architectures in the order of the catalogue; every machine's `arch` is one of these. */
export const machineArches: readonly string[] = [
  'arm',
  'mips',
  'sh',
  'parisc',
  'sparc64',
  'sparc32',
  'xtensa',
  'nios2',
  'csky',
  'm68k',
  'arc',
  'alpha',
  'arm64',
  'x86',
  'loongarch',
  'riscv',
  's390',
  'powerpc',
  'openrisc',
  'microblaze',
  'um',
];

/** Every machine of the catalogue; sorted by `machineArches`, then by id. */
export const machines: readonly Machine[] = [
  arm,
  mips,
  sh,
  parisc,
  sparc64,
  sparc32,
  xtensa,
  nios2,
  csky,
  m68k,
  arc,
  controls,
]
  .flat()
  .sort((a, b) => archRank(a) - archRank(b) || compareIds(a.id, b.id));

/** The machine with that id; undefined where the catalogue has none. */
export function machineById(id: string): Machine | undefined {
  return machines.find((machine) => machine.id === id);
}

function archRank(machine: Machine): number {
  const rank = machineArches.indexOf(machine.arch);
  return present(rank < 0 ? undefined : rank, `architecture ${machine.arch} in the order`);
}

function compareIds(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
