// What ndctl and daxctl list, with and without drivers.

import { expect, test } from 'vitest';
import { attachRoles } from '../roles.ts';
import { testKernel } from '../test-kernel.ts';
import { daxInstances, ndBuses } from './nd-list.ts';

test('regions stand as ndctl reads them: the folder by hash, backwards', () => {
  const { linux } = testKernel('6.12');
  attachRoles(linux);
  const order = [...JSON.stringify(ndBuses(linux)).matchAll(/"dev":"region(\d)"/g)];
  expect(order.map(([, digit]) => digit).join('')).toBe('61350247');
});

test('a bound namespace shows its mode, one without driver its region', () => {
  const shown = (['stock', 'EOPNOTSUPP'] as const).map((gate) => {
    const { linux } = testKernel('6.1', { gate });
    attachRoles(linux);
    const text = JSON.stringify(ndBuses(linux));
    expect(daxInstances(linux)).toEqual([
      {
        chardev: 'dax4.0',
        size: '502.00 MiB (526.39 MB)',
        target_node: 0,
        align: 2097152,
        mode: 'devdax',
      },
    ]);
    return /"dev":"namespace0.0",[^}]*}/.exec(text)?.[0];
  });
  expect(shown).toEqual([
    '"dev":"namespace0.0","mode":"fsdax","map":"mem","size":"510.00 MiB (534.77 MB)",' +
      '"uuid":"UUID","sector_size":512,"align":2097152,"blockdev":"pmem0"}',
    '"dev":"namespace0.0","mode":"raw","size":"512.00 MiB (536.87 MB)","sector_size":512,' +
      '"state":"disabled"}',
  ]);
});
