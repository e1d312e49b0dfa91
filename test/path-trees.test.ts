// What the walk of paths finds in the trees of Debian: the known faults, and nothing else; and what
// it learns of attach functions agrees with our own models. Without the trees it is skipped.

import { describe, expect, test } from 'vitest';
import { isRecordedTree } from '../scripts/lib/trees.mjs';
import { auditAttach, auditPaths, readCFacts } from '../src/audit/index.ts';
import { present } from '../src/base/index.ts';
import { builtInProtocols, loadCSyntax, openTree } from '../src/host/index.ts';
import { kernelTree } from './support.ts';

const TIMEOUT = 120_000;

// Types and functions; lines move with the point release.
const known: Readonly<Record<string, readonly string[]>> = {
  '6.1': [
    'drivers/dax/super.c fs_dax_get_by_bdev LEAK',
    'drivers/md/dm.c alloc_dev SURVIVABLE_ERROR_FATAL',
    'drivers/nvdimm/pmem.c pmem_attach_disk LEAK devm_init_badblocks',
    'drivers/nvdimm/pmem.c pmem_attach_disk STORED_TOO_LATE dax_add_host',
    'drivers/nvdimm/pmem.c pmem_attach_disk SURVIVABLE_ERROR_FATAL',
    'drivers/s390/block/dcssblk.c dcssblk_add_store SURVIVABLE_ERROR_FATAL',
    'fs/fuse/virtio_fs.c virtio_fs_setup_dax SURVIVABLE_ERROR_FATAL',
  ],
  '6.12': [
    'drivers/dax/super.c fs_dax_get_by_bdev LEAK',
    'drivers/nvdimm/pmem.c pmem_attach_disk FEATURE_WITHOUT_OBJECT',
    'drivers/nvdimm/pmem.c pmem_attach_disk LEAK devm_init_badblocks',
    'drivers/nvdimm/pmem.c pmem_pagemap_memory_failure NULL_FIELD_USED',
    'drivers/nvdimm/pmem.c write_cache_show NULL_FIELD_USED',
    'drivers/nvdimm/pmem.c write_cache_store NULL_FIELD_USED',
    'drivers/s390/block/dcssblk.c dcssblk_add_store SURVIVABLE_ERROR_FATAL',
  ],
};

const there = Object.keys(known).filter((release) => isRecordedTree(release));

test.skipIf(there.length > 0)('no tree of a recorded version: npm run trees', () => undefined);

describe.each(there)('%s', { timeout: TIMEOUT }, (release) => {
  const walked = (async () => {
    const tree = openTree(present(kernelTree(release), 'tree'));
    const syntax = await loadCSyntax();
    const protocols = builtInProtocols();
    const source = present(tree.ok ? tree.value : undefined, 'tree');
    const facts = readCFacts(source, syntax);
    const { allocDax, version } = present(facts.ok ? facts.value : undefined, 'facts');
    const data = present(protocols.ok ? protocols.value : undefined, 'protocols');
    return { allocDax, version, paths: auditPaths(source, syntax, data, allocDax) };
  })();

  test('finds the known faults alone', async () => {
    const { paths } = await walked;
    const found = paths.findings.map(({ path: { finding } }) => {
      const { place, type, message } = finding;
      const failing = / when (\w+)\(\) fails/.exec(message)?.[1];
      return [place.file, finding.function, type, ...(failing ? [failing] : [])].join(' ');
    });
    expect(found.sort()).toEqual(known[release]);
    expect(paths.notChecked).toEqual([]);
  });

  test('says why device-dax is exempt', async () => {
    const { paths } = await walked;
    const [exempt, other] = paths.exempt;
    expect(other).toBeUndefined();
    expect([exempt?.file, exempt?.acquire]).toEqual(['drivers/dax/bus.c', 'alloc_dax']);
    expect(exempt?.why).toMatch(/no alias/);
  });

  test('learns attach functions that agree with the models', async () => {
    const { allocDax, version, paths } = await walked;
    const { learnt } = paths;
    const audit = present(auditAttach({ release: version.release, allocDax, learnt }), 'audit');
    const drivers = audit.drivers.map(({ driver }) => driver).sort();
    expect(drivers).toEqual(['dcssblk', 'device-dax', 'dm', 'pmem', 'virtio-fs']);
    for (const { driver, systems } of audit.drivers) {
      for (const { comparison, tree } of systems) {
        expect([driver, comparison.onlyModel, comparison.onlyTree]).toEqual([driver, [], []]);
        expect(tree.ends).toBeGreaterThan(0);
      }
    }
    const pmem = audit.drivers.find(({ driver }) => driver === 'pmem');
    const both = pmem?.systems[0]?.comparison.agree.map(({ after }) => after.join());
    expect(both).toContain('devm_init_badblocks');
    expect(both?.includes('dax_add_host')).toBe(release === '6.1');
  });
});
