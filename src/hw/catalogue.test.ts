// Unit tests of the catalogue: geometry must give the columns of the architecture reference.

import { expect, test } from 'vitest';
import { present } from '../base/index.ts';
import { machineArches, machineById, machines } from './catalogue.ts';
import { aliasClass, colours } from './dcache.ts';

// The columns "way / colours" and "aliases?" of the architecture reference, typed in: colours where
// the page gives them (undefined where it does not), then whether the CPU aliases.
const expected: Readonly<Record<string, readonly [number | undefined, boolean]>> = {
  arm920t: [undefined, true],
  arm922t: [undefined, true],
  arm925t: [undefined, true],
  arm1020: [undefined, true],
  'arm926ej-s': [undefined, true],
  'xscale-pxa': [undefined, true],
  'arm1136-16k': [1, false],
  'arm1136-32k': [2, true],
  'arm1176-16k': [1, false],
  'arm1176-32k': [2, true],
  'arm1176-64k': [4, true],
  'cortex-a7': [undefined, false],
  'cortex-a8': [undefined, false],
  'cortex-a9': [undefined, false],
  'cortex-a15': [undefined, false],
  '4kc': [1, false],
  '24kc-32k/4k': [2, true],
  '24kc-32k/16k': [1, false],
  '24kc-32k-ar/4k': [2, false],
  '24kc-32k-ar-ath79/4k': [2, false],
  '74kc': [2, false],
  '74kc-erratum': [2, true],
  r4000pc: [2, true],
  r4000sc: [2, true],
  'r4400/4k': [4, true],
  'r4400/16k': [1, false],
  'r4400sc/4k': [4, true],
  r4600: [2, true],
  r5000: [4, true],
  r10000: [undefined, false],
  rm7000: [1, false],
  'loongson-2f/4k': [4, true],
  'loongson-2f/16k': [1, false],
  'loongson-3a/4k': [4, true],
  'loongson-3a/16k': [1, false],
  'sh7705-32k': [2, true],
  sh7708: [1, false],
  'sh7750/4k': [4, true],
  'sh7750/64k': [1, false],
  sh7750r: [4, true],
  sh7780: [2, true],
  'sh7785/4k': [2, true],
  'sh7785/8k': [1, false],
  'sh7786-snm': [2, false],
  'pa-7100lc': [64, true],
  'pa-8000': [256, true],
  'pa-8200': [512, true],
  'pa-8500': [64, true],
  'pa-8700': [96, true],
  'ultrasparc-2': [2, true],
  'ultrasparc-3': [2, true],
  'ultrasparc-t1': [1, false],
  'sparc-t4': [1, false],
  'hypersparc-128k': [32, true],
  'hypersparc-256k': [64, true],
  'microsparc2-swift': [2, true],
  'supersparc-viking': [1, false],
  turbosparc: [4, true],
  'leon3-gr712rc': [1, true],
  'microsparc-tsunami': [1, false],
  'xtensa-csp': [1, false],
  'xtensa-dc232b': [1, false],
  'xtensa-dc233c': [1, false],
  'xtensa-de212': [1, false],
  'xtensa-fsf': [1, false],
  'xtensa-test-kc705-be': [1, false],
  'xtensa-test-mmuhifi-c3': [2, true],
  'nios2-2k': [1, false],
  'nios2-32k': [8, true],
  'nios2-32k-misconfig': [8, true],
  'csky-ck610': [4, true],
  'csky-ck807': [undefined, false],
  'csky-ck810': [undefined, false],
  'csky-ck860': [undefined, false],
  m68030: [undefined, true],
  'm68030-wa': [undefined, true],
  m68040: [1, false],
  m68060: [1, false],
  'coldfire-547x': [1, false],
  'arc700-32k/4k': [2, true],
  'arc700-32k/8k': [1, false],
  'arc700-64k/8k': [2, true],
  'arc-hs38': [undefined, false],
  'alpha-ev6': [undefined, false],
  'cortex-a53': [undefined, false],
  skylake: [1, false],
  'loongson-3a5000': [1, false],
  'sifive-u74': [undefined, false],
  'ibm-z13': [undefined, false],
  power9: [undefined, false],
  e6500: [undefined, false],
  'ppc-7447': [undefined, false],
  ppc440: [undefined, false],
  or1200: [1, false],
  'microblaze-8k': [undefined, false],
  'uml-x86': [1, false],
};

test('every machine with a cache is in the expected table, and nothing else is', () => {
  const ids = machines.filter((m) => m.dcache !== undefined).map((m) => m.id);
  expect(ids.toSorted()).toEqual(Object.keys(expected).toSorted());
  expect(machines.filter((m) => m.dcache === undefined).map((m) => m.id)).toEqual(['pa-qemu']);
});

test.each(Object.entries(expected))(
  '%s has the colours and the aliasing of the reference, from geometry alone',
  (id, [expectedColours, aliases]) => {
    const machine = present(machineById(id), id);
    const dcache = present(machine.dcache, `${id} cache`);
    if (expectedColours !== undefined) {
      expect(colours(dcache, machine.pageBytes)).toBe(expectedColours);
    }
    const kind = aliasClass(dcache, machine.pageBytes);
    expect(kind === 'vivt' || kind === 'vipt-aliasing').toBe(aliases);
  },
);

