// Small programs for what random ones meet too seldom: each asks for an outcome that one rule of
// the hardware or of the language forbids, or alone allows. Whether it can be seen was worked out
// by hand.

import type { Condition, Mapping, Program, Step, Value } from '../../src/litmus/index.ts';

/** A program, and where its condition can hold; machines and kinds by their names. */
export interface Directed {
  readonly name: string;
  readonly program: Program;
  readonly remedy: 'none' | 'congruent';
  readonly seen: readonly string[];
  readonly never: readonly string[];
}

const says = '';

function access(mapping: string, line: string) {
  return { mapping, line, cell: 0, says };
}

function load(mapping: string, register: string, line = 'x'): Step {
  return { kind: 'load', ...access(mapping, line), register };
}

function fetch(mapping: string, register: string, line = 'x'): Step {
  return { kind: 'fetch', ...access(mapping, line), register };
}

function store(mapping: string, value: Value, line = 'x'): Step {
  return { kind: 'store', ...access(mapping, line), value };
}

function maintain(
  kind: 'flush' | 'clean' | 'invalidate' | 'invalidate-icache',
  mapping: string,
): Step {
  return { kind, mapping, line: 'x', says };
}

function reach(kind: 'map' | 'unmap', mapping: string): Step {
  return { kind, mapping, says };
}

/** The kernel's address of page p and others of it, by colour; F and G are flags apart from all. */
function aliases(...colours: readonly number[]): readonly Mapping[] {
  return colours.map((colour, i) => ({
    name: ['A', 'B', 'C'][i] ?? '',
    page: 'p',
    side: i === 0 ? 'kernel' : 'user',
    colour,
  }));
}

const flags: readonly Mapping[] = ['F', 'G'].map((name) => ({
  name,
  page: name,
  side: 'kernel',
  uncached: true,
}));

/** `P1:r0=1, x=3`: all of these hold. */
function all(text: string): Condition {
  const of = text.split(', ').map((part): Condition => {
    const [place = '', value] = part.split('=');
    const [thread = '', register] = place.split(':');
    if (register === undefined) {
      return { op: 'memory', line: place, cell: 0, value: Number(value) };
    }
    return { op: 'register', thread, register, value: Number(value) };
  });
  return { op: 'and', of };
}

function directedOne(
  name: string,
  mappings: readonly Mapping[],
  threads: readonly (readonly Step[])[],
  rest: {
    readonly condition: Condition;
    readonly seen?: readonly string[];
    readonly never?: readonly string[];
    readonly remedy?: 'congruent';
    readonly y?: true;
  },
): Directed {
  const named = new Set(threads.flat().flatMap((s) => ('mapping' in s ? [s.mapping] : [])));
  const used = flags.filter((flag) => named.has(flag.name));
  const { condition, seen = [], never = [], remedy = 'none', y } = rest;
  const program: Program = {
    name,
    title: '',
    about: '',
    lines: [
      { name: 'x', page: 'p', cells: [1] },
      ...(y ? [{ name: 'y', page: 'p', cells: [2] }] : []),
      ...used.map(({ name: flag }) => ({ name: flag, page: flag, cells: [0] })),
    ],
    mappings: [...mappings, ...used],
    threads: threads.map((steps, i) => ({ name: `P${i}`, cpu: i, steps })),
    question: { quantifier: 'exists', condition },
    sources: [],
    locks: ['m'],
  };
  return { name, program, remedy, seen, never };
}

const r0: Value = { op: 'register', register: 'r0' };
const lock = { lock: 'm', says } as const;
const increment: readonly Step[] = [load('A', 'r0'), store('A', { op: 'add', a: r0, b: 1 })];
const locked: readonly Step[] = [
  { kind: 'lock', ...lock },
  ...increment,
  { kind: 'unlock', ...lock },
];

const twoColours = aliases(0, 1);
const sameColour = aliases(0, 0);
const bothKernel = twoColours.map((m): Mapping => ({ ...m, side: 'kernel' }));

/** Fetches of both addresses, with a store made visible between them. */
const fetchBoth: readonly Step[] = [
  fetch('A', 'r0'),
  store('A', 3),
  maintain('flush', 'A'),
  fetch('B', 'r1'),
  fetch('A', 'r2'),
];
const oldFetch = all('P0:r0=1, P0:r1=3, P0:r2=1');

/** B's instruction line is dropped while B is out of reach, and memory gets a new value. */
const hidden: readonly Step[] = [
  reach('unmap', 'B'),
  maintain('invalidate-icache', 'B'),
  store('A', 3),
  maintain('flush', 'A'),
  reach('map', 'B'),
  fetch('B', 'r0'),
];

