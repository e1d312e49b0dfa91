// Which machines fetch what was stored: by architecture or by CPU, and no name is stale.

import { expect, test } from 'vitest';
import { machineById, machines } from './catalogue.ts';
import { icacheOf } from './icache.ts';

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
