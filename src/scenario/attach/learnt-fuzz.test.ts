// Shows that an automaton may be anything: whatever it does to the model's objects is a finding or
// not checked, never a fault of ours, and the same each time.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { treeState } from '../../kernel/index.ts';
import { compareAttach, findingOf, mergeExplorations } from './compare.ts';
import { attachDrivers, attachVariants } from './drivers.ts';
import { AttachExplorer, witnessOf } from './explore.ts';
import type { LearntAttach, LearntNode } from './learnt.ts';
import { learntVariant } from './learnt-run.ts';
import { learntText } from './learnt-text.ts';
import { namesOf } from './names.ts';
import type { AttachSystem } from './system.ts';

const at = { file: 'a.c', line: 1 };
const next = fc.integer({ min: -1, max: 12 });
const object = fc.constantFrom(0, 1, 2, null, undefined);
const call = fc.record({
  kind: fc.constant('call' as const),
  function: fc.constantFrom(
    'alloc_dax',
    'alloc_dax',
    'blk_alloc_disk',
    'blk_alloc_disk',
    'dax_add_host',
    'dax_remove_host',
    'kill_dax',
    'put_dax',
    'put_disk',
    'del_gendisk',
    'device_add_disk',
    'dax_write_cache',
    'devm_request_mem_region',
    'devm_memremap',
    'run_dax',
    'other',
  ),
  object,
  at: fc.integer({ min: 1, max: 3 }).map((line) => ({ file: 'a.c', line })),
  outcomes: fc.array(
    fc.record({ result: fc.constantFrom('ok', 'ok', 'NULL', 'error', '-EBUSY'), next }),
    { maxLength: 3 },
  ),
});
const node: fc.Arbitrary<LearntNode> = fc.oneof(
  { weight: 8, arbitrary: call },
  fc.record({
    kind: fc.constant('question' as const),
    text: fc.constantFrom('a', 'b'),
    at: fc.constant(at),
    yes: next,
    no: next,
  }),
  fc.record({
    kind: fc.constant('flag' as const),
    flag: fc.constantFrom('BLK_FEAT_DAX', 'OTHER'),
    at: fc.constant(at),
    next,
  }),
  fc.record({ kind: fc.constant('attached' as const), next }),
  fc.record({
    kind: fc.constant('failed' as const),
    errno: fc.constantFrom('-EBUSY', '-EODD', undefined),
  }),
  fc.constant({ kind: 'detached' as const }),
);

/** Mostly one node after the other, as far as they go. */
const automata: fc.Arbitrary<LearntAttach> = fc
  .array(node, { minLength: 1, maxLength: 12 })
  .map((nodes) => ({
    function: 'f',
    at,
    objects: [],
    nodes: nodes.map((one, i) => onwards(one, i + 1)),
    notChecked: [],
  }));

function onwards(one: LearntNode, to: number): LearntNode {
  if (one.kind !== 'call') return one;
  const [first = { result: 'ok' as const }, ...rest] = one.outcomes;
  return { ...one, outcomes: [{ ...first, next: to }, ...rest] };
}

const { release, rules } = present(treeState('6.12'), '6.12');
const config = { DAX: true, FS_DAX: true };
const system: AttachSystem = { release, rules, machine: 'skylake', gate: 'stock', config };

test('whatever an automaton does', () => {
  const explorer = new AttachExplorer();
  const owns = new Map(
    attachDrivers.map((driver) => {
      const kinds = attachVariants.filter((one) => one.driver === driver);
      return [driver, mergeExplorations(kinds.map((one) => explorer.explore(one, system)))];
    }),
  );
  fc.assert(
    fc.property(
      automata,
      fc.constantFrom(...attachDrivers),
      fc.constantFrom('stock' as const, 'EOPNOTSUPP' as const),
      (learnt, driver, gate) => {
        const on = { ...system, gate };
        const variant = learntVariant(learnt, driver);
        const tree = new AttachExplorer().explore(variant, on);
        const names = namesOf(driver, learnt);
        const compared = compareAttach(present(owns.get(driver), driver), tree, names);
        const again = new AttachExplorer().explore(learntVariant(learnt, driver), on);
        expect(again).toEqual(tree);
        for (const item of [...compared.agree, ...compared.onlyTree]) {
          const finding = present(findingOf(tree, item, names), 'finding of an item');
          expect(witnessOf(variant, on, finding).length).toBeGreaterThan(0);
        }
        expect(learntText(learnt)).toContain('f  (a.c:1)');
      },
    ),
    { numRuns: 300, seed: 7 },
  );
});
