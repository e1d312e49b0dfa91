// Mistakes in checks: (a) a check that is gone, turned round, or jumps to the wrong place, (b) a
// check of the wrong kind, (f) errors that are survived, or not, against the protocol.

import { blank, eachStatement } from './c-statements.mjs';
import { isNeeded } from './mutate-facts.mjs';

/** @typedef {import('./mutate-facts.mjs').Subject} Subject */
/** @typedef {import('./mutate-facts.mjs').Call} Call */
/** @typedef {import('./mutate-facts.mjs').Mutant} Mutant */
/** @typedef {import('./mutate-facts.mjs').Skipped} Skipped */
/** @typedef {import('./c-statements.mjs').CFunction} CFunction */
/** @typedef {import('./c-statements.mjs').Statement} Statement */

/**
 * @typedef {object} Out Where mutants go.
 * @property {(one: Mutant) => void} mutant
 * @property {(one: Skipped) => void} skipped
 */

/**
 * Classes a, b and f of a function.
 * @param {Subject} subject
 * @param {CFunction} fn
 * @param {Out} out
 */
export function mutateChecks(subject, fn, out) {
  for (const call of subject.calls(fn)) {
    if (call.check !== undefined && call.check.cond !== undefined) {
      withoutCheck(subject, fn, call, call.check, out);
      wrongKind(subject, fn, call, call.check, out);
      swallowed(subject, fn, call, call.check, out);
    }
  }
  jumps(subject, fn, out);
  survival(subject, fn, out);
}

/**
 * @param {Subject} subject
 * @param {CFunction} fn
 * @param {Call} call
 * @param {Statement} check
 * @param {Out} out
 */
function withoutCheck(subject, fn, call, check, out) {
  const [then, otherwise] = check.parts;
  const [from, to] = check.cond ?? [0, 0];
  if (then === undefined) return;
  const about = {
    class: /** @type {const} */ ('a'),
    function: fn.name,
    line: subject.line(check.start),
  };
  // The call itself may stand in the condition: then it stays, and its result is not looked at.
  const inside = call.statement === check;
  const condition = subject.text.slice(from, to);
  const stays = inside ? `${condition};` : ';';
  out.mutant({
    ...about,
    what: `no check of ${call.name}()`,
    text: subject.edited([
      {
        from: check.start,
        to: otherwise?.start ?? check.end,
        by: padded(subject, check.start, otherwise?.start ?? check.end, stays),
      },
    ]),
  });
  out.mutant({
    ...about,
    what: `the check of ${call.name}() turned round`,
    text: subject.edited([{ from, to, by: `!(${condition})` }]),
  });
  const last = then.kind === 'block' ? then.parts.at(-1) : undefined;
  if (last === undefined || !/^(?:goto|return)\b/.test(last.text)) return;
  if (then.parts.length === 1) return;
  const text = subject.edited([{ from: last.start, to: last.end, by: '' }]);
  // With an else branch nothing is skipped that was not: what follows runs either way.
  out.mutant({ ...about, what: `no jump after ${call.name}() failed`, text });
}

/**
 * A text in the place of another one, with as many lines.
 * @param {Subject} subject
 * @param {number} from
 * @param {number} to
 * @param {string} by
 */
function padded(subject, from, to, by) {
  const lines = subject.text.slice(from, to).split('\n').length - by.split('\n').length;
  return by + '\n'.repeat(Math.max(0, lines));
}

/**
 * A test for NULL where an error pointer comes, and the reverse; of a negative number, whether it
 * is positive. None of these ever holds, so that every failure goes on as a success.
 * @param {Subject} subject
 * @param {CFunction} fn
 * @param {Call} call
 * @param {Statement} check
 * @param {Out} out
 */
function wrongKind(subject, fn, call, check, out) {
  const [from, to] = check.cond ?? [0, 0];
  const condition = subject.text.slice(from, to);
  const about = {
    class: /** @type {const} */ ('b'),
    function: fn.name,
    line: subject.line(check.start),
  };
  if (call.kind === 'register') {
    const text = subject.edited([{ from, to, by: `${condition} > 0` }]);
    out.mutant({ ...about, what: `the error of ${call.name}() taken for positive`, text });
    return;
  }
  const isErr = /^IS_ERR\(([^()]*)\)$/.exec(condition);
  const isNull = /^!([\w>.-]+)$/.exec(condition);
  const by = isErr ? `!${isErr[1] ?? ''}` : isNull ? `IS_ERR(${isNull[1] ?? ''})` : undefined;
  if (by === undefined) return;
  const text = subject.edited([{ from, to, by }]);
  out.mutant({ ...about, what: `${condition} for ${call.name}() becomes ${by}`, text });
}

/**
 * The failure of a call that must not be survived ends in success: 0 is returned for its error.
 * @param {Subject} subject
 * @param {CFunction} fn
 * @param {Call} call
 * @param {Statement} check
 * @param {Out} out
 */
