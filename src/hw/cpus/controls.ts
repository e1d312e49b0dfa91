// Controls: CPUs whose data caches do not alias, on architectures that never select the predicate.
// Geometry is example data; what matters is that way size, tags or hardware rule aliases out.

import type { Dcache } from '../dcache.ts';
import type { Machine } from '../machine.ts';
import {
  example,
  hardwareKeepsEqual,
  inference,
  kernel,
  KiB,
  manual,
  writeBack,
  writeThrough,
} from './sources.ts';

interface Control {
  readonly id: string;
  readonly name: string;
  readonly arch: string;
  readonly ports: readonly string[];
  readonly pageKiB: number;
  readonly dcache: Dcache;
  readonly title: string;
  readonly note?: string;
  readonly assumes?: string;
}

function control({ title, pageKiB, note, ...rest }: Control): Machine {
  return {
    ...rest,
    pageBytes: pageKiB * KiB,
    reports: { kind: 'nothing' },
    sources: [manual(title, 'level 1 data cache (not stated in kernel)')],
    ...example(note),
  };
}

const hardware = { synonyms: 'hardware' } as const;
const skylakeDcache = writeBack('vipt', { sizeBytes: 32 * KiB, ways: 8, lineBytes: 64 });
const skylakeTitle = 'Intel 64 and IA-32 Architectures Optimization Reference Manual';

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
    assumes: hardwareKeepsEqual,
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
    dcache: skylakeDcache,
    title: skylakeTitle,
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
    assumes: hardwareKeepsEqual,
  }),
  control({
    id: 'sifive-u74',
    name: 'SiFive U74 32 KiB',
    arch: 'riscv',
    ports: ['riscv64'],
    pageKiB: 4,
    dcache: writeBack('vipt', { sizeBytes: 32 * KiB, ways: 8, lineBytes: 64 }),
    title: 'SiFive U74 Core Complex Manual',
    note:
      'fsync() is judged as with Zicbom. The U74 has none, and without it or a cache controller ' +
      'that the kernel knows arch_wb_cache_pmem() does nothing: L8 is met too',
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
    assumes: hardwareKeepsEqual,
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
  control({
    id: 'or1200',
    name: 'OR1200 8 KiB',
    arch: 'openrisc',
    ports: ['openrisc'],
    pageKiB: 8,
    dcache: writeThrough('vipt', { sizeBytes: 8 * KiB, ways: 1, lineBytes: 16 }),
    title: 'OpenRISC 1200 IP Core Specification',
    note: 'a way is exactly a page; the core can be built to write back',
    assumes: 'the tags are physical; not stated in the kernel',
  }),
  {
    id: 'microblaze-8k',
    name: 'MicroBlaze 8 KiB',
    arch: 'microblaze',
    ports: ['microblaze'],
    pageBytes: 4 * KiB,
    dcache: writeThrough('pipt', { sizeBytes: 8 * KiB, ways: 1, lineBytes: 16 }),
    reports: { kind: 'nothing' },
    sources: [
      kernel('arch/microblaze/boot/dts/system.dts', 'd-cache-size, d-cache-line-size'),
      manual('MicroBlaze Processor Reference Guide', 'data cache: direct mapped'),
      inference('translated before lookup: the port takes the cache as never aliasing'),
    ],
    exampleGeometry: true,
    note: 'size and line from a board in the kernel; direct mapping and write-through are [H]',
    assumes: 'an address is translated before the cache is searched',
  },
  {
    id: 'uml-x86',
    name: 'User-mode Linux on x86',
    arch: 'um',
    ports: ['um'],
    pageBytes: 4 * KiB,
    dcache: skylakeDcache,
    reports: { kind: 'nothing' },
    sources: [
      inference('a process of the host: its caches are those of the host CPU'),
      manual(skylakeTitle, 'level 1 data cache (not stated in kernel)'),
    ],
    ...example('the data cache of an x86 host'),
    assumes: 'the host CPU is an x86 whose ways are no larger than a page',
  },
];
