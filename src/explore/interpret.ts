// The interpreter back end: an expression tree becomes a closure over the words of one state.
// It is the reference that every faster back end must agree with, so it stays obviously right.

import { never, present } from '../base/index.ts';
import {
  type Action,
  type Expr,
  type Layout,
  readField,
  wrapped,
  writeField,
} from '../ir/index.ts';

/** Value of an expression in the state that starts at `offset` of `words`. */
export type Evaluate = (words: Uint32Array, offset: number) => number;

/** One action, ready to run. */
export interface Transition {
  readonly action: Action;
  readonly enabled: Evaluate;
  /** Writes the successor of the state at `from` of `source` to `to` of `target`. */
  readonly apply: (source: Uint32Array, from: number, target: Uint32Array, to: number) => void;
}

/** Compiles one action; guard and updates all read the state before the step. */
export function transitionOf(action: Action, layout: Layout): Transition {
  const updates = action.updates.map((update) => ({
    place: present(layout.places[update.field], 'place of an updated field'),
    value: evaluator(update.value, layout),
  }));
  return {
    action,
    enabled: evaluator(action.guard, layout),
    apply(source, from, target, to) {
      for (let w = 0; w < layout.wordCount; w++) target[to + w] = present(source[from + w], 'word');
      for (const { place, value } of updates) {
        writeField(target, to, place, value(source, from));
      }
    },
  };
}

/** Compiles one expression. */
export function evaluator(expr: Expr, layout: Layout): Evaluate {
  switch (expr.op) {
    case 'const': {
      const value = expr.value;
      return () => value;
    }
    case 'field': {
      const place = present(layout.places[expr.field], 'place of a field');
      return (words, offset) => readField(words, offset, place);
    }
    case 'not': {
      const a = evaluator(expr.a, layout);
      return (words, offset) => (a(words, offset) === 0 ? 1 : 0);
    }
    case 'ite': {
      const c = evaluator(expr.c, layout);
      const a = evaluator(expr.a, layout);
      const b = evaluator(expr.b, layout);
      return (words, offset) => (c(words, offset) !== 0 ? a(words, offset) : b(words, offset));
    }
    case 'eq':
    case 'ne':
    case 'lt':
    case 'and':
    case 'or':
      return binary(expr.op, evaluator(expr.a, layout), evaluator(expr.b, layout));
    case 'add': {
      const a = evaluator(expr.a, layout);
      const b = evaluator(expr.b, layout);
      const { widthBits } = expr;
      return (words, offset) => wrapped(a(words, offset) + b(words, offset), widthBits);
    }
    case 'table': {
      const index = evaluator(expr.index, layout);
      const { values } = expr;
      return (words, offset) => present(values[index(words, offset)], 'value of a table');
    }
    default:
      return never(expr);
  }
}

function binary(op: 'eq' | 'ne' | 'lt' | 'and' | 'or', a: Evaluate, b: Evaluate): Evaluate {
  switch (op) {
    case 'eq':
      return (words, offset) => (a(words, offset) === b(words, offset) ? 1 : 0);
    case 'ne':
      return (words, offset) => (a(words, offset) !== b(words, offset) ? 1 : 0);
    case 'lt':
      return (words, offset) => (a(words, offset) < b(words, offset) ? 1 : 0);
    case 'and':
      return (words, offset) => (a(words, offset) !== 0 && b(words, offset) !== 0 ? 1 : 0);
    case 'or':
      return (words, offset) => (a(words, offset) !== 0 || b(words, offset) !== 0 ? 1 : 0);
    default:
      return never(op);
  }
}
