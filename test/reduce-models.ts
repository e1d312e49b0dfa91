// The models that the reductions are measured on: several threads that store and load several
// lines through addresses of two colours.

import type { Condition, Location, Program, Step } from '../src/litmus/index.ts';
import { type CacheModel, genericModel } from '../src/scenario/index.ts';

/** Two colours, stores allocate and are written back. */
export const twoColours: CacheModel = {
  ...genericModel({ aliasClass: 'vipt-aliasing', write: 'back', ways: 'set' }),
  colours: 2,
};

/** `x0=1` stores 1 to x through colour 0; `y1` loads y through colour 1. */
function stepOf(text: string, index: number): Step {
  const [line, colour, , value] = text;
  const place = { mapping: colour === '0' ? 'K' : 'U', line: line ?? '', cell: 0, says: text };
  return value === undefined
    ? { kind: 'load', ...place, register: `r${index}` }
    : { kind: 'store', ...place, value: Number(value) };
}

/**
 * A program of one list of steps for each thread; all registers are shown. It asks for the values
 * in `wanted`, by thread and step: `{ '0:4': 3 }` is `P0:r4=3`.
 */
export function coloured(
  name: string,
  threads: readonly string[],
  wanted: Readonly<Record<string, number>> = {},
): Program {
  const lists = threads.map((steps) => steps.split(' '));
  const lines = [...new Set(lists.flat().map((step) => step.charAt(0)))].sort();
  const registers = lists.flatMap((steps, t) =>
    steps.flatMap((step, i): Location[] =>
      step.length === 2 ? [{ op: 'register', thread: `P${t}`, register: `r${i}` }] : [],
    ),
  );
  const of = Object.entries(wanted).map(([place, value]): Condition => {
    const [t, i] = place.split(':');
    return { op: 'register', thread: `P${t}`, register: `r${i}`, value };
  });
  return {
    name,
    title: name,
    about: name,
    lines: lines.map((line) => ({ name: line, page: 'p', cells: [0] })),
    mappings: [
      { name: 'K', page: 'p', side: 'kernel', colour: 0 },
      { name: 'U', page: 'p', side: 'user', colour: 1 },
    ],
    threads: lists.map((steps, t) => ({ name: `P${t}`, steps: steps.map(stepOf) })),
    question: { quantifier: 'exists', condition: { op: 'and', of }, locations: registers },
    sources: [],
  };
}

/** Three threads on three lines, two colours: 3.25 million states without reduction. */
export const threeByThree: Program = coloured(
  'three-by-three',
  ['x0=1 y0=1 z0=1 x0=2 y0', 'z1 y1 z1=2 y1=2', 'x1=3 z0 y1=3 x0'],
  { '0:4': 3, '1:0': 1, '2:1': 2, '2:3': 2 },
);

/** Two threads on two lines: small enough for every test. */
export const twoByTwo: Program = coloured('two-by-two', ['x0=1 y0=1 x0', 'y1 x1 y1=2'], {
  '0:2': 1,
  '1:0': 1,
  '1:1': 0,
});

/** Three threads that do the same. */
export const alike: Program = coloured('alike', ['x0=1 x1', 'x0=1 x1', 'x0=1 x1'], { '2:1': 0 });
