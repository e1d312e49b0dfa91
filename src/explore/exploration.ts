// What a search is asked and what it answers: the words that both back ends share.
//
// A search goes level by level, and an answer is about whole levels: where a bound is met while a
// level is expanded, what that found is dropped. So an answer depends on system, question and
// bounds alone, not on the back end or the number of workers. (A search that was interrupted or
// ran out of memory is about whole levels too, but which ones is up to the machine.)

import { at } from '../base/index.ts';
import { type Layout, readField } from '../ir/index.ts';

/** Limits of one search; reaching one is the named outcome `bound`. */
export interface Bounds {
  /** Distinct states kept, at most. */
  readonly states: number;
  /** Steps from the initial state, at most. */
  readonly depth: number;
  /** Bytes of memory, at most; by default and in any case not quite 2^32. */
  readonly memory?: number;
}

/** How a search ended; whatever is not `complete` says nothing about states beyond. */
export type Outcome =
  | 'complete'
  /** A bound was met: its value. */
  | { readonly bound: keyof Bounds; readonly limit: number }
  /** The search was to stop at the first witness and found one, of so many steps. */
  | { readonly bound: 'witness'; readonly limit: number }
  /** `onProgress` said stop, after so many levels. */
  | { readonly bound: 'interrupted'; readonly limit: number };

/** What exploration found. */
export interface Exploration {
  readonly outcome: Outcome;
  /** Distinct states of levels 0 to `depth`. */
  readonly states: number;
  /** Enabled actions in the states that were expanded: all, or those of levels below `depth`. */
  readonly transitions: number;
  /** The last level: longest of the shortest paths from the initial state, in steps. */
  readonly depth: number;
  /**
   * Distinct outcomes (values of the observed fields) of end states, sorted; where memory was used
   * up, those of the last level may be missing.
   */
  readonly ends: readonly End[];
  /**
   * A shortest path to an end that satisfies the question; among the shortest, the one whose
   * sequence of action numbers is least when compared from the first step on.
   */
  readonly witness?: Path;
  /** Bytes of memory that the search took. */
  readonly bytes: number;
}

/** One distinct outcome of an end state, and whether it satisfies the question. */
export interface End {
  /** Values of the system's observed fields, in their order. */
  readonly values: readonly number[];
  readonly satisfies: boolean;
}

/** A run: the initial state, then each action with the state it leads to. */
export interface Path {
  /** Values of all fields at the start. */
  readonly initial: readonly number[];
  readonly steps: readonly { readonly action: number; readonly state: readonly number[] }[];
}

/** What a search has done so far. */
export interface Progress {
  readonly states: number;
  /** The level that is being expanded. */
  readonly depth: number;
  readonly bytes: number;
}

/** What can be chosen about a search, whichever back end does it. */
export interface SearchOptions {
  readonly bounds?: Bounds;
  /** End at the first level that has an end satisfying the question. */
  readonly stopAtWitness?: boolean;
  /** Called now and then, every few thousand states; `stop` ends the search. */
  readonly onProgress?: (progress: Progress) => 'stop' | undefined;
}

/** Far above the built-in scenarios, which have fewer than a hundred states on every machine. */
export const defaultBounds: Bounds = { states: 2_000_000, depth: 10_000 };

/** The order of `ends`: by values, then those that do not satisfy first. */
export function compareEnds(a: End, b: End): number {
  for (let i = 0; i < a.values.length; i++) {
    const difference = at(a.values, i) - at(b.values, i);
    if (difference !== 0) return difference;
  }
  return Number(a.satisfies) - Number(b.satisfies);
}

/** Values of all fields of the state that starts at `offset` of `words`. */
export function decode(layout: Layout, words: Uint32Array, offset: number): readonly number[] {
  return layout.places.map((place) => readField(words, offset, place));
}
