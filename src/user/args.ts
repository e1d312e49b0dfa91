// The arguments of an operation as a recording or a user gives them, read with a sentence about
// what is wrong with them.

import type { Problem } from '../base/index.ts';

/** Arguments by name, as JSON has them. */
export type RawArgs = Readonly<Record<string, unknown>>;

/** Reads arguments one by one; the first thing wrong stays, and later reads give neutral values. */
export class Args {
  readonly #op: string;
  readonly #raw: RawArgs;
  readonly #read = new Set<string>();
  #problem: Problem | undefined;
  constructor(op: string, raw: RawArgs) {
    this.#op = op;
    this.#raw = raw;
  }

  /** A text argument. */
  text(name: string, otherwise?: string): string {
    const value = this.#value(name);
    if (value === undefined && otherwise !== undefined) return otherwise;
    if (typeof value === 'string') return value;
    this.#wrong(`'${name}' of ${this.#op} must be a text`);
    return '';
  }

  /** A whole number of at least 0; people may write 0x1000, 4k or 16M. */
  count(name: string, otherwise?: number): number {
    const typed = this.#value(name);
    if (typed === undefined && otherwise !== undefined) return otherwise;
    const value = typeof typed === 'string' ? numberOf(typed) : typed;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    this.#wrong(`'${name}' of ${this.#op} must be a whole number of at least 0`);
    return 0;
  }

  /** A list of texts. */
  texts(name: string, otherwise?: readonly string[]): readonly string[] {
    const value = this.#value(name);
    if (value === undefined && otherwise !== undefined) return otherwise;
    if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
    if (typeof value === 'string') return value.split(/\s+/).filter((word) => word !== '');
    this.#wrong(`'${name}' of ${this.#op} must be a list of texts`);
    return [];
  }

  /** Words of a text separated by commas, each one of `known`. */
  words(name: string, known: readonly string[]): ReadonlySet<string> {
    const words = this.text(name, '')
      .split(',')
      .filter((word) => word !== '');
    const strange = words.find((word) => !known.includes(word));
    if (strange !== undefined) {
      this.#wrong(`'${name}' of ${this.#op} does not know '${strange}'`, known);
    }
    return new Set(words);
  }

  /** One of the words of `known`. */
  word(name: string, known: readonly string[], otherwise?: string): string {
    const word = this.text(name, otherwise);
    if (!known.includes(word)) {
      this.#wrong(`'${name}' of ${this.#op} cannot be '${word}'`, known);
    }
    return word;
  }

  /** One byte, given as a character or as xHH. */
  byte(name: string): number {
    const value = this.text(name);
    if (/^x[0-9a-f]{2}$/.test(value)) return Number.parseInt(value.slice(1), 16);
    if (value.length !== 1 || value.charCodeAt(0) > 0xff) {
      this.#wrong(`'${name}' of ${this.#op} must be one byte: a character or xHH`);
    }
    return value.charCodeAt(0) & 0xff;
  }

  /** What is wrong with the arguments, unread ones included. */
  problem(): Problem | undefined {
    const unread = Object.keys(this.#raw).find((name) => !this.#read.has(name));
    if (this.#problem === undefined && unread !== undefined) {
      return { what: `${this.#op} has no argument '${unread}'` };
    }
    return this.#problem;
  }

  #value(name: string): unknown {
    this.#read.add(name);
    return Object.hasOwn(this.#raw, name) ? this.#raw[name] : undefined;
  }

  #wrong(what: string, known: readonly string[] = []): void {
    const hint = known.length > 0 ? { hint: `known: ${known.join(' ')}` } : {};
    this.#problem ??= { what, ...hint };
  }
}

function numberOf(text: string): number {
  const [, number = '', unit = ''] = /^(0x[0-9a-f]+|\d+)([kM]?)$/i.exec(text) ?? [];
  const factor = { '': 1, k: 2 ** 10, m: 2 ** 20 }[unit.toLowerCase()] ?? 1;
  return number === '' ? Number.NaN : Number(number) * factor;
}
