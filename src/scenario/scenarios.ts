// The minimal scenarios L1 to L10: how DAX breaks on a cache that holds a line twice.
//
// One page, one line (L5: two cells of it), the kernel's address K and the user's address U, or two
// user addresses U1 and U2. The hardware may evict any copy and fill any mapping in reach at any
// time.

import type { Source } from '../base/index.ts';
import type { Condition, Mapping, Program, Question, Step } from '../litmus/index.ts';

const K: Mapping = { name: 'K', page: 'x', side: 'kernel' };
const U: Mapping = { name: 'U', page: 'x', side: 'user' };
const x = [{ name: 'x', page: 'x', cells: [0] }];

const CACHETLB: Source = {
  kind: 'kernel',
  file: 'Documentation/core-api/cachetlb.rst',
  release: '6.12',
};
const WILCOX: Source = {
  kind: 'mail',
  subject: 'Re: [PATCH v12 10/20] dax: Replace XIP documentation with DAX documentation',
  date: '2016-01-25',
};
const FS_DAX: Source = {
  kind: 'kernel',
  file: 'fs/dax.c',
  symbol: 'dax_iomap_iter() dax_writeback_one()',
  release: '6.12',
};

/** Scenarios about coherence: those an aliasing cache breaks and no other cache does. */
export const coherenceScenarios: readonly Program[] = [
  {
    name: 'L1',
    title: 'stale load after write()',
    about:
      'A process has loaded the page through its mapping. write() then stores through the kernel ' +
      'address. The process loads again and still sees its old copy.',
    lines: x,
    mappings: [K, U],
    threads: [
      thread(load('U', 'r0', 'the process'), write('K', 1), load('U', 'r1', 'the process')),
    ],
    question: exists(register('r1', 0)),
    sources: [WILCOX, CACHETLB, FS_DAX],
  },
  {
    name: 'L2',
    title: 'read() misses a dirty user line',
    about:
      'A process stores through its mapping; the new value sits in a dirty user line. ' +
      'read() comes to the page for the first time: no line of K is cached (assumed: ' +
      'nothing has touched or prefetched K before), and still it gets what memory holds.',
    lines: x,
    mappings: [{ ...K, mappedLater: true }, U],
    threads: [
      thread(store('U', 1, 'the process'), {
        kind: 'kernel-access',
        does: 'read',
        mapping: 'K',
        line: 'x',
        body: [
          { kind: 'map', mapping: 'K', says: 'read() begins: K was not touched before' },
          load('K', 'r0', 'read()'),
        ],
      }),
    ],
    question: exists(register('r0', 0)),
    sources: [WILCOX, CACHETLB, FS_DAX],
  },
  {
    name: 'L3',
    title: 'kernel copy survives msync()',
    about:
      'A process stores, read() caches the old value under the kernel address, msync() flushes ' +
      'the user line. The next read() hits the old kernel line.',
    lines: x,
    mappings: [K, U],
    threads: [
      thread(
        store('U', 1, 'the process'),
        read('K', 'r0'),
        { kind: 'flush', mapping: 'U', line: 'x', says: 'msync() flushes U' },
        read('K', 'r1'),
      ),
    ],
    question: exists(register('r1', 0)),
    sources: [CACHETLB, FS_DAX],
  },
  {
    name: 'L4',
    title: 'lost update',
    about:
      'write() leaves a dirty kernel line, then the process stores through its own. ' +
      'Whichever line is evicted last wins: the later store can be lost.',
    lines: x,
    mappings: [K, U],
    threads: [thread(write('K', 1), store('U', 2, 'the process'))],
    question: exists(memory(0, 1)),
    sources: [CACHETLB, FS_DAX],
  },
  {
    name: 'L5',
    title: 'lost byte of one line',
    about:
      'The kernel and a process store to different bytes of one line at the same time. ' +
      'Write-back works by line, so one of the two bytes can be lost although nobody else ' +
      'wrote it.',
    lines: [{ name: 'x', page: 'x', cells: [0, 0] }],
    mappings: [K, U],
    threads: [
      { name: 'P0', steps: [write('K', 1, 0)] },
      { name: 'P1', steps: [store('U', 1, 'the process', 1)] },
    ],
    question: exists({ op: 'or', of: [memory(0, 0), memory(1, 0)] }),
    sources: [CACHETLB, FS_DAX],
  },
  {
    name: 'L6',
    title: 'user against user',
    about:
      'Two processes, or one process twice, map the page at addresses of different ' +
      'colours. One stores, the other loads the old value. The kernel address plays no ' +
      'part. This asks the hardware alone: ports that colour shared mappings (mips, arm ' +
      'v6, sh, sparc, xtensa, csky) keep users from it.',
    lines: x,
    mappings: [
      { name: 'U1', page: 'x', side: 'user' },
      { name: 'U2', page: 'x', side: 'user' },
    ],
    threads: [thread(store('U1', 1, 'process 1'), load('U2', 'r0', 'process 2'))],
    question: exists(register('r0', 0)),
    sources: [CACHETLB],
  },
  {
    name: 'L9',
    title: 'foreign data in a new file',
    about:
      'A process leaves a dirty user line behind when its block is freed. The block is given to ' +
      'another file, the kernel writes it, and then the old line is evicted over it.',
    lines: x,
    mappings: [K, U],
    threads: [
      thread(
        store('U', 1, 'the process'),
        { kind: 'unmap', mapping: 'U', says: 'the block is freed: U is unmapped, not flushed' },
        write('K', 2, 0, 'the kernel, which writes the new file,'),
      ),
    ],
    question: exists(memory(0, 1)),
    sources: [
      FS_DAX,
      {
        kind: 'inference',
        why: 'a port whose unmap flushes by flush_cache_range() prevents it; no DAX code does',
      },
    ],
  },
  {
    name: 'L10',
    title: 'first-map flush is once only',
    about:
      'Mapping the page flushes the kernel line once (the deferred flush of flush_dcache_page). ' +
      'A later write() makes it dirty again and no one calls flush_dcache_page().',
    lines: x,
    mappings: [K, U],
    threads: [
      thread(
        { kind: 'flush', mapping: 'K', line: 'x', says: 'the first mapping flushes K' },
        write('K', 1),
        load('U', 'r0', 'the process'),
      ),
    ],
    question: exists(register('r0', 0)),
    sources: [
      CACHETLB,
      { kind: 'kernel', file: 'mm/memory.c', symbol: 'insert_pfn()', release: '6.12' },
    ],
  },
];

