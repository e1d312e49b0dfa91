// Mistakes in what is kept and given back: (c) releases swapped, dropped or doubled, (d) stores
// that come too late or not at all, (e) statements of the way out, (g) scope helpers.

import { blank, eachStatement } from './c-statements.mjs';
import { callsIn, isNeeded } from './mutate-facts.mjs';

/** @typedef {import('./mutate-facts.mjs').Subject} Subject */
/** @typedef {import('./mutate-checks.mjs').Out} Out */
/** @typedef {import('./c-statements.mjs').CFunction} CFunction */
/** @typedef {import('./c-statements.mjs').Statement} Statement */

// What may be done twice. @source drivers/dax/super.c dax_remove_host(): erases an entry that need
// not be there, kill_dax(): clears a bit, and waits v6.12
const TWICE = new Set(['dax_remove_host', 'kill_dax']);
// Which releases must keep their order: names, by the object. Others are independent of each other.
// @source drivers/dax/super.c, block/genhd.c del_gendisk() put_disk() v6.12
const ORDERS = [
  ['dax_remove_host', 'kill_dax', 'put_dax'],
  ['del_gendisk', 'put_disk'],
  // The entry is found by the disk.
  ['dax_remove_host', 'put_disk'],
];

/**
 * Classes c, d and e of a function.
 * @param {Subject} subject
 * @param {CFunction} fn
 * @param {Out} out
 */
export function mutateReleases(subject, fn, out) {
  releases(subject, fn, out);
  stores(subject, fn, out);
  wayOut(subject, fn, out);
}

/**
 * @param {Subject} subject
 * @param {Statement} one
 */
