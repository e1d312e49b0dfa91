// The text of a model: what SPIN makes of it, test/spin.test.ts asks.

import { expect, test } from 'vitest';
import {
  add,
  and,
  constant,
  type Expr,
  eq,
  fieldAt,
  ite,
  ne,
  not,
  or,
  TRUE,
  table,
  type TransitionSystem,
  type Update,
} from '../ir/index.ts';
import { promelaOf, promelaParts } from './promela.ts';

const [x, y, wide] = [fieldAt(0), fieldAt(1), fieldAt(2)];

function systemOf(guard: Expr, updates: readonly Update[]): TransitionSystem {
  return {
    fields: [
      { name: 'x[0]', widthBits: 2, init: 1 },
      { name: 'do', widthBits: 2, init: 0 },
      { name: 'w', widthBits: 32, init: 0xffff_ffff },
    ],
    actions: [{ id: 'P0.0', actor: { kind: 'hardware' }, guard, updates }],
    isEnd: eq(y, constant(3)),
    observed: [0, 2],
  };
}

/** The lines of the only action, without indentation. */
function action(guard: Expr, updates: readonly Update[]): readonly string[] {
  const { body } = promelaParts(systemOf(guard, updates), TRUE, { prefix: '', steps: 'silent' });
  const lines = body.map((line) => line.trim());
  return lines.slice(3, lines.indexOf('}'));
}

test('a whole model: comment, variables, the loop, the judgement of end states', () => {
  const system = systemOf(eq(x, constant(1)), [{ field: 0, value: constant(2) }]);
  const about = { name: 'T', comment: ['What it */ is about.'], says: () => 'x becomes' };
  expect(promelaOf(system, eq(x, constant(2)), about)).toBe(`/*
 * What it * / is about.
 *
 * An error is an end state of which the question holds.
 * Search:  spin -run -DSAFETY -bfs T.pml
 * Replay:  spin -t T.pml
 */

unsigned x_0 : 2 = 1;\t/* x[0] */
unsigned do_ : 2 = 0;\t/* do */
int w = -1;\t/* w */

active proctype system()
{
end_of_run:
\tdo
\t:: d_step {\t/* P0.0: x becomes */
\t\tx_0 == 1 ->
\t\tx_0 = 2;
\t\tprintf("P0.0\\n")
\t   }
\t:: d_step {\t/* an end state: says its outcome, and is judged */
\t\tdo_ == 3 ->
\t\tprintf("end: x_0=%u w=%u holds=%u\\n", x_0, w, (x_0 == 2 -> 1 : 0));
\t\tassert(!(x_0 == 2))
\t   }
\tod
}
`);
});

test.each<[string, Expr, string]>([
  ['a constant', TRUE, 'true'],
  ['operands that bind less', and(or(x, y), not(eq(x, y))), '(x_0 || do_) && !(x_0 == do_)'],
  ['a double negation, which is no send', not(not(x)), '!(!x_0)'],
  ['a chain', and(x, y, ne(x, y)), 'x_0 && do_ && x_0 != do_'],
  ['a comparison of truths', eq(eq(x, y), not(x)), '(x_0 == do_) == !x_0'],
  ['a choice', ite(or(x, y), x, y), '(x_0 || do_ -> x_0 : do_)'],
  ['a sum that fits', add(x, y, 3), '(x_0 + do_)'],
  ['a sum that wraps', add(x, y, 2), '((x_0 + do_) & 3)'],
  ['a sum of words', add(wide, x, 32), 'add32(w, x_0)'],
  ['a sum of words that wraps', add(wide, x, 31), '(add32(w, x_0) & 2147483647)'],
  ['an order', { op: 'lt', a: x, b: y }, 'x_0 < do_'],
  ['an order of words', { op: 'lt', a: x, b: wide }, 'less32(x_0, w)'],
  ['the number with the top bit alone', eq(wide, constant(2 ** 31)), 'w == (-2147483647 - 1)'],
  ['a number beyond it', eq(wide, constant(2 ** 32 - 2)), 'w == (-2)'],
])('%s', (_, guard, text) => {
  expect(action(guard, [])).toEqual([`${text} ->`, 'skip']);
});

test('a table is a macro of comparisons, one for equal tables', () => {
  const [one, other] = [table(x, [5, 5, 7, 6]), table(y, [5, 5, 7, 6])];
  const system = systemOf(eq(one, other), []);
  const parts = promelaParts(system, TRUE, { prefix: 'a_', steps: 'silent' });
  expect([...parts.macros.values()]).toEqual([
    '#define a_table0(i) ((i) < 3 -> ((i) < 2 -> 5 : 7) : 6)',
  ]);
  expect(parts.body.join()).toContain('a_table0(x_0) == a_table0(do_) ->');
});

test('an assignment stands after those that read its field; one to itself is left out', () => {
  const chain = [
    { field: 1, value: constant(3) },
    { field: 0, value: add(x, y, 2) },
    { field: 2, value: wide },
  ];
  expect(action(TRUE, chain)).toEqual(['true ->', 'x_0 = ((x_0 + do_) & 3);', 'do_ = 3']);
});

test('where assignments read each other in a circle, an old value is kept and then dropped', () => {
  const swap = [
    { field: 0, value: y },
    { field: 1, value: x },
  ];
  const kept = ['was_x_0 = x_0;', 'x_0 = do_;', 'do_ = was_x_0;', 'was_x_0 = 0'];
  expect(action(TRUE, swap)).toEqual(['true ->', ...kept]);
  const { variables } = promelaParts(systemOf(TRUE, swap), TRUE, { prefix: '', steps: 'silent' });
  expect(variables.at(-1)).toBe('unsigned was_x_0 : 2 = 0;\t/* an old value in a step; else 0 */');
});

test('a field that nothing reads is read in vain, or SPIN would drop it from its states', () => {
  const written = [
    { field: 0, value: constant(2) },
    { field: 2, value: constant(2) },
  ];
  const system = { ...systemOf(TRUE, written), observed: [2] };
  const unread = promelaParts(system, TRUE, { prefix: '', steps: 'silent' }).body;
  expect(unread.map((line) => line.trim())).toContain('false && x_0 != 0 ->');
  const read = promelaParts(system, x, { prefix: '', steps: 'silent' }).body;
  expect(read.join()).not.toContain('false');
});

test('many observed fields are said in several pieces of one line', () => {
  const system = systemOf(TRUE, []);
  const observed = Array.from({ length: 10 }, () => 0);
  const { body } = promelaParts({ ...system, observed }, TRUE, { prefix: '', steps: 'named' });
  const said = body.filter((line) => line.includes('printf(') && line.includes('x_0=%u'));
  expect(said.map((line) => line.split('%u').length - 1)).toEqual([8, 3]);
});
