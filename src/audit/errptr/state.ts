// What is known at one place of one path: which variable holds which value, and what kinds each
// value may have. Variables and values are numbered per function (see Names), so that a state is
// two short arrays.

import { ANY, ERROR, NULL_, VALID } from './facts.ts';

/** Values that are the same everywhere. */
export const VALID_CELL = 1;
export const NULL_CELL = 2;
export const ERROR_CELL = 3;
/** Values with greater numbers belong to the function. */
export const firstOwnCell = 4;

/** Bits beside the kinds: the value was tested for NULL, for an error. */
export const NULL_TESTED = 8;
export const ERROR_TESTED = 16;
/** Something else may have tested it: how it is used tells nothing. */
export const TRUSTED = 32;
/** It is not one particular error: whether it may be another is not known. */
export const COMPARED = 64;

/** One value: what a call gave, or what a variable held at the start, or an unknown one. */
export interface Cell {
  readonly id: number;
  readonly callee?: string;
  /** The error, where the value is a constant one. */
  readonly errno?: string;
  readonly at: number;
}

/** Numbers of the variables and values of one function. */
export class Names {
  readonly keys: string[] = [];
  readonly keyIds = new Map<string, number>();
  readonly cells: (Cell | undefined)[] = [undefined, undefined, undefined, undefined];
  readonly cellIds = new Map<string, number>();

  key(text: string): number {
    const known = this.keyIds.get(text);
    if (known !== undefined) return known;
    this.keys.push(text);
    this.keyIds.set(text, this.keys.length - 1);
    return this.keys.length - 1;
  }

  /** The value that a name stands for; `kind` keeps apart several of one place. */
  cell(kind: string, at: number, is: { callee?: string; errno?: string } = {}): number {
    const name = `${kind}:${at}`;
    const known = this.cellIds.get(name);
    if (known !== undefined) return known;
    const id = this.cells.length;
    this.cells.push({ id, at, ...is });
    this.cellIds.set(name, id);
    return id;
  }

  /** What the variable held when the function began. */
  initial(key: number): number {
    return this.cell('initial', key);
  }
}

/** One state; changed in place, copied where paths part. */
export class State {
  /** By variable: the number of its value; 0: as at the start of the function. */
  readonly held: number[];
  /** By value: bits; 0: any kind, not tested. */
  readonly known: number[];
  /** By value: where it was tested last; not part of what makes states different. */
  readonly tested: number[];

  constructor(held: number[], known: number[], tested: number[]) {
    this.held = held;
    this.known = known;
    this.tested = tested;
  }

  copy(): State {
    return new State(this.held.slice(), this.known.slice(), this.tested.slice());
  }

  kinds(cell: number): number {
    if (cell < firstOwnCell) return constantKinds(cell);
    const bits = this.known[cell] ?? 0;
    return bits === 0 ? ANY : bits & ANY;
  }

  flags(cell: number): number {
    return (this.known[cell] ?? 0) & (NULL_TESTED | ERROR_TESTED | TRUSTED | COMPARED);
  }

  /** Keeps only `kinds` of a value; false where none is left, and the path cannot be taken. */
  keep(cell: number, kinds: number, at: number): boolean {
    const before = this.kinds(cell);
    const left = before & kinds;
    if (left === 0) return false;
    if (cell < firstOwnCell || left === before) return true;
    const gone = before & ~left;
    const flags =
      ((gone & NULL_) !== 0 || left === NULL_ ? NULL_TESTED : 0) |
      ((gone & ERROR) !== 0 && (gone & VALID) === 0 ? ERROR_TESTED : 0) |
      (left === ERROR ? ERROR_TESTED : 0);
    set(this.known, cell, left | this.flags(cell) | flags);
    if (at >= 0) set(this.tested, cell, at);
    return true;
  }

  /** Says of a value that it has these kinds, without a test. */
  assume(cell: number, kinds: number): void {
    if (cell >= firstOwnCell) set(this.known, cell, kinds | this.flags(cell));
  }

  /** No use of the value is judged any more. */
  trust(cell: number, why = TRUSTED): void {
    if (cell >= firstOwnCell) set(this.known, cell, this.kinds(cell) | this.flags(cell) | why);
  }

  forget(cell: number): void {
    if ((this.known[cell] ?? 0) !== 0) this.known[cell] = 0;
  }

  hold(key: number, cell: number): void {
    set(this.held, key, cell);
  }

  /** Two numbers of 26 bits in one: equal for equal states; a collision loses a path. */
  hash(): number {
    let a = 17;
    let b = 91;
    for (let i = 0; i < this.held.length; i++) {
      const held = this.held[i] ?? 0;
      if (held === 0) continue;
      a = Math.imul(a ^ (i * 2 + 1), 0x01000193) ^ held;
      b = Math.imul(b ^ held, 0x5bd1e995) ^ (i * 2 + 1);
    }
    for (let i = 0; i < this.known.length; i++) {
      const bits = this.known[i] ?? 0;
      if (bits === 0) continue;
      a = Math.imul(a ^ (i * 2), 0x01000193) ^ bits;
      b = Math.imul(b ^ bits, 0x5bd1e995) ^ (i * 2);
    }
    return ((a ^ (a >>> 15)) & 0x3ffffff) * 0x4000000 + ((b ^ (b >>> 13)) & 0x3ffffff);
  }
}

function constantKinds(cell: number): number {
  if (cell === VALID_CELL) return VALID;
  if (cell === NULL_CELL) return NULL_;
  return cell === ERROR_CELL ? ERROR : ANY;
}

/** Writes behind the end too, so that no array has holes. */
function set(array: number[], index: number, value: number): void {
  while (array.length <= index) array.push(0);
  array[index] = value;
}
