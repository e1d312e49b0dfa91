// The models that the reductions are measured on: several threads that store and load several
// lines through addresses of two colours.

import type { Program, Step } from '../src/litmus/index.ts';
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

/** A program of one list of steps for each thread; all registers are asked for. */
export function coloured(name: string, threads: readonly string[]): Program {
  const lists = threads.map((steps) => steps.split(' '));
  const lines = [...new Set(lists.flat().map((step) => step.charAt(0)))].sort();
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
    question: {
      quantifier: 'exists',
      condition: {
        op: 'and',
        of: lists.flatMap((steps, t) =>
          steps.flatMap((step, i) =>
            step.length === 2
              ? [{ op: 'register' as const, thread: `P${t}`, register: `r${i}`, value: 0 }]
              : [],
          ),
        ),
      },
    },
    sources: [],
  };
}

/** Three threads on three lines, two colours: 3.25 million states without reduction. */
export const threeByThree: Program = coloured('three-by-three', [
  'x0=1 y0=1 z0=1 x0=2 y0',
  'z1 y1 z1=2 y1=2',
  'x1=3 z0 y1=3 x0',
]);