const published: readonly Step[] = [store('A', 3), store('F', 1, 'F')];

const vipt = 'vipt-aliasing back set';
const pipt = 'pipt back set';
const trap = 'r4400sc/4k';

/** The programs, each named after the rule that it is about. */
export const directed: readonly Directed[] = [
  directedOne('a lock keeps two CPUs apart', sameColour, [locked, locked], {
    condition: { op: 'not', of: all('x=3') },
    never: [pipt],
  }),
  directedOne('without the lock an increment is lost', sameColour, [increment, increment], {
    condition: all('x=2'),
    seen: [pipt],
  }),
  directedOne(
    'a lock that is taken twice waits for ever',
    sameColour,
    [
      [
        { kind: 'lock', ...lock },
        { kind: 'lock', ...lock },
      ],
    ],
    {
      condition: { op: 'deadlock', value: 1 },
      seen: [pipt],
    },
  ),
  directedOne(
    'one way has one place for two instruction lines of an index',
    sameColour,
    [fetchBoth],
    {
      condition: oldFetch,
      seen: ['vivt back set'],
      never: ['vivt back direct'],
    },
  ),
  directedOne('nothing repairs what an I-cache holds twice', twoColours, [fetchBoth], {
    condition: oldFetch,
    seen: [trap, vipt],
    never: ['uml-x86'],
  }),
  directedOne(
    'a load finds the line of another CPU where the hardware knows of synonyms',
    twoColours,
    [published, [load('F', 'r0', 'F'), load('B', 'r1')]],
    { condition: all('P1:r0=1, P1:r1=1'), seen: [vipt], never: [trap, pipt] },
  ),
  directedOne(
    'a store takes the line from another CPU where the hardware knows of synonyms',
    twoColours,
    [published, [load('B', 'r0'), load('F', 'r1', 'F'), load('B', 'r2')]],
    { condition: all('P1:r0=1, P1:r1=1, P1:r2=1'), seen: [vipt], never: [trap, pipt] },
  ),
  directedOne(
    'a fetch of one line proves the page executable',
    twoColours,
    [[...hidden, fetch('A', 'r1', 'y')]],
    {
      condition: all('P0:r0=1'),
      seen: [pipt],
      never: [vipt],
      y: true,
    },
  ),
  directedOne('no fetch through an address that only data goes through', twoColours, [hidden], {
    condition: all('P0:r0=1'),
    never: [pipt],
  }),
  directedOne(
    'no fill through an address out of reach',
    twoColours,
    [
      [
        reach('unmap', 'B'),
        maintain('flush', 'B'),
        store('A', 3),
        maintain('flush', 'A'),
        reach('map', 'B'),
        load('B', 'r0'),
      ],
    ],
    { condition: all('P0:r0=1'), never: [vipt, 'vivt back set'] },
  ),
  directedOne(
    'a fill through an address in reach',
    twoColours,
    [[maintain('flush', 'B'), store('A', 3), maintain('flush', 'A'), load('B', 'r0')]],
    { condition: all('P0:r0=1'), seen: [vipt, 'vivt back set'] },
  ),
  directedOne(
    'a store that does not allocate throws nothing out',
    sameColour,
    [[load('B', 'r0'), store('A', 3), load('B', 'r1')]],
    { condition: all('P0:r1=1'), seen: ['m68030'], never: ['m68030-wa'] },
  ),
  directedOne('lines are apart on the bus', sameColour, [[store('A', 3)], [store('A', 1, 'y')]], {
    condition: { op: 'not', of: all('x=3, y=1') },
    never: [pipt],
    y: true,
  }),
  directedOne(
    'a fetch does not ask the data cache of another CPU',
    sameColour,
    [published, [load('F', 'r0', 'F'), maintain('invalidate-icache', 'A'), fetch('A', 'r1')]],
    { condition: all('P1:r0=1, P1:r1=1'), seen: [pipt], never: ['skylake'] },
  ),
  directedOne(
    'a congruent kernel address joins a user, not another kernel address',
    bothKernel,
    [[store('A', 3), load('B', 'r0')]],
    { condition: all('P0:r0=1'), remedy: 'congruent', seen: [vipt] },
  ),
  directedOne(
    'a congruent kernel address joins a user',
    twoColours,
    [[store('A', 3), load('B', 'r0')]],
    {
      condition: all('P0:r0=1'),
      remedy: 'congruent',
      never: [vipt],
    },
  ),
];
