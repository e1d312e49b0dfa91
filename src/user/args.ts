// The arguments of an operation as a recording or a user gives them, read with a sentence about
// what is wrong with them.

import type { Problem } from '../base/index.ts';

/** Arguments by name, as JSON has them. */
export type RawArgs = Readonly<Record<string, unknown>>;

/** An argument as an operation asks for it. */
export interface AskedArgument {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'list' | 'words' | 'word' | 'byte';
  readonly optional: boolean;
  /** Words it may be or have, where only some are known. */
  readonly known: readonly string[];
}

/** Largest number of an argument: the sum of two is still exact. */
export const MOST = 2 ** 51;
/** Most bytes of one load or store, which all stand in memory of ours at once. */
export const MOST_BYTES = 2 ** 30;

/** Reads arguments one by one; the first thing wrong stays, and later reads give neutral values. */
export class Args {
  /** What has been asked for so far, in order. */
  readonly asked: AskedArgument[] = [];
  readonly #op: string;
  readonly #raw: RawArgs;
  #problem: Problem | undefined;
  constructor(op: string, raw: RawArgs) {
    this.#op = op;
    this.#raw = raw;
  }

  /** A text argument. */
  text(name: string, otherwise?: string): string {
    this.#ask({ name, kind: 'text', optional: otherwise !== undefined });
    return this.#text(name, otherwise);
  }

  /** A whole number from 0 to `most`; people may write 0x1000, 4k, 16M or 1G. */
  count(name: string, otherwise?: number, most = MOST): number {
    this.#ask({ name, kind: 'number', optional: otherwise !== undefined });
    const typed = this.#value(name);
    if (typed === undefined) return otherwise ?? this.#missing(name, 0);
    const value = typeof typed === 'string' ? numberOf(typed) : typed;
    if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) {
      return value;
    }
    this.#wrong(
      `'${name}' of ${this.#op} must be a whole number from 0 to ${most}`,
      '4k, 16M, 1G and 0x1000 are numbers, too',
    );
    return 0;
  }

  /** A list of texts. */
  texts(name: string, otherwise?: readonly string[]): readonly string[] {
    this.#ask({ name, kind: 'list', optional: otherwise !== undefined });
    const value = this.#value(name);
    if (value === undefined) return otherwise ?? this.#missing(name, []);
    if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
    if (typeof value === 'string') return value.split(/\s+/).filter((word) => word !== '');
    this.#wrong(`'${name}' of ${this.#op} must be a list of texts`);
    return [];
  }

  /** Words of a text separated by commas, each one of `known`. */
  words(name: string, known: readonly string[]): ReadonlySet<string> {
    this.#ask({ name, kind: 'words', optional: true, known });
    const words = this.#text(name, '')
      .split(',')
      .filter((word) => word !== '');
    const strange = words.find((word) => !known.includes(word));
    if (strange !== undefined) {
      this.#wrong(`'${name}' of ${this.#op} does not know '${strange}'`, knownHint(known));
    }
    return new Set(words);
  }

  /** One of the words of `known`. */
  word(name: string, known: readonly string[], otherwise?: string): string {
    this.#ask({ name, kind: 'word', optional: otherwise !== undefined, known });
    const word = this.#text(name, otherwise);
    if (!known.includes(word)) {
      this.#wrong(`'${name}' of ${this.#op} cannot be '${word}'`, knownHint(known));
    }
    return word;
  }

  /** One byte, given as a character or as xHH. */
  byte(name: string): number {
    this.#ask({ name, kind: 'byte', optional: false });
    const value = this.#text(name, undefined);
    if (/^x[0-9a-f]{2}$/.test(value)) return Number.parseInt(value.slice(1), 16);
    if (value.length !== 1 || value.charCodeAt(0) > 0xff) {
      this.#wrong(`'${name}' of ${this.#op} must be one byte: a character or xHH`);
    }
    return value.charCodeAt(0) & 0xff;
  }

  /** What is wrong with the arguments, unread ones included. */
  problem(): Problem | undefined {
    const unread = Object.keys(this.#raw).find(
      (one) => !this.asked.some(({ name }) => name === one),
    );
    if (this.#problem === undefined && unread !== undefined) {
      return { what: `${this.#op} has no argument '${unread}'` };
    }
    return this.#problem;
  }

  #ask(asked: Omit<AskedArgument, 'known'> & { readonly known?: readonly string[] }): void {
    this.asked.push({ known: [], ...asked });
  }

  #text(name: string, otherwise: string | undefined): string {
    const value = this.#value(name);
    if (value === undefined) return otherwise ?? this.#missing(name, '');
    if (typeof value === 'string') return value;
    this.#wrong(`'${name}' of ${this.#op} must be a text`);
    return '';
  }

  #value(name: string): unknown {
    return Object.hasOwn(this.#raw, name) ? this.#raw[name] : undefined;
  }

  #missing<T>(name: string, neutral: T): T {
    this.#wrong(`${this.#op} needs '${name}'`);
    return neutral;
  }

  #wrong(what: string, hint?: string): void {
    this.#problem ??= { what, ...(hint === undefined ? {} : { hint }) };
  }
}

function knownHint(known: readonly string[]): string {
  return `known: ${known.join(' ')}`;
}

const FACTORS: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: 2 ** 30 };

/** The number of a text as people write it: 0x1000, 4k, 16M, 1G; NaN where it is none. */
export function numberOf(text: string): number {
  const [, number = '', unit = ''] = /^(0x[0-9a-f]+|\d+)([kMG]?)$/i.exec(text) ?? [];
  return number === '' ? Number.NaN : Number(number) * (FACTORS[unit.toLowerCase()] ?? 1);
}
