// Random small systems with every operator of the IR, for the comparison with SPIN.

import fc from 'fast-check';
import {
  add,
  constant,
  type Expr,
  fieldAt,
  ite,
  not,
  TRUE,
  table,
  type TransitionSystem,
} from '../../src/ir/index.ts';
import type { Asked } from './model.ts';

/** Narrow ones, and those at the edge of a word, where signed and unsigned numbers part. */
const widths = [1, 2, 3, 8, 30, 31, 32];

const interesting = [0, 1, 2, 3, 7, 2 ** 30, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 1, 2 ** 32 - 1];

function exprOver(fieldCount: number): fc.Arbitrary<Expr> {
  const leaf = fc.oneof(
    { arbitrary: fc.nat(fieldCount - 1).map(fieldAt), weight: 3 },
    { arbitrary: fc.constantFrom(...interesting).map(constant), weight: 1 },
  );
  return fc.letrec<{ expr: Expr }>((tie) => {
    const e = tie('expr');
    const ofTwo = fc.constantFrom('eq', 'ne', 'lt', 'and', 'or');
    return {
      expr: fc.oneof(
        { maxDepth: 4, depthSize: 'small' },
        leaf,
        e.map(not),
        fc.tuple(ofTwo, e, e).map(([op, a, b]): Expr => ({ op, a, b })),
        fc.tuple(e, e, e).map(([c, a, b]) => ite(c, a, b)),
        fc.tuple(e, e, fc.constantFrom(...widths)).map(([a, b, width]) => add(a, b, width)),
        fc.tuple(e, fc.array(fc.constantFrom(...interesting), { minLength: 8, maxLength: 8 })).map(
          // The sum wraps, so that the index is within the table.
          ([index, values]) => table(add(index, constant(1), 3), values),
        ),
      ),
    };
  }).expr;
}

/**
 * A system of four fields and up to five actions; half of them may take only some steps, so that
 * their ends are many.
 */
export const randomSystem: fc.Arbitrary<Omit<Asked, 'name'>> = fc
  .record({
    fields: fc.array(fc.tuple(fc.constantFrom(...widths), fc.constantFrom(...interesting)), {
      minLength: 4,
      maxLength: 4,
    }),
    actions: fc.array(
      fc.tuple(
        exprOver(4),
        fc.uniqueArray(fc.tuple(fc.nat(3), exprOver(4)), { selector: ([field]) => field }),
      ),
      { minLength: 1, maxLength: 5 },
    ),
    steps: fc.constantFrom(undefined, 3, 5),
    isEnd: fc.oneof(fc.constant(TRUE), exprOver(4)),
    question: exprOver(4),
    observed: fc.uniqueArray(fc.nat(3)),
  })
  .map(({ fields, actions, steps, isEnd, question, observed }) => {
    const limited = steps === undefined ? [] : [{ name: 'steps left', widthBits: 3, init: steps }];
    const width = (field: number) => fields[field]?.[0] ?? 1;
    const system: TransitionSystem = {
      fields: [
        ...fields.map(([widthBits, init], i) => ({
          name: `f[${i}]`,
          widthBits,
          init: init % 2 ** widthBits,
        })),
        ...limited,
      ],
      actions: actions.map(([guard, updates], i) => ({
        id: `a${i}`,
        actor: { kind: 'hardware' },
        guard: steps === undefined ? guard : { op: 'and', a: fieldAt(4), b: guard },
        updates: [
          // A value wraps at the width of its field.
          ...updates.map(([field, value]) => ({
            field,
            value: add(value, constant(0), width(field)),
          })),
          ...limited.map(() => ({ field: 4, value: add(fieldAt(4), constant(7), 3) })),
        ],
      })),
      isEnd,
      observed,
    };
    return { system, question };
  });
