// Comparisons, as kinds of values.

import { ANY, ERROR, NULL_, VALID } from './facts.ts';
import { ERROR_CELL, VALID_CELL } from './state.ts';

/**
 * Kinds that remain where `value op other` holds, and where it does not; `other` are the kinds of
 * the other side, `cell` its value.
 */
export function comparison(op: string, other: number, cell: number): readonly [number, number] {
  if (op === '==')
    return other === ANY ? [ANY, ANY] : [other, other === NULL_ ? ANY & ~NULL_ : ANY];
  if (op === '!=')
    return other === ANY ? [ANY, ANY] : [other === NULL_ ? ANY & ~NULL_ : ANY, other];
  if (other === NULL_) {
    if (op === '<') return [ERROR, VALID | NULL_];
    if (op === '>=') return [VALID | NULL_, ERROR];
    if (op === '>') return [VALID, NULL_ | ERROR];
    return [NULL_ | ERROR, VALID];
  }
  if (cell === ERROR_CELL) {
    if (op === '<' || op === '<=') return [ERROR, ANY];
    if (op === '>' || op === '>=') return [ANY, ERROR];
  }
  if (cell === VALID_CELL) {
    if (op === '<' || op === '<=') return [ANY, VALID];
    if (op === '>' || op === '>=') return [VALID, ANY];
  }
  return [ANY, ANY];
}

/** The operator with its sides exchanged. */
export function mirror(op: string): string {
  const mirrored: Readonly<{ [op: string]: string }> = {
    '<': '>',
    '>': '<',
    '<=': '>=',
    '>=': '<=',
  };
  return mirrored[op] ?? op;
}

/** Whether the operator gives a truth. */
export function isTest(op: string): boolean {
  return /^(?:&&|\|\||[=!]=|[<>]=?)$/.test(op);
}
