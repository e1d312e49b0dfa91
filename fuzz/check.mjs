// What must hold of any text that is given to the litmus language: an answer in time, problems with
// places, and for what is a test, the same test after formatting. Throws where it does not.

import assert from 'node:assert/strict';

/**
 * @typedef {typeof import('../src/litmus/index.ts')} Litmus
 * @typedef {(program: import('../src/litmus/index.ts').Program) => void} Compile
 * @typedef {'test' | 'format' | 'refused'} Kind a whole test; right in its syntax only; neither
 */

/** A mutant of a catalogue test is answered in less, by a wide margin. */
const limitSeconds = 0.5;

/**
 * Checks one text.
 * @param {Litmus} litmus
 * @param {string} text
 * @param {Compile} compile must take every program that the language lets through
 * @returns {Kind}
 */
export function check(litmus, text, compile) {
  inTime(() => litmus.parseLitmus(text, 'm.litmus'));
  const parsed = litmus.parseLitmus(text, 'm.litmus');
  const formatted = litmus.formatLitmus(text, 'm.litmus');
  if (!formatted.ok) {
    assert(!parsed.ok, 'what is a test can be formatted');
    checkProblems(formatted.problems);
    assert.deepEqual(parsed.problems, formatted.problems);
    return 'refused';
  }
  const again = litmus.formatLitmus(formatted.text, 'm.litmus');
  assert(again.ok, 'formatted text can be formatted');
  assert.equal(again.text, formatted.text, 'formatting twice changes nothing');
  const reparsed = litmus.parseLitmus(formatted.text, 'm.litmus');
  assert.equal(reparsed.ok, parsed.ok, 'formatting makes no test and breaks none');
  if (!parsed.ok || !reparsed.ok) {
    if (!parsed.ok) checkProblems(parsed.problems);
    return 'format';
  }
  assert.deepEqual(reparsed.test.program, parsed.test.program, 'formatting keeps the program');
  assert.deepEqual(reparsed.test.results, parsed.test.results, 'formatting keeps the results');
  compile(parsed.test.program);
  return 'test';
}

/** @param {readonly import('../src/base/index.ts').Problem[]} problems */
function checkProblems(problems) {
  assert(problems.length > 0, 'a refusal has a reason');
  assert(problems.length <= 21, 'problems are limited');
  for (const [i, { what, where, hint }] of problems.entries()) {
    const last = i === 20;
    assert.match(where ?? '', last ? /^m\.litmus$/ : /^m\.litmus:\d+:\d+$/);
    assert.match(`${what} ${hint ?? ''}`, /^[ -~]+$/, 'problems are one line of ASCII');
    assert(what.length < 400, `a problem is a sentence: ${what}`);
  }
}

// A garbage collection may fall into one run, not into three.
/** @param {() => void} run */
function inTime(run) {
  let seconds = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 3 && seconds > limitSeconds; tries++) {
    const start = performance.now();
    run();
    seconds = (performance.now() - start) / 1000;
  }
  assert(seconds <= limitSeconds, `answered after ${seconds.toFixed(1)} s`);
}
