// Controls: CPUs whose data caches do not alias, on architectures that never select the predicate.
// Geometry is example data; what matters is that way size, tags or hardware rule aliases out.

import type { Dcache } from '../dcache.ts';
import type { Machine } from '../machine.ts';
import { fromManual, KiB, manual, writeBack } from './sources.ts';

interface Control {
  readonly id: string;
  readonly name: string;
  readonly arch: string;
  readonly ports: readonly string[];
  readonly pageKiB: number;
  readonly dcache: Dcache;
  readonly title: string;
  readonly note?: string;
}

function control({ title, pageKiB, note, ...rest }: Control): Machine {
  return {
    ...rest,
    pageBytes: pageKiB * KiB,
    reports: { kind: 'nothing' },
    sources: [manual(title, 'level 1 data cache (not stated in kernel)')],
    note: note === undefined ? fromManual : `${fromManual}; ${note}`,
  };
}

const hardware = { synonyms: 'hardware' } as const;

/** The control rows of the catalogue. */
export const controls: readonly Machine[] = [
  control({
    id: 'alpha-ev6',
    name: 'Alpha EV6 64 KiB',
    arch: 'alpha',
    ports: ['alpha'],
    pageKiB: 8,
    dcache: writeBack('vipt', { sizeBytes: 64 * KiB, ways: 2, lineBytes: 64 }, hardware),
    title: 'Alpha 21264 Microprocessor Hardware Reference Manual',
    note: 'the hardware finds synonyms itself',
  }),
  control({
    id: 'cortex-a53',
    name: 'Cortex-A53 32 KiB',
    arch: 'arm64',
    ports: ['arm64'],
    pageKiB: 4,
    dcache: writeBack('pipt', { sizeBytes: 32 * KiB, ways: 4, lineBytes: 64 }),
    title: 'Cortex-A53 MPCore Processor Technical Reference Manual',
  }),
  control({
    id: 'skylake',
    name: 'x86 Skylake 32 KiB',
    arch: 'x86',
    ports: ['x86_64', 'i386', 'i386-pae'],
    pageKiB: 4,
    dcache: writeBack('vipt', { sizeBytes: 32 * KiB, ways: 8, lineBytes: 64 }),
    title: 'Intel 64 and IA-32 Architectures Optimization Reference Manual',
    note: 'a way is exactly a page',
  }),
  control({
    id: 'loongson-3a5000',
    name: 'Loongson 3A5000, 16K',
    arch: 'loongarch',
    ports: ['loongarch64'],
    pageKiB: 16,
    dcache: writeBack('vipt', { sizeBytes: 64 * KiB, ways: 4, lineBytes: 64 }, hardware),
    title: 'Loongson 3A5000 Processor Reference Manual',
    note: 'the hardware keeps synonyms coherent',
  }),
  control({
    id: 'sifive-u74',
    name: 'SiFive U74 32 KiB',
    arch: 'riscv',
    ports: ['riscv64'],
    pageKiB: 4,
    dcache: writeBack('vipt', { sizeBytes: 32 * KiB, ways: 8, lineBytes: 64 }),
    title: 'SiFive U74 Core Complex Manual',
  }),
  control({
    id: 'ibm-z13',
    name: 'IBM z13 128 KiB',
    arch: 's390',
    ports: ['s390'],
    pageKiB: 4,
    dcache: writeBack('vipt', { sizeBytes: 128 * KiB, ways: 8, lineBytes: 256 }, hardware),
    title: 'IBM z13 Technical Guide',
    note: 'z/Architecture promises coherence: the hardware resolves synonyms',
  }),
  control({
    id: 'power9',
    name: 'POWER9 32 KiB',
    arch: 'powerpc',
    ports: ['powerpc-book3s64'],
    pageKiB: 64,
    dcache: writeBack('vipt', { sizeBytes: 32 * KiB, ways: 8, lineBytes: 128 }),
    title: "POWER9 Processor User's Manual",
  }),
  control({
    id: 'e6500',
    name: 'PowerPC e6500 32 KiB',
    arch: 'powerpc',
    ports: ['powerpc-book3e64'],
    pageKiB: 4,
    dcache: writeBack('vipt', { sizeBytes: 32 * KiB, ways: 8, lineBytes: 64 }),
    title: 'e6500 Core Reference Manual',
  }),
  control({
    id: 'ppc-7447',
    name: 'PowerPC 7447 32 KiB',
    arch: 'powerpc',
    ports: ['powerpc-32'],
    pageKiB: 4,
    dcache: writeBack('vipt', { sizeBytes: 32 * KiB, ways: 8, lineBytes: 32 }),
    title: 'MPC7450 RISC Microprocessor Family Reference Manual',
  }),
  control({
    id: 'ppc440',
    name: 'PowerPC 440 32 KiB',
    arch: 'powerpc',
    ports: ['powerpc-44x'],
    pageKiB: 4,
    dcache: writeBack('vipt', { sizeBytes: 32 * KiB, ways: 64, lineBytes: 32 }),
    title: "PPC440 Processor User's Manual",
  }),
];
