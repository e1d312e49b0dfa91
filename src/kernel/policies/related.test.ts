// BLK_DEV_PMEM and DEV_DAX carried to kernels without a tree, against the two records.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { present } from '../../base/index.ts';
import { policyById } from './catalogue.ts';
import { portRows } from './ports.ts';
import { asInBothTrees, deviceDaxInBothTrees, pmemInBothTrees } from './related.ts';

interface Recorded {
  readonly ports: readonly {
    readonly id: string;
    readonly symbols: Readonly<Record<string, { readonly value: string }>>;
  }[];
}

function recorded(release: string): Recorded {
  const file = new URL(`../../../data/kernels/${release}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')).kernel;
}

const trees = ['6.1', '6.12'].map(recorded);

test.each([pmemInBothTrees, deviceDaxInBothTrees])(
  '$symbol is y where both recorded trees say y, and open where they differ',
  ({ symbol, yes, differ }) => {
    const values = portRows.map(({ id }) => {
      const found = trees.flatMap((tree) => tree.ports.filter((port) => port.id === id));
      expect(found.length, id).toBeGreaterThan(0);
      return { id, values: [...new Set(found.map((port) => port.symbols[symbol]?.value))] };
    });
    const agreed = values.filter((v) => v.values.length === 1);
    expect(agreed.filter((v) => v.values[0] === 'y').map((v) => v.id)).toEqual(yes);
    expect(values.filter((v) => v.values.length > 1).map((v) => v.id)).toEqual(differ);
    for (const { id, values: only } of agreed) expect(['y', 'n'], id).toContain(only[0]);
  },
);

test('old kernels are not judged by new trees, later ones say that the value is carried on', () => {
  expect(asInBothTrees(pmemInBothTrees, 'x86_64', '4.16').value).toBe('unknown');
  expect(asInBothTrees(pmemInBothTrees, 'arm-v5', '6.8').value).toBe('n');
  expect(asInBothTrees(pmemInBothTrees, 'arc', '6.8').value).toBe('unknown');
  const later = asInBothTrees(pmemInBothTrees, 'mips-ip22', '7.3');
  expect(later).toMatchObject({ value: 'y', sources: [{ kind: 'inference' }] });
  expect(JSON.stringify(later.sources)).toContain('carried on');
});

test('v3 knows that pmem is there on a 64-bit Indy and on 44x, and not on ARMv5 or ARC700', () => {
  const v3 = present(policyById('v3'), 'v3');
  const values = (symbol: 'BLK_DEV_PMEM' | 'DEV_DAX', ids: readonly string[]) =>
    ids.map((id) => v3.ports.find((port) => port.id === id)?.symbols[symbol].value);
  const ids = ['mips-ip22', 'powerpc-44x', 'powerpc-book3e64', 'arm-v5', 'arc-700', 'arc'];
  expect(values('BLK_DEV_PMEM', ids)).toEqual(['y', 'y', 'y', 'n', 'n', 'unknown']);
  expect(values('DEV_DAX', ['mips-ip22', 'arc', 'arc-700'])).toEqual(['y', 'y', 'n']);
});
