// What mutants of a function need to know of it: the calls that a protocol names, what is held at a
// place, and what a jump to a label gives back. Read from the text and the protocols alone.

import { blank, eachStatement, functionsIn, masked } from './c-statements.mjs';

/** @typedef {import('./c-statements.mjs').Statement} Statement */
/** @typedef {import('./c-statements.mjs').CFunction} CFunction */
/** @typedef {import('../../src/audit/index.ts').Protocol} Protocol */

/**
 * @typedef {'a' | 'b' | 'c' | 'd' | 'e' | 'f' | 'g'} MutantClass
 * @typedef {object} Mutant
 * @property {MutantClass} class
 * @property {string} function
 * @property {number} line
 * @property {string} what
 * @property {string} text The file with the mistake in it.
 * @typedef {object} Skipped
 * @property {string} function
 * @property {number} line
 * @property {string} what
 * @property {string} why It would behave as before.
 * @typedef {object} Call A call that may fail, of a function that gives or registers an object.
 * @property {string} name
 * @property {'acquire' | 'register'} kind
 * @property {Protocol} protocol
 * @property {readonly string[]} undo Functions that undo it.
 * @property {boolean} optional
 * @property {Statement} statement
 * @property {Statement | undefined} check The test of its result.
 * @property {string} subject What is tested: a variable, or the call itself.
 */

/**
 * @param {Protocol} protocol
 * @returns {ReadonlyMap<string, Pick<Call, 'name' | 'kind' | 'protocol' | 'undo' | 'optional'>>}
 */
function fallible(protocol) {
  const gives = protocol.acquire.map(({ function: name, optional }) => {
    const undo = protocol.release.map((one) => one.function);
    return /** @type {const} */ ({ name, kind: 'acquire', protocol, undo, optional });
  });
  const registers = protocol.register.map(({ function: name, undo }) => {
    const back = [undo.function];
    return /** @type {const} */ ({ name, kind: 'register', protocol, undo: back, optional: false });
  });
  return new Map([...gives, ...registers].map((one) => [one.name, one]));
}

/** A file that is mutated, and what is known of it. */
export class Subject {
  /**
   * @param {string} file
   * @param {string} text
   * @param {readonly Protocol[]} protocols
   */
  constructor(file, text, protocols) {
    this.file = file;
    this.text = text;
    this.plain = masked(text);
    this.functions = functionsIn(text);
    this.fallible = new Map(protocols.flatMap((one) => [...fallible(one)]));
    const all = protocols.flatMap((one) => [
      ...one.release.map((r) => r.function),
      ...one.register.map((r) => r.undo.function),
    ]);
    this.releases = new Set(all);
    /** @type {Map<string, ReadonlySet<string>>} */
    this.given = new Map();
  }

  /** @param {number} at */
  line(at) {
    return this.text.slice(0, at).split('\n').length;
  }

  /**
   * The file with some places replaced. Lines stay where they are unless a text brings others.
   * @param {readonly { readonly from: number, readonly to: number, readonly by: string }[]} edits
   */
  edited(edits) {
    let { text } = this;
    for (const { from, to, by } of [...edits].sort((a, b) => b.from - a.from)) {
      const lost = text.slice(from, to);
      const pad = by === '' ? blank(lost) : by;
      text = text.slice(0, from) + pad + text.slice(to);
    }
    return text;
  }

  /**
   * Functions that give something back in a piece of text, those of the file looked into.
   * @param {string} text
   * @param {readonly string[]} [above]
   * @returns {readonly string[]}
   */
  givenBackBy(text, above = []) {
    return callsIn(text).flatMap((name) => {
      if (this.releases.has(name)) return [name];
      if (above.includes(name)) return [];
      const callee = this.functions.find((one) => one.name === name);
      return callee === undefined ? [] : this.givenBackBy(callee.body.text, [...above, name]);
    });
  }

  /** Functions that deal with objects: they acquire, register, unregister or release. */
  subjects() {
    return this.functions.filter(({ name, body }) => {
      if (this.fallible.has(name) && name !== 'fs_dax_get_by_bdev') return false;
      if (this.releases.has(name)) return false;
      return callsIn(body.text).some((one) => this.fallible.has(one) || this.releases.has(one));
    });
  }

  /**
   * The fallible calls of a function that its text names, in order.
   * @param {CFunction} fn
   * @returns {readonly Call[]}
   */
  calls({ body }) {
    /** @type {Call[]} */
    const found = [];
    eachStatement(body, (one, siblings, index) => {
      if (one.kind !== 'simple' && one.kind !== 'if') return;
      const text = one.kind === 'if' ? this.plain.slice(...(one.cond ?? [0, 0])) : one.text;
      for (const name of callsIn(text)) {
        const known = this.fallible.get(name);
        if (known === undefined) continue;
        const set = /^([\w>.-]+)\s*=[^=]/.exec(text);
        const [, subject = text] = set ?? [];
        // A lock may be given back before the test.
        const next = siblings.slice(index + 1, index + 3).find(({ kind }) => kind === 'if');
        const tested = this.plain.slice(...(next?.cond ?? [0, 0]));
        const check = one.kind === 'if' ? one : tested.includes(subject) ? next : undefined;
        found.push({ ...known, statement: one, check, subject });
      }
    });
    return found;
  }

  /**
   * What is held at a place, by the order of the text: calls before it that did not fail there.
   * @param {CFunction} fn
   * @param {number} at
   */
  heldAt(fn, at) {
    return this.calls(fn).filter(({ statement, check }) => {
      const failed = check?.parts[0];
      const isFailed = failed !== undefined && failed.start <= at && at < failed.end;
      return statement.start < at && !isFailed;
    });
  }

  /**
   * What is run from a label to the end of its function, whatever branches are taken: the text.
   * @param {CFunction} fn
   * @param {string} label
   * @param {readonly string[]} [before]
   * @returns {string}
   */
  runsFrom(fn, label, before = []) {
    if (before.includes(label)) return '';
    const list = fn.body.parts;
    const first = list.findIndex((one) => one.kind === 'label' && one.text.startsWith(`${label}:`));
    let text = '';
    for (const one of first < 0 ? [] : list.slice(first)) {
      text += `${one.text}\n`;
      const jump = /^goto\s+(\w+)/.exec(one.text)?.[1];
      if (jump !== undefined) return text + this.runsFrom(fn, jump, [...before, label]);
      if (one.text.startsWith('return')) return text;
    }
    return text;
  }

  /** @param {CFunction} fn */
  labels(fn) {
    return fn.body.parts.flatMap(({ kind, text }) =>
      kind === 'label' && !/^(?:case\b|default)/.test(text) ? [text.replace(/\s*:$/, '')] : [],
    );
  }
}

/**
 * @param {string} text
 * @returns {readonly string[]}
 */
export function callsIn(text) {
  return [...text.matchAll(/\b(\w+)\s*\(/g)].map((one) => one[1] ?? '');
}

/**
 * Whether something that is held would not be given back.
 * @param {readonly Call[]} held
 * @param {readonly string[]} lost
 */
export function isNeeded(held, lost) {
  return held.some(({ undo }) => undo.some((one) => lost.includes(one)));
}
