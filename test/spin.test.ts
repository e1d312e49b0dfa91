// The outside judge: SPIN, told the same systems in Promela, must find the same number of states
// and transitions, the same set of outcomes and the same verdict. Opt-in: DACHS_SPIN=1, with spin
// and gcc installed.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { promelaOf } from '../src/export/index.ts';
import { explore, replay } from '../src/explore/index.ts';
import { machines } from '../src/hw/index.ts';
import {
  add,
  constant,
  eq,
  fieldAt,
  TRUE,
  type TransitionSystem,
  valueIn,
} from '../src/ir/index.ts';
import {
  cacheModelOf,
  compileScenario,
  genericModel,
  remedies,
  type ScenarioOptions,
  scenarios,
} from '../src/scenario/index.ts';
import { askSpin, compareWithSpin, ourAnswer, told, whyNotSpin } from './spin/ask.ts';
import type { Asked } from './spin/model.ts';
import { randomSystem } from './spin/random-system.ts';
import { printed, search, verifierOf } from './spin/verifier.ts';

const missing = whyNotSpin();
if (missing !== undefined) process.stderr.write(`SPIN is not asked: ${missing}\n`);
const spinTest = test.skipIf(missing !== undefined);

const kinds = ['vivt', 'vipt-aliasing', 'vipt-nonaliasing'] as const;
const generic = kinds.flatMap((aliasClass) =>
  (['back', 'through'] as const).flatMap((write) =>
    (['direct', 'set'] as const).map((ways) => ({
      name: `${aliasClass} ${write} ${ways}`,
      model: genericModel({ aliasClass, write, ways }),
    })),
  ),
);
const real = machines.map((machine) => ({ name: machine.id, model: cacheModelOf(machine) }));

const both = [false, true];
const persistences = both.flatMap((pmemApi) =>
  both.flatMap((flushcache) =>
    both.map((flushCachePage) => ({ pmemApi, flushcache, flushCachePage })),
  ),
);

/** Every scenario on every cache under every remedy; systems that are equal are asked once. */
function everyScenario(): readonly Asked[] {
  const asked = new Map<string, Asked>();
  const put = (name: string, program: (typeof scenarios)[number], options: ScenarioOptions) => {
    const { system, question } = compileScenario(program, options);
    const key = JSON.stringify([system, question]);
    if (!asked.has(key)) asked.set(key, { name: `${program.name} ${name}`, system, question });
  };
  for (const program of scenarios) {
    for (const { name, model } of [...generic, ...real]) {
      for (const remedy of remedies) {
        put(`${name} ${remedy.name}`, program, { model, remedy: remedy.name });
      }
      if (program.name !== 'L7' && program.name !== 'L8') continue;
      for (const persistence of persistences) {
        const label = `${name} ${JSON.stringify(persistence)}`;
        put(label, program, { model, remedy: 'none', persistence });
      }
    }
  }
  return [...asked.values()];
}

spinTest('SPIN finds what we find: every scenario on every cache under every remedy', async () => {
  const asked = everyScenario();
  expect(asked.length).toBeGreaterThan(300);
  expect(await compareWithSpin(asked)).toEqual({ same: asked.length, cut: [], different: [] });
});

spinTest('SPIN finds what we find: random systems with every operator', async () => {
  const asked = randomSystems({ seed: 20_260, count: 250 });
  expect(asked.length).toBeGreaterThan(150);
  expect(await compareWithSpin(asked)).toEqual({ same: asked.length, cut: [], different: [] });
});

/** Without those that do not stop counting, or do nothing. */
function randomSystems({ seed, count }: { seed: number; count: number }): readonly Asked[] {
  const bounds = { states: 2000, depth: 2000 };
  return fc
    .sample(randomSystem, { seed, numRuns: count })
    .map((one, i) => ({ ...one, name: `random system ${i} of seed ${seed}` }))
    .filter(({ system, question }) => {
      const found = explore(system, question, bounds);
      return found.outcome === 'complete' && found.states > 1;
    });
}

/** L1 to L10 on a cache that has everything: colours, write-back, several ways. */
const plain = scenarios.map((program): Asked => {
  const model = genericModel({ aliasClass: 'vipt-aliasing', write: 'back', ways: 'set' });
  return { name: program.name, ...compileScenario(program, { model, remedy: 'none' }) };
});

test('the reference shows what export writes of L1', () => {
  const one = plain.find(({ name }) => name === 'L1');
  if (!one) throw new Error('no L1');
  const written = promelaOf(one.system, one.question, { name: 'L1', comment: [] });
  const page = readFileSync(join(import.meta.dirname, '../docs/reference/export.md'), 'utf8');
  const pieces = /^```promela\n(.*?)^```/ms.exec(page)?.[1]?.split(/^\.\.\.\n/m) ?? [];
  expect(pieces.length).toBe(5);
  for (const piece of pieces) expect(written).toContain(piece);
});

const alone = [...plain, ...randomSystems({ seed: 20_261, count: 12 })];