/** Scenarios about durability: write-back caches break them unless lines are written in time. */
export const persistenceScenarios: readonly Program[] = [
  {
    name: 'L7',
    title: 'write(), fsync(), crash',
    about:
      'write() stores through the kernel address and leaves no DIRTY tag in the mapping, so ' +
      'fsync() finds nothing to do. Power fails: the medium still has the old data.',
    lines: x,
    mappings: [K, U],
    threads: [thread(write('K', 1), fsync(false), { kind: 'crash', says: 'power fails' })],
    question: exists(memory(0, 0)),
    sources: [FS_DAX],
  },
  {
    name: 'L8',
    title: 'store, fsync(), crash',
    about:
      'A process stores through its mapping. fsync() finds the DIRTY tag, but ' +
      'flush_cache_page() is empty or skips an mm that is not current, and dax_flush() is ' +
      'empty without a PMEM API. Power fails.',
    lines: x,
    mappings: [K, U],
    threads: [
      thread(store('U', 1, 'the process'), fsync(true), { kind: 'crash', says: 'power fails' }),
    ],
    question: exists(memory(0, 0)),
    sources: [FS_DAX],
  },
];

/** All ten, in the order of their numbers. */
export const scenarios: readonly Program[] = [...coherenceScenarios, ...persistenceScenarios].sort(
  (a, b) => Number(a.name.slice(1)) - Number(b.name.slice(1)),
);

/** The scenario with this name; letter case does not matter. */
export function scenarioByName(name: string): Program | undefined {
  return scenarios.find((s) => s.name === name.toUpperCase());
}

function thread(...steps: readonly Step[]) {
  return { name: 'P0', steps };
}

function load(mapping: string, name: string, who: string): Step {
  const says = `${who} loads through ${mapping}`;
  return { kind: 'load', mapping, line: 'x', cell: 0, register: name, says };
}

function store(mapping: string, value: number, who: string, cell = 0): Step {
  const where = cell > 0 ? ` (byte ${cell})` : '';
  const says = `${who} stores ${value} through ${mapping}${where}`;
  return { kind: 'store', mapping, line: 'x', cell, value, says };
}

function write(mapping: string, value: number, cell = 0, who = 'write()'): Step {
  const body = [store(mapping, value, who, cell)];
  return { kind: 'kernel-access', does: 'write', mapping, line: 'x', body };
}

function read(mapping: string, name: string): Step {
  const body = [load(mapping, name, 'read()')];
  return { kind: 'kernel-access', does: 'read', mapping, line: 'x', body };
}

function fsync(tagged: boolean): Step {
  return { kind: 'fsync', line: 'x', tagged, kernel: 'K', users: ['U'], says: 'fsync()' };
}

function exists(condition: Condition): Question {
  return { quantifier: 'exists', condition };
}

function register(name: string, value: number): Condition {
  return { op: 'register', thread: 'P0', register: name, value };
}

function memory(cell: number, value: number): Condition {
  return { op: 'memory', line: 'x', cell, value };
}
