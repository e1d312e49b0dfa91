// How wide values have to be, so that no number of a test is cut off.

import { never } from '../base/index.ts';
import type { KernelCall } from '../kernel/index.ts';
import type { Condition, Program, Step, Value } from './program.ts';

/** Bits of the widest value. */
export const MAX_VALUE_BITS = 16;

/** Width of all values of a program. */
export interface Width {
  readonly valueBits: number;
  readonly signed: boolean;
  /** A sum stands in a loop: it wraps, and values beyond the width are not told apart. */
  readonly wraps: boolean;
}

/** Bounds on what values can become; grows while the program is read. */
interface Bounds {
  min: number;
  max: number;
  /** What all sums together can add, each made once. */
  added: number;
  /** Sums of two registers: each can double the largest value. */
  doublings: number;
  wraps: boolean;
}

/** The error number that a kernel's refusal ends in, and so the least value of a call. */
const REFUSAL = -95;

/** The smallest width that holds every number of the program, what it adds up to, and answers. */
export function widthOf(
  program: Pick<Program, 'lines' | 'threads' | 'question'>,
  calls: Iterable<KernelCall>,
): Width {
  const bounds: Bounds = { min: 0, max: 1, added: 0, doublings: 0, wraps: false };
  for (const line of program.lines) for (const cell of line.cells) note(bounds, cell);
  for (const thread of program.threads) noteSteps(bounds, thread.steps, false);
  noteCondition(bounds, program.question.condition);
  if (program.question.filter) noteCondition(bounds, program.question.filter);
  for (const call of calls) note(bounds, call.kind === 'IS_DAX' ? 1 : REFUSAL);
  const factor = 2 ** Math.min(bounds.doublings, MAX_VALUE_BITS + 1);
  const max = (bounds.max + bounds.added) * factor;
  const signed = bounds.min < 0;
  const valueBits = signed
    ? 1 + Math.max(bitsFor(max), bitsFor(-bounds.min * factor - 1))
    : bitsFor(max);
  return { valueBits: Math.max(2, valueBits), signed, wraps: bounds.wraps };
}

function bitsFor(max: number): number {
  let bits = 1;
  while (2 ** bits <= max) bits++;
  return bits;
}

function note(bounds: Bounds, value: number): void {
  bounds.min = Math.min(bounds.min, value);
  bounds.max = Math.max(bounds.max, value);
}

function noteSteps(bounds: Bounds, steps: readonly Step[], looped: boolean): void {
  for (const step of steps) {
    if ('value' in step) noteValue(bounds, step.value, looped);
    if ('condition' in step) noteValue(bounds, step.condition, looped);
    if ('failures' in step) for (const value of step.failures) note(bounds, value);
    if (step.kind === 'if') {
      noteSteps(bounds, step.yes, looped);
      noteSteps(bounds, step.no, looped);
    }
    if (step.kind === 'while') noteSteps(bounds, step.body, true);
    if (step.kind === 'kernel-access') noteSteps(bounds, step.body, looped);
  }
}

function noteValue(bounds: Bounds, value: Value, looped: boolean): void {
  if (typeof value === 'number') return note(bounds, value);
  switch (value.op) {
    case 'register':
      return;
    case 'not':
      return noteValue(bounds, value.a, looped);
    case 'add': {
      const constant = [value.a, value.b].find((part) => typeof part === 'number');
      if (constant === undefined) bounds.doublings++;
      else bounds.added += Math.abs(constant);
      if (looped) bounds.wraps = true;
      break;
    }
    case 'eq':
    case 'ne':
    case 'lt':
    case 'and':
    case 'or':
      break;
    default:
      return never(value);
  }
  noteValue(bounds, value.a, looped);
  noteValue(bounds, value.b, looped);
}

function noteCondition(bounds: Bounds, condition: Condition): void {
  switch (condition.op) {
    case 'and':
    case 'or':
      for (const one of condition.of) noteCondition(bounds, one);
      return;
    case 'not':
      return noteCondition(bounds, condition.of);
    case 'true':
      return;
    case 'register':
    case 'memory':
    case 'crashed':
    case 'deadlock':
    case 'kernel':
      return note(bounds, condition.value);
    default:
      return never(condition);
  }
}