spinTest.each(alone)('the exported file of $name, by itself: nothing to subtract', async (one) => {
  const model = promelaOf(one.system, one.question, { name: 'model', comment: [] });
  const verifier = await verifierOf(model);
  try {
    const answer = await search(verifier, { ...one, index: 0 }, { states: 0, transitions: 0 });
    expect(told(answer)).toBe(told(ourAnswer(explore(one.system, one.question))));
  } finally {
    verifier.remove();
  }
});

spinTest.each(plain)(
  "SPIN's shortest run of $name is as short, and is one of ours",
  async (one) => {
    const found = explore(one.system, one.question);
    const model = promelaOf(one.system, one.question, { name: 'model', comment: [] });
    const verifier = await verifierOf(model, ['-DBFS']);
    try {
      await printed(verifier.folder, './pan', ['-n', '-w14']);
      expect(existsSync(join(verifier.folder, 'model.pml.trail'))).toBe(
        found.witness !== undefined,
      );
      if (!found.witness) return;
      const { lines } = await printed(verifier.folder, 'spin', ['-T', '-t', 'model.pml']);
      const known = new Set(one.system.actions.map(({ id }) => id));
      const ids = lines.map((line) => line.trim()).filter((line) => known.has(line));
      expect(ids.length).toBe(found.witness.steps.length);
      const last = replay(one.system, ids)?.steps.at(-1)?.state ?? [];
      expect(valueIn(one.system.isEnd, last)).toBe(1);
      expect(valueIn(one.question, last)).toBe(1);
    } finally {
      verifier.remove();
    }
  },
);

/** A system of one counter that ends anywhere. */
function counting(widthBits: number, last: number): Asked {
  const system: TransitionSystem = {
    fields: [{ name: 'n', widthBits, init: 0 }],
    actions: [
      {
        id: 'up',
        actor: { kind: 'hardware' },
        guard: { op: 'lt', a: fieldAt(0), b: constant(last) },
        updates: [{ field: 0, value: add(fieldAt(0), constant(1), widthBits) }],
      },
    ],
    isEnd: eq(fieldAt(0), constant(last)),
    observed: [0],
  };
  return { name: `count to ${last}`, system, question: TRUE };
}

spinTest('a run longer than the usual depth is followed to its end', async () => {
  const one = counting(20, 50_000);
  const found = explore(one.system, one.question, { states: 60_000, depth: 60_000 });
  expect(await compareWithSpin([one], () => found)).toEqual({ same: 1, cut: [], different: [] });
});

spinTest('a search that does not end in its time is cut off, and is no answer', async () => {
  const one = counting(32, 2 ** 32 - 1);
  const answers = await askSpin([one, counting(4, 9)], { seconds: 1, megabytes: 512 });
  expect(answers.map(({ kind }) => kind)).toEqual(['cut', 'searched']);
});

spinTest(
  'names that are words of Promela or C, or macros of the verifier, do no harm',
  async () => {
    const names = [
      'do',
      'int',
      'now',
      'this',
      'MA',
      'P0',
      'depth',
      'register',
      'N',
      'VERBOSE',
      '0',
    ];
    const awkward = ['*/', '"%d"', 'a\\', 'trpt', 'was_x', 'x', 'system_0', 'table0', 'errno'];
    const system: TransitionSystem = {
      fields: [...names, ...awkward].map((name) => ({ name, widthBits: 2, init: 1 })),
      actions: [...names, ...awkward].map((id, field) => ({
        id,
        actor: { kind: 'hardware' },
        guard: eq(fieldAt(field), constant(1)),
        // Swapped with its neighbour in turn, so that old values are kept too.
        updates: [
          { field, value: fieldAt((field + 1) % 4) },
          { field: (field + 1) % 4, value: fieldAt(field) },
        ].slice(0, field < 4 ? 2 : 1),
      })),
      isEnd: eq(fieldAt(7), constant(0)),
      observed: [...names, ...awkward].map((_, i) => i),
    };
    const one = { name: 'awkward names', system, question: TRUE };
    expect(await compareWithSpin([one])).toEqual({ same: 1, cut: [], different: [] });
    const model = promelaOf(system, TRUE, { name: '*/', comment: ['*/ " \\', ''] });
    const verifier = await verifierOf(model);
    verifier.remove();
  },
);

spinTest('a judge that can condemn: every wrong constant of L3 is noticed', async () => {
  const right = plain.find(({ name }) => name === 'L3');
  if (!right) throw new Error('no L3');
  const wrong = right.system.actions.flatMap((action, i) =>
    action.updates.flatMap((update, j) => {
      if (update.value.op !== 'const') return [];
      const value = constant(update.value.value === 0 ? 1 : 0);
      const updates = action.updates.with(j, { ...update, value });
      const actions = right.system.actions.with(i, { ...action, updates });
      const name = `${action.id}, ${right.system.fields[update.field]?.name}`;
      return [{ ...right, name, system: { ...right.system, actions } }];
    }),
  );
  const found = explore(right.system, right.question);
  // SPIN is told the wrong system, and we answer for the right one.
  const { same, cut, different } = await compareWithSpin(wrong, () => found);
  expect(wrong.length).toBeGreaterThan(5);
  expect({ same, cut, different: different.length }).toEqual({
    same: 0,
    cut: [],
    different: wrong.length,
  });
});
