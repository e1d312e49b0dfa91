// How conf compares two symbols: as numbers where both read as numbers, as texts otherwise.
// @source scripts/kconfig/expr.c expr_parse_string(), __expr_calc_value() v6.12

import { never } from '../../base/index.ts';
import type { SymbolType } from './ast.ts';
import type { CompareOp } from './expr.ts';

/** One side of a comparison: its text, and its type where it is a defined symbol. */
export interface Operand {
  readonly text: string;
  readonly type: SymbolType | undefined;
}

/** Whether `a op b` holds. */
export function compareOperands(a: Operand, op: CompareOp, b: Operand): boolean {
  const order = orderOf(a, b);
  switch (op) {
    case '=':
      return order === 0;
    case '!=':
      return order !== 0;
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    default:
      return never(op, 'operator');
  }
}

function orderOf(a: Operand, b: Operand): number {
  if (a.type !== 'string' || b.type !== 'string') {
    const left = numberOf(a);
    const right = numberOf(b);
    if (left !== undefined && right !== undefined) return left < right ? -1 : left > right ? 1 : 0;
  }
  return a.text < b.text ? -1 : a.text > b.text ? 1 : 0;
}

const tristates: Readonly<Record<string, number>> = { n: 0, m: 1, y: 2 };

// The number a text stands for under the type of its symbol; undefined where it is none.
function numberOf(operand: Operand): number | bigint | undefined {
  const { text, type } = operand;
  switch (type) {
    case 'bool':
    case 'tristate':
      return Object.hasOwn(tristates, text) ? tristates[text] : -1;
    case 'int':
      return /^\s*[+-]?[0-9]+$/.test(text) ? parse(text, 10) : undefined;
    case 'hex':
      return /^\s*[+-]?(0[xX])?[0-9a-fA-F]+$/.test(text) ? parse(text, 16) : undefined;
    default:
      if (/^\s*[+-]?0[xX][0-9a-fA-F]+$/.test(text)) return parse(text, 16);
      if (/^\s*[+-]?0[0-7]*$/.test(text)) return parse(text, 8);
      return /^\s*[+-]?[1-9][0-9]*$/.test(text) ? parse(text, 10) : undefined;
  }
}

function parse(text: string, base: 8 | 10 | 16): number | bigint {
  const trimmed = text.trim();
  const negative = trimmed.startsWith('-');
  const digits = trimmed.replace(/^[+-]/, '').replace(/^0[xX]/, '');
  if (digits.length < 13) {
    const value = Number.parseInt(digits, base);
    return negative ? -value : value;
  }
  const prefix = base === 16 ? '0x' : base === 8 ? '0o' : '';
  const value = BigInt(`${prefix}${digits}`);
  return negative ? -value : value;
}

/**
 * The number at the start of a text as C's strtoll() reads it, 0 where there is none. For ranges.
 */
export function leadingNumber(text: string, base: 10 | 16): bigint {
  const pattern = base === 10 ? /^\s*([+-]?)([0-9]+)/ : /^\s*([+-]?)(?:0[xX])?([0-9a-fA-F]+)/;
  const match = pattern.exec(text);
  if (match === null) return 0n;
  const value = BigInt(`${base === 16 ? '0x' : ''}${match[2] ?? '0'}`);
  return match[1] === '-' ? -value : value;
}