function swallowed(subject, fn, call, check, out) {
  const [then] = check.parts;
  if (then === undefined || call.optional) return;
  const all = then.kind === 'block' ? then.parts : [then];
  for (const { start, end, text } of all) {
    const zero = text.replace(/^(return|\w+\s*=)\s*PTR_ERR\([^()]*\);$/, '$1 0;');
    if (zero === text || all.some((one) => one.kind === 'if')) continue;
    out.mutant({
      class: 'f',
      function: fn.name,
      line: subject.line(start),
      what: `every error of ${call.name}() becomes 0`,
      text: subject.edited([{ from: start, to: end, by: zero }]),
    });
  }
}

/**
 * Jumps to another label, or a return in their place. Rule of equivalence: only what is given back
 * less, and is held at the jump, counts. A label further up gives back more than is held: NULL from
 * memory that is zeroed, or an entry that is not there, which the functions of the protocols bear
 * (@source drivers/dax/super.c kill_dax() put_dax() dax_remove_host() v6.12); what it does beside
 * that is nothing a protocol knows.
 * @param {Subject} subject
 * @param {CFunction} fn
 * @param {Out} out
 */
function jumps(subject, fn, out) {
  const labels = subject.labels(fn);
  eachStatement(fn.body, (one) => {
    const label = /^goto\s+(\w+);$/.exec(one.text)?.[1];
    if (label === undefined) return;
    const held = subject.heldAt(fn, one.start);
    const now = subject.givenBackBy(subject.runsFrom(fn, label));
    const about = { function: fn.name, line: subject.line(one.start) };
    const worse = labels.filter((other) => {
      if (other === label) return false;
      const then = subject.givenBackBy(subject.runsFrom(fn, other));
      const lost = now.filter((name) => !then.includes(name));
      if (isNeeded(held, lost)) return true;
      out.skipped({
        ...about,
        what: `goto ${label} becomes goto ${other}`,
        why: 'nothing held is lost',
      });
      return false;
    });
    const after = worse.filter((other) => labels.indexOf(other) > labels.indexOf(label));
    // The label next to it is the likely slip; the last one is the worst.
    const chosen = new Set([after[0], after.at(-1)]);
    for (const other of chosen) {
      if (other === undefined) continue;
      const by = `goto ${other};`;
      const text = subject.edited([{ from: one.start, to: one.end, by }]);
      out.mutant({ ...about, class: 'a', what: `goto ${label} becomes ${by}`, text });
    }
    const by = leave(fn);
    if (by === undefined || !isNeeded(held, now)) return;
    const text = subject.edited([{ from: one.start, to: one.end, by }]);
    out.mutant({ ...about, class: 'a', what: `goto ${label} becomes ${by}`, text });
  });
}

/** @param {CFunction} fn */
function leave({ header, name }) {
  if (header.slice(0, header.indexOf(name)).includes('*')) return 'return NULL;';
  return /\b(?:int|ssize_t)\b/.test(header) ? 'return -ENOMEM;' : undefined;
}

/**
 * What is made of the error that callers must survive.
 * @param {Subject} subject
 * @param {CFunction} fn
 * @param {Out} out
 */
function survival(subject, fn, out) {
  const about = { class: /** @type {const} */ ('f'), function: fn.name };
  /** @type {(at: number, what: string, from: number, to: number, by: string) => void} */
  const add = (at, what, from, to, by) => {
    const line = subject.line(at);
    out.mutant({ ...about, line, what, text: subject.edited([{ from, to, by }]) });
  };
  const refused = '-EOPNOTSUPP';
  eachStatement(fn.body, (one) => {
    const [from, to] = one.cond ?? [0, 0];
    const condition = subject.text.slice(from, to);
    const [then] = one.parts;
    if (one.kind === 'if' && condition.includes(refused) && then !== undefined) {
      add(one.start, 'the refusal is fatal', from, to, '1');
      add(one.start, 'every error is survived', one.start, one.end, `;${blank(one.text).slice(1)}`);
      add(one.start, 'only the refusal is fatal', from, to, condition.replace('!=', '=='));
      add(one.start, 'another error is survived', from, to, condition.replace(refused, '-ENODEV'));
    }
    const chosen = /^return (\w+) == -EOPNOTSUPP \? 0 : (\w+);$/.exec(one.text);
    if (one.kind !== 'simple' || chosen === null) return;
    const [, error = ''] = chosen;
    add(one.start, 'the refusal is fatal', one.start, one.end, `return ${error};`);
    add(one.start, 'every error is survived', one.start, one.end, 'return 0;');
    const { text } = one;
    add(one.start, 'only the refusal is fatal', one.start, one.end, text.replace('==', '!='));
    const other = text.replace(refused, '-ENODEV');
    add(one.start, 'another error is survived', one.start, one.end, other);
  });
}
