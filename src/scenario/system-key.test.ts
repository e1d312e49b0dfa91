// Machines with equal keys have equal systems, and what a system depends on is in its key.

import { expect, test } from 'vitest';
import { machines } from '../hw/index.ts';
import { cacheModelOf, genericModel } from './cache-model.ts';
import { compileScenario } from './compile.ts';
import { remedies } from './remedy.ts';
import { scenarioByName, scenarios } from './scenarios.ts';
import { systemKey } from './system-key.ts';

/** A system without the names, which tell copies by colour and do not change what happens. */
function shape(program: (typeof scenarios)[number], options: Parameters<typeof systemKey>[1]) {
  const { system, question } = compileScenario(program, options);
  const fields = system.fields.map(({ widthBits, init }) => ({ widthBits, init }));
  const actions = system.actions.map(({ actor, guard, updates }) => ({ actor, guard, updates }));
  return JSON.stringify({ ...system, fields, actions, question });
}

test('equal keys, equal systems: every scenario, machine and remedy', () => {
  for (const program of scenarios) {
    const shapes = new Map<string, string>();
    for (const machine of machines) {
      for (const { name: remedy } of remedies) {
        // Nothing happens where DAX is refused, whatever fields there are.
        if (remedy === 'deny') continue;
        const options = { model: cacheModelOf(machine), remedy };
        const key = systemKey(program, options);
        const known = shapes.get(key) ?? shape(program, options);
        shapes.set(key, known);
        expect(`${machine.id} ${shape(program, options)}`).toBe(`${machine.id} ${known}`);
      }
    }
    expect(shapes.size).toBeGreaterThan(5);
  }
});

const vivt = genericModel({ aliasClass: 'vivt', write: 'back', ways: 'set' });
const l1 = scenarioByName('L1');
if (!l1) throw new Error('L1');

test.each([
  ['a write-through cache', { ...vivt, write: 'through' as const }],
  ['a cache that does not allocate on write', { ...vivt, allocateOnWrite: false }],
  ['a cache that excludes copies', { ...vivt, excludes: 'all' as const }],
  ['a physical cache', genericModel({ aliasClass: 'pipt', write: 'back', ways: 'set' })],
])('%s has a key of its own', (_, model) => {
  const options = { remedy: 'none' } as const;
  expect(systemKey(l1, { ...options, model })).not.toBe(systemKey(l1, { ...options, model: vivt }));
});

test('the kernel counts only where the program asks it', () => {
  const persistence = { pmemApi: true, flushcache: true, flushCachePage: true };
  const options = { model: vivt, remedy: 'none' } as const;
  const key = (name: string, more: object): string => {
    const program = scenarioByName(name);
    if (!program) throw new Error(name);
    return systemKey(program, { ...options, ...more });
  };
  expect(key('L7', { persistence })).not.toBe(key('L7', {}));
  expect(key('L6', { persistence })).toBe(key('L6', {}));
  expect(key('L6', { answers: { alloc_dax: -95 } })).toBe(key('L6', {}));
});
