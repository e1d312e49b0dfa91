// Which machines fetch what was stored: by architecture or by CPU, and no name is stale.

import { expect, test } from 'vitest';
import { machineById, machines } from './catalogue.ts';
import { icacheFacts } from './icache-facts.ts';
import { icacheAliases, icacheOf, instructionClass } from './icache.ts';

function kindOf(id: string) {
  const machine = machineById(id);
  if (!machine) throw new Error(id);
  return icacheOf(machine);
}

test.each(['skylake', 'loongson-3a5000', 'ultrasparc-3', 'power9', 'loongson-3a/16k', 'uml-x86'])(
  '%s fetches what was stored',
  (id) => {
    expect(kindOf(id)).toBe('coherent');
  },
);

test.each(['cortex-a9', 'ultrasparc-2', 'e6500', 'loongson-2f/4k', 'arm926ej-s'])(
  '%s needs a flush before it fetches',
  (id) => {
    expect(kindOf(id)).toBe('split');
  },
);

test('twelve machines or so are coherent, not more and not by accident none', () => {
  const coherent = machines.filter((m) => icacheOf(m) === 'coherent').map((m) => m.arch);
  expect([...new Set(coherent)].sort()).toEqual([
    'loongarch',
    'mips',
    'powerpc',
    's390',
    'sparc64',
    'um',
    'x86',
  ]);
});

test.each([
  ['cortex-a8', 'vipt-aliasing', true],
  ['cortex-a15', 'pipt', false],
  ['arm926ej-s', 'vivt', true],
  ['xtensa-csp', 'vipt-aliasing', true],
  ['xtensa-dc232b', 'vipt-nonaliasing', false],
  // Alias removal makes a large way harmless.
  ['r10000', 'vipt-nonaliasing', false],
  // Nothing is known: as the data cache.
  ['pa-8700', 'vipt-aliasing', true],
  ['pa-qemu', undefined, false],
] as const)('the I-cache of %s is %s', (id, kind, aliases) => {
  const machine = machineById(id);
  if (!machine) throw new Error(id);
  expect(instructionClass(machine)?.aliasClass).toBe(kind);
  expect(icacheAliases(machine)).toBe(aliases);
});

test('every machine with a data cache has an I-cache of whole sets, and a source for it', () => {
  for (const machine of machines) {
    const facts = icacheFacts(machine);
    expect(facts === undefined).toBe(machine.dcache === undefined);
    if (facts === undefined) continue;
    expect(facts.sizeBytes % (facts.ways * facts.lineBytes)).toBe(0);
    expect(facts.sources.length).toBeGreaterThan(0);
  }
});

test('one direct-mapped, one set-associative', () => {
  const ways = ['turbosparc', 'alpha-ev6'].map((id) => {
    const machine = machineById(id);
    return machine && instructionClass(machine)?.ways;
  });
  expect(ways).toEqual(['direct', 'set']);
});