function releaseOf(subject, { kind, text }) {
  const name = kind === 'simple' ? /^(\w+)\s*\(/.exec(text)?.[1] : undefined;
  return name !== undefined && subject.releases.has(name) ? name : undefined;
}

/**
 * @param {Subject} subject
 * @param {CFunction} fn
 * @param {Out} out
 */
function releases(subject, fn, out) {
  eachStatement(fn.body, (one, siblings, index) => {
    const name = releaseOf(subject, one);
    if (name === undefined) return;
    const { start: from, end: to } = one;
    const about = {
      class: /** @type {const} */ ('c'),
      function: fn.name,
      line: subject.line(from),
    };
    const source = subject.text.slice(from, to);
    const gone = `no ${name}()`;
    if (endsAgain(subject, fn, [name])) out.skipped({ ...about, what: gone, why: AGAIN });
    else {
      const text = subject.edited([{ from, to, by: emptied(one) }]);
      out.mutant({ ...about, what: gone, text });
    }
    const twice = `${name}() twice`;
    if (TWICE.has(name)) out.skipped({ ...about, what: twice, why: 'the second one does nothing' });
    else {
      const text = subject.edited([{ from, to, by: `${source} ${source}` }]);
      out.mutant({ ...about, what: twice, text });
    }
    const next = siblings.slice(index + 1).find((other) => other.kind !== 'label');
    const other = next === undefined ? undefined : releaseOf(subject, next);
    if (next === undefined || other === undefined) return;
    const what = `${other}() before ${name}()`;
    const isOrdered = ORDERS.some((order) => {
      const place = order.indexOf(name);
      return place >= 0 && order.indexOf(other) > place;
    });
    if (!isOrdered) {
      out.skipped({ ...about, what, why: 'they have nothing to do with each other' });
      return;
    }
    const by = subject.text.slice(next.start, next.end);
    const edits = [
      { from, to, by },
      { from: next.start, to: next.end, by: source },
    ];
    out.mutant({ ...about, what, text: subject.edited(edits) });
  });
}

const AGAIN = 'the object is ended once more in the same function before it is freed';

/**
 * Rule of equivalence: of two calls that end an object, and may both do so, either one will do.
 * @param {Subject} subject
 * @param {CFunction} fn
 * @param {readonly string[]} gives
 */
function endsAgain(subject, fn, gives) {
  const all = subject.givenBackBy(fn.body.text);
  return gives.every((name) => name === 'kill_dax' && all.filter((one) => one === name).length > 1);
}

/** @param {Statement} one */
function emptied({ text }) {
  return `;${blank(text).slice(1)}`;
}

/**
 * Stores of what an acquisition gave. Rule of equivalence: a store that is moved counts only where
 * it passes something that reads the field, or that may leave by a jump to what reads it.
 * @param {Subject} subject
 * @param {CFunction} fn
 * @param {Out} out
 */
function stores(subject, fn, out) {
  const results = subject
    .calls(fn)
    .flatMap(({ kind, subject: name }) => (kind === 'acquire' ? [name] : []));
  eachStatement(fn.body, (one, siblings, index) => {
    const match = /^((\w+)(?:->|\.)[\w>.-]+)\s*=\s*(?:no_free_ptr\()?(\w+)\)?;$/.exec(one.text);
    if (one.kind !== 'simple' || match === null) return;
    const [, field = '', base = '', from = ''] = match;
    if (!results.includes(from)) return;
    const about = {
      class: /** @type {const} */ ('d'),
      function: fn.name,
      line: subject.line(one.start),
    };
    const gone = { from: one.start, to: one.end, by: emptied(one) };
    out.mutant({ ...about, what: `${field} is never set`, text: subject.edited([gone]) });
    const member = field.slice(base.length);
    const source = subject.text.slice(one.start, one.end);
    /** @type {Statement[]} */
    const places = [];
    let isRead = false;
    for (const later of siblings.slice(index + 1)) {
      if (later.kind === 'label' || /^return\b/.test(later.text)) break;
      isRead ||= reads(subject, fn, later.text, base, member);
      const what = `${field} is set after line ${subject.line(later.end - 1)}`;
      if (isRead) places.push(later);
      else out.skipped({ ...about, what, why: 'nothing that is passed reads it' });
    }
    const isFallible = (/** @type {Statement} */ s) => s.kind === 'if';
    const chosen = new Set([places[0], places.find(isFallible), places.at(-1)]);
    for (const later of chosen) {
      if (later === undefined) continue;
      const by = `${subject.text.slice(later.end - 1, later.end)} ${source}`;
      const text = subject.edited([gone, { from: later.end - 1, to: later.end, by }]);
      const what = `${field} is set after line ${subject.line(later.end - 1)}`;
      out.mutant({ ...about, what, text });
    }
  });
}

/**
 * Whether a statement, or what it jumps to or calls, reads a field.
 * @param {Subject} subject
 * @param {CFunction} fn
 * @param {string} text
 * @param {string} base
 * @param {string} member
 */
function reads(subject, fn, text, base, member) {
  const targets = [...text.matchAll(/\bgoto\s+(\w+)/g)].map((one) => one[1] ?? '');
  const run = [text, ...targets.map((label) => subject.runsFrom(fn, label))].join('\n');
  const named = new RegExp(`\\b${base}${member.replace(/[.>]/g, '\\$&')}\\b`);
  if (named.test(run)) return true;
  const handed = [...run.matchAll(/\b(\w+)\s*\(([^()]*)\)/g)].filter(([, , args = '']) =>
    args.split(',').some((arg) => arg.trim() === base),
  );
  return handed.some(([, name]) => {
    const callee = subject.functions.find((one) => one.name === name);
    return callee?.body.text.includes(member) === true;
  });
}

/**
 * Statements of the way out. Rule of equivalence: only what a protocol knows counts, that is calls
 * that give something back, the ends of a way (return, goto), and fields of failed acquisitions set
 * to NULL; locks, lists and plain memory are nothing that a protocol knows.
 * @param {Subject} subject
 * @param {CFunction} fn
 * @param {Out} out
 */
function wayOut(subject, fn, out) {
  const about = { class: /** @type {const} */ ('e'), function: fn.name };
  /** @type {(one: Statement, what: string) => void} */
  const drop = (one, what) => {
    const text = subject.edited([{ from: one.start, to: one.end, by: emptied(one) }]);
    out.mutant({ ...about, line: subject.line(one.start), what, text });
  };
  eachStatement(fn.body, (one, siblings, index, above) => {
    if (one.kind !== 'simple' || releaseOf(subject, one) !== undefined) return;
    const gives = subject.givenBackBy(one.text);
    const callee = callsIn(one.text)[0] ?? '';
    if (gives.length > 0 && one.text.startsWith(callee)) {
      const what = `no ${callee}()`;
      if (!endsAgain(subject, fn, gives)) drop(one, what);
      else out.skipped({ ...about, line: subject.line(one.start), what, why: AGAIN });
    }
    const isTop = above.length === 1;
    const next = siblings[index + 1];
    if (isTop && /^(?:return|goto)\b/.test(one.text) && next?.kind === 'label') {
      const label = next.text.replace(/\s*:$/, '');
      const runs = subject.givenBackBy(subject.runsFrom(fn, label));
      const goal = /^goto\s+(\w+)/.exec(one.text)?.[1];
      const instead = goal === undefined ? [] : subject.givenBackBy(subject.runsFrom(fn, goal));
      const isSame = runs.join() === instead.join();
      if (!isSame && isNeeded(subject.heldAt(fn, one.start), runs))
        drop(one, `falls into ${label}`);
      else {
        const why = 'what follows gives back the same, or nothing that a protocol knows';
        out.skipped({ ...about, line: subject.line(one.start), what: `falls into ${label}`, why });
      }
    }
    if (/^[\w>.-]+\s*=\s*NULL;$/.test(one.text)) cleared(subject, fn, one, above, { drop, out });
  });
}

/**
 * A field that is set to NULL: what an acquisition that failed left there must not be taken for an
 * object. After a release it does not count where the memory goes next, as everywhere here.
 * @param {Subject} subject
 * @param {CFunction} fn
 * @param {Statement} one
 * @param {readonly Statement[]} above
 * @param {{ drop: (one: Statement, what: string) => void, out: Out }} to
 */
function cleared(subject, fn, one, above, { drop, out }) {
  const field = /^([\w>.-]+)/.exec(one.text)?.[1] ?? '';
  const call = subject
    .calls(fn)
    .find(
      ({ kind, check, subject: name }) =>
        kind === 'acquire' && name === field && check !== undefined && above.includes(check),
    );
  const branch = call?.check?.parts[0]?.text ?? '';
  const base = /^\w+/.exec(field)?.[0] ?? '';
  const rest = branch.replace(one.text, '').replaceAll(field, '');
  if (call !== undefined && reads(subject, fn, rest, base, field.slice(base.length))) {
    drop(one, `${field} keeps the error of ${call.name}()`);
    return;
  }
  const about = { function: fn.name, line: subject.line(one.start) };
  const why = 'nothing reads it before the memory is freed, or nothing of a protocol was in it';
  out.skipped({ ...about, what: `${field} is not cleared`, why });
}

/**
 * Class g, of a whole file: helpers of __free(), and who uses them.
 * @param {Subject} subject
 * @param {Out} out
 */
export function mutateScopes(subject, out) {
  /** @type {(at: number, what: string, from: number, to: number, by: string) => void} */
  const add = (at, what, from, to, by) => {
    const text = subject.edited([{ from, to, by }]);
    out.mutant({ class: 'g', function: nameAt(subject, at), line: subject.line(at), what, text });
  };
  for (const { index, 0: whole, 1: guard = '', 2: rest = '' } of subject.plain.matchAll(
    /DEFINE_FREE\(\w+,[^,]*,\s*(if \((!IS_ERR_OR_NULL\(_T\))\))([^\n]*)\)$/gm,
  )) {
    const from = index + whole.indexOf(guard);
    const to = from + guard.length;
    if (subject.givenBackBy(whole).length === 0) continue;
    add(index, 'the helper runs for errors and NULL', from, to, '');
    add(index, 'the helper runs for errors', from, to, 'if (_T)');
    const what = 'the helper runs for NULL';
    const why = 'kill_dax() and put_dax() bear NULL';
    out.skipped({ function: nameAt(subject, index), line: subject.line(index), what, why });
    void rest;
  }
  for (const fn of subject.subjects()) {
    eachStatement(fn.body, (one) => {
      if (one.kind !== 'simple') return;
      const scope = /\s__free\((\w+)\)/.exec(one.text);
      const kept = /no_free_ptr\((\w+)\)/.exec(one.text);
      for (const [match, by] of [
        [scope, ''],
        [kept, kept?.[1] ?? ''],
      ]) {
        if (match === null || typeof match === 'string' || match === undefined) continue;
        const from = one.start + match.index;
        const what = `no ${match[0].trim()}`;
        add(one.start, what, from, from + match[0].length, typeof by === 'string' ? by : '');
      }
    });
  }
}

/**
 * @param {Subject} subject
 * @param {number} at
 */
function nameAt(subject, at) {
  const inside = subject.functions.find(({ body }) => body.start <= at && at < body.end);
  return inside?.name ?? /^\w+/.exec(subject.text.slice(at))?.[0] ?? '';
}
