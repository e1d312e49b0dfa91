// Which machines alias, found by exploring and compared with a table that was made by hand; and
// equal systems are explored once.

import { expect, test } from 'vitest';
import { present } from '../base/index.ts';
import { machineById, machines } from '../hw/index.ts';
import { cacheModelOf, modelKey } from '../scenario/index.ts';
import { truthTeller } from './truth.ts';

const truthOf = truthTeller();

/** The column "aliases?" by machine; a machine is in one of the two lists. */
const aliasing =
  'arm920t arm922t arm925t arm1020 arm926ej-s xscale-pxa arm1136-32k arm1176-32k arm1176-64k ' +
  '24kc-32k/4k 74kc-erratum r4000pc r4400/4k r4600 r5000 loongson-2f/4k loongson-3a/4k ' +
  'sh7750/4k sh7750r sh7780 sh7785/4k sh7705-32k pa-7100lc pa-8000 pa-8200 pa-8500 pa-8700 ' +
  'ultrasparc-2 ultrasparc-3 hypersparc-128k hypersparc-256k microsparc2-swift turbosparc ' +
  'xtensa-test-mmuhifi-c3 nios2-32k nios2-32k-misconfig csky-ck610 m68030 leon3-gr712rc ' +
  'arc700-32k/4k arc700-64k/8k';
const coherent =
  'arm1136-16k arm1176-16k cortex-a7 cortex-a8 cortex-a9 cortex-a15 4kc 24kc-32k/16k ' +
  '24kc-32k-ar/4k 24kc-32k-ar-ath79/4k 74kc r4400/16k r10000 rm7000 loongson-2f/16k ' +
  'loongson-3a/16k sh7708 sh7750/64k sh7785/8k sh7786-snm pa-qemu ultrasparc-t1 sparc-t4 ' +
  'supersparc-viking xtensa-dc232b xtensa-dc233c xtensa-csp xtensa-test-kc705-be xtensa-de212 ' +
  'xtensa-fsf nios2-2k csky-ck807 csky-ck810 csky-ck860 m68040 m68060 coldfire-547x ' +
  'arc700-32k/8k arc-hs38 alpha-ev6 cortex-a53 skylake loongson-3a5000 sifive-u74 ibm-z13 ' +
  'power9 e6500 ppc-7447 ppc440 microsparc-tsunami or1200 microblaze-8k uml-x86';
/**
 * Two copies are never used at a time: the CPU traps and the kernel repairs, or a direct-mapped
 * virtual cache in which stores allocate has one place for both.
 */
const excluding = 'r4000sc r4400sc/4k m68030-wa';

test('every machine of the catalogue is in one of the lists', () => {
  const listed = [aliasing, coherent, excluding].flatMap((list) => list.split(' '));
  expect(listed.sort()).toEqual(machines.map((m) => m.id).sort());
});

test.each(aliasing.split(' '))('%s: some scenario goes wrong, with a witness', (id) => {
  const truth = truthOf(present(machineById(id), id));
  expect(truth.coherent).toBe(false);
  expect(truth.stale.length).toBeGreaterThan(0);
  expect(present(truth.shortest, 'shortest').witness?.steps.length).toBeGreaterThan(0);
});

test.each(`${coherent} ${excluding}`.split(' '))('%s: no scenario goes wrong', (id) => {
  const truth = truthOf(present(machineById(id), id));
  expect([truth.coherent, truth.stale, truth.losesStores]).toEqual([true, [], false]);
  expect(truth.shortest).toBeUndefined();
});

test('only a write-back cache that aliases loses stores', () => {
  for (const machine of machines) {
    const truth = truthOf(machine);
    const loses = truth.coherent === false && machine.dcache?.write === 'back';
    expect([machine.id, truth.losesStores]).toEqual([machine.id, loses]);
  }
});

test('machines with equal systems are explored once, others apart, with the same answers', () => {
  const keys = new Map<string, object>();
  for (const machine of machines) {
    const truth = truthOf(machine);
    const key = modelKey(cacheModelOf(machine), 2);
    expect(keys.get(key) ?? truth).toBe(truth);
    keys.set(key, truth);
    // Explored afresh, the answers are those that were shared.
    const alone = truthTeller()(machine);
    expect([machine.id, alone.stale, alone.verdicts.map((v) => v.states)]).toEqual([
      machine.id,
      truth.stale,
      truth.verdicts.map((v) => v.states),
    ]);
  }
  expect(new Set(keys.values()).size).toBe(keys.size);
  expect(keys.size).toBeLessThan(machines.length / 2);
});

test('the shortest witness is one of the kernel address, and earlier scenarios win ties', () => {
  const truth = truthOf(present(machineById('sh7750/4k'), 'sh7750/4k'));
  const length = (name: string) =>
    truth.verdicts.find((v) => v.scenario === name)?.witness?.steps.length ?? 0;
  // L6, user against user, is shorter but is not what fsdax adds.
  expect(length('L6')).toBeLessThan(length('L10'));
  const shortest = present(truth.shortest, 'shortest');
  const kernelSide = truth.stale.filter((name) => name !== 'L6');
  const least = Math.min(...kernelSide.map(length));
  expect(shortest.scenario).toBe(kernelSide.find((name) => length(name) === least));
});

test('a search that is cut off leaves open whether the machine is coherent', () => {
  const cut = truthTeller({ states: 2, depth: 99 })(present(machineById('skylake'), 'skylake'));
  expect(cut.coherent).toBeUndefined();
  expect(cut.stale).toEqual([]);
});
