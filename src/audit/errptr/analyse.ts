// Reads single functions of a file.

import type { CSyntax } from '../c/syntax.ts';
import { readFunction } from '../flow/index.ts';
import type { FunctionFacts } from './facts.ts';
import { walkFunction } from './walk.ts';

/** Longer functions are tables that somebody generated: they are not walked. */
export const longestFunction = 400_000;

/** What is learnt of the function that stands at `[start, end)` of a file. */
export function factsOf(
  file: string,
  text: string,
  one: { readonly name: string; readonly start: number; readonly end: number },
  syntax: CSyntax,
): FunctionFacts {
  const none = { returns: [], uses: [], params: '' };
  if (one.end - one.start > longestFunction) return { ...none, notChecked: 'too long' };
  try {
    const flows = readFunction(file, text, one.start, one.end, syntax);
    const only = flows.length === 1 ? flows[0] : undefined;
    const flow = flows.find((f) => f.name === one.name) ?? only;
    if (flow === undefined) return { ...none, notChecked: 'not understood' };
    return walkFunction(flow);
  } catch (error) {
    // The stack is finite, and nothing else tells how deep a text nests.
    if (!(error instanceof RangeError)) throw error;
    return { ...none, notChecked: 'nested too deeply' };
  }
}
