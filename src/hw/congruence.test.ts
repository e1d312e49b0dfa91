// Unit tests of congruence: SHMLBA and the right modulus, as in the architecture reference.

import { expect, test } from 'vitest';
import { present } from '../base/index.ts';
import { colourOf, setIndexOf, vaddr } from './address.ts';
import { machineById, machines } from './catalogue.ts';
import { congruence } from './congruence.ts';
import { aliasClass } from './dcache.ts';

function of(id: string): ReturnType<typeof congruence> {
  return congruence(present(machineById(id), id));
}

// Section "Congruence modulus" of the architecture reference, typed in:
// SHMLBA, the right modulus ('none' for virtual tags), whether SHMLBA suffices.
test.each([
  ['arm1176-16k', 16384, 4096, true],
  ['arm1176-32k', 16384, 8192, true],
  ['arm1176-64k', 16384, 16384, true],
  ['arm926ej-s', 16384, 'none', false],
  ['24kc-32k/4k', 262144, 8192, true],
  ['nios2-2k', 2048, 4096, true],
  ['nios2-32k', 32768, 32768, true],
  ['nios2-32k-misconfig', 2048, 32768, false],
  ['pa-8500', 4096, 4194304, false],
  ['m68030', 4096, 'none', false],
  ['m68040', 4096, 4096, true],
  ['turbosparc', 4096, 16384, false],
  ['microsparc2-swift', 4096, 8192, false],
  ['hypersparc-256k', 262144, 262144, true],
  ['sh7750/4k', 16384, 16384, true],
  ['csky-ck610', 16384, 16384, true],
  ['ultrasparc-2', 16384, 16384, true],
  ['xtensa-test-mmuhifi-c3', 8192, 8192, true],
  ['arc700-32k/4k', 8192, 8192, true],
  ['arc700-64k/8k', 16384, 16384, true],
  ['skylake', 4096, 4096, true],
])('%s: SHMLBA %s, right modulus %s, enough: %s', (id, shmlba, modulus, enough) => {
  const found = of(id);
  expect(found.shmlbaBytes).toBe(shmlba);
  expect(found.modulus.kind === 'bytes' ? found.modulus.bytes : 'none').toBe(modulus);
  expect(found.shmlbaSuffices).toBe(enough);
  expect(found.sources.length).toBeGreaterThan(0);
});

test('addresses equal modulo the right modulus pick the same set, one page further another', () => {
  for (const machine of machines) {
    const { dcache, pageBytes, arch } = machine;
    const { modulus } = congruence(machine);
    if (dcache === undefined || modulus.kind === 'none' || arch === 'parisc') continue;
    if (aliasClass(dcache, pageBytes) !== 'vipt-aliasing') continue;
    const base = setIndexOf(dcache, vaddr(pageBytes));
    expect(setIndexOf(dcache, vaddr(pageBytes + modulus.bytes)), machine.id).toBe(base);
    expect(setIndexOf(dcache, vaddr(2 * pageBytes)), machine.id).not.toBe(base);
    expect(colourOf(dcache, pageBytes, vaddr(0)), machine.id).toBe(0);
    expect(colourOf(dcache, pageBytes, vaddr(pageBytes)), machine.id).toBe(1);
    expect(colourOf(dcache, pageBytes, vaddr(modulus.bytes)), machine.id).toBe(0);
  }
});

test('only direct-mapped VIVT with allocating stores makes congruent aliases exclusive', () => {
  const exclusive = machines.filter((m) => congruence(m).exclusionBytes !== undefined);
  expect(exclusive.map((m) => m.id)).toEqual(['m68030-wa']);
  expect(of('m68030-wa').exclusionBytes).toBe(4096);
});

test('two ways are enough to lose the exclusion', () => {
  const machine = present(machineById('m68030-wa'), 'machine');
  const dcache = { ...present(machine.dcache, 'cache'), ways: 2 };
  expect(congruence({ ...machine, dcache }).exclusionBytes).toBeUndefined();
});
