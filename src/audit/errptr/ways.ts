// What comes of an expression: several states, of which equal ones are kept once.

import type { State } from './state.ts';

/** A value and the state behind the expression that gave it. */
export interface Out {
  readonly state: State;
  readonly cell: number;
}

/** States in which a test holds, and in which it does not. */
export interface Ways {
  readonly yes: readonly State[];
  readonly no: readonly State[];
}

/** The same test, denied. */
export function swapped({ yes, no }: Ways): Ways {
  return { yes: no, no: yes };
}

/** So few states are not compared. */
const few = 2;

/** The states, each once. */
export function distinctStates(states: readonly State[]): readonly State[] {
  if (states.length <= few) return states;
  const seen = new Set<number>();
  return states.filter((state) => {
    const key = state.hash();
    return !seen.has(key) && seen.add(key);
  });
}

/** A state with the values of some expressions. */
export interface Evaluated {
  state: State;
  cells: readonly number[];
}

/** Each state with its values once. */
export function distinct(all: readonly Evaluated[]): Evaluated[] {
  const seen = new Set<string>();
  return all.filter(({ state, cells }) => {
    const key = `${state.hash()} ${cells.join(' ')}`;
    return !seen.has(key) && seen.add(key);
  });
}