test('ids are unique, names fit their column, every record says where it comes from', () => {
  expect(new Set(machines.map((m) => m.id)).size).toBe(machines.length);
  for (const machine of machines) {
    expect(machine.name.length, machine.id).toBeLessThanOrEqual(22);
    expect(machine.sources.length, machine.id).toBeGreaterThan(0);
    expect(machine.ports.length, machine.id).toBeGreaterThan(0);
    expect(machine.id).toBe(machine.id.toLowerCase());
  }
  expect(new Set(machines.map((m) => m.name)).size).toBe(machines.length);
});

test('machines are sorted by architecture, then by id', () => {
  const ranks = machines.map((m) => machineArches.indexOf(m.arch));
  expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
  for (const arch of machineArches) {
    const ids = machines.filter((m) => m.arch === arch).map((m) => m.id);
    expect(ids).toEqual(ids.toSorted());
    expect(ids.length, arch).toBeGreaterThan(0);
  }
});

test('an unknown id gives no machine', () => {
  expect(machineById('vax')).toBeUndefined();
});

test('the write-through caches are those the reference names, and none of them allocates', () => {
  const through = machines.filter((m) => m.dcache?.write === 'through');
  expect(through.map((m) => m.id).toSorted()).toEqual([
    'leon3-gr712rc',
    'm68030',
    'm68030-wa',
    'microblaze-8k',
    'microsparc-tsunami',
    'microsparc2-swift',
    'or1200',
    'sparc-t4',
    'turbosparc',
    'ultrasparc-2',
    'ultrasparc-3',
    'ultrasparc-t1',
    'xtensa-fsf',
  ]);
  const allocating = through.filter((m) => m.dcache?.allocateOnWrite);
  expect(allocating.map((m) => m.id)).toEqual(['m68030-wa']);
});

test('these machines rest on an assumption, each a phrase for a sentence', () => {
  const assuming = machines.filter((m) => m.assumes !== undefined);
  expect(assuming.map((m) => m.id)).toEqual([
    'cortex-a8',
    '24kc-32k-ar-ath79/4k',
    '74kc',
    'r4000sc',
    'r4400sc/4k',
    'pa-8700',
    'pa-qemu',
    'leon3-gr712rc',
    'microsparc-tsunami',
    'microsparc2-swift',
    'turbosparc',
    'csky-ck610',
    'csky-ck807',
    'csky-ck810',
    'csky-ck860',
    'coldfire-547x',
    'alpha-ev6',
    'loongson-3a5000',
    'ibm-z13',
    'or1200',
    'microblaze-8k',
    'uml-x86',
  ]);
  for (const { id, assumes } of assuming) expect(assumes, id).toMatch(/^[a-z].*[^.]$/);
});

test('a cache that traps is safe with the help of the kernel, and says so', () => {
  const trapping = machines.filter((m) => m.dcache?.synonyms === 'trap');
  expect(trapping.map((m) => m.id)).toEqual(['r4000sc', 'r4400sc/4k']);
  for (const { id, assumes } of trapping) expect(assumes, id).toContain("the kernel's virtual");
});

test('hardware that is taken at its word is an assumption, unless the kernel says the same', () => {
  const believed = machines.filter((m) => m.dcache?.synonyms === 'hardware' && !m.assumes);
  // Config7.AR as reported, the R10000 exempted by the probe, SHX3 switched on by the kernel.
  expect(believed.map((m) => m.id)).toEqual(['24kc-32k-ar/4k', 'r10000', 'sh7786-snm']);
});

test('figures that only manuals give are marked, and so is every note with [H] geometry', () => {
  for (const machine of machines) {
    const { id, dcache, sources, note, exampleGeometry } = machine;
    const manuals = dcache !== undefined && sources.every((s) => s.kind === 'manual');
    const noted = note?.startsWith('[H]') ?? false;
    if (manuals || noted) expect(exampleGeometry, id).toBe(true);
  }
  const read = machines.filter((m) => m.exampleGeometry === undefined).map((m) => m.id);
  expect(read).toContain('arm920t');
  expect(read).toContain('sh7750/4k');
  expect(read).not.toContain('pa-8000');
});

test('machines have the ports built for them: Indy, ARC700; Loongson has no 4 KiB pages', () => {
  const on = (port: string) => machines.filter((m) => m.ports.includes(port)).map((m) => m.id);
  expect(on('mips-ip22')).toEqual([
    'r4000pc',
    'r4000sc',
    'r4400/16k',
    'r4400/4k',
    'r4400sc/4k',
    'r4600',
    'r5000',
  ]);
  expect(on('arc-700')).toEqual(['arc700-32k/4k', 'arc700-32k/8k', 'arc700-64k/8k']);
  expect(on('arc')).toEqual(['arc-hs38']);
  expect(machines.filter((m) => m.notUnderLinux !== undefined).map((m) => m.id)).toEqual([
    'loongson-2f/4k',
    'loongson-3a/4k',
    'm68030-wa',
  ]);
});
