// The C facts of two real kernels, 6.1 and 6.12, as they were found by reading the sources. Needs
// the trees; without them every test here is skipped and says how to get them.

import { expect, test } from 'vitest';
import { type AllocDaxCaller, readCFacts, readPredicate, readShmlba } from '../src/audit/index.ts';
import { present } from '../src/base/index.ts';
import { loadCSyntax, openTree } from '../src/host/index.ts';
import { isRecordedTree } from '../scripts/lib/trees.mjs';
import { kernelTree } from './support.ts';

const TIMEOUT = 60_000;

function rootOf(release: string): string {
  return present(kernelTree(release), 'tree');
}

function treeTest(release: string, title: string, run: () => Promise<void>): void {
  const there = isRecordedTree(release);
  const name = there ? title : `${title} (no tree of the recorded version: npm run trees)`;
  test.skipIf(!there)(`${release}: ${name}`, { timeout: TIMEOUT }, run);
}

function open(release: string) {
  const tree = openTree(rootOf(release));
  return present(tree.ok ? tree.value : undefined, 'tree');
}

async function factsOf(release: string) {
  const result = readCFacts(open(release), await loadCSyntax());
  return present(result.ok ? result.value : undefined, 'facts');
}

/** One line for each caller: place, operations, receiver, tests, and what follows each result. */
function line(c: AllocDaxCaller): string {
  const kinds = [c.onEopnotsupp, c.onNull, c.onOtherError].map((o) => o.kind).join(' ');
  const tests = c.tests.map((t) => `${t.kind}@${t.line}`).join(' ');
  const ops = c.nullOps ? 'no ops' : 'ops';
  const place = `${c.place.file}:${c.place.line}`;
  return `${place} ${ops} ${c.receiver}: ${tests}: ${kinds}: ${c.storeOrder}`;
}

treeTest('6.1', 'no run-time gate, NULL for DAX=n, every error fatal', async () => {
  const { version, allocDax } = await factsOf('6.1');
  expect(version.version).toBe(6);
  expect(version.patchlevel).toBe(1);
  expect(allocDax.runTime).toEqual({
    value: 'none',
    sources: [{ kind: 'tree', file: 'drivers/dax/super.c', line: 447 }],
  });
  expect(allocDax.definition?.opsIndex).toBe(1);
  expect(allocDax.stub?.returns).toEqual({ kind: 'NULL' });
  expect(allocDax.filesystemGates).toEqual([]);
  expect(allocDax.notChecked).toEqual([]);
  const error = 'fatal used fatal';
  expect(allocDax.callers.map(line)).toEqual([
    `drivers/dax/bus.c:1375 no ops dax_dev: IS_ERR@1376: ${error}: no-host`,
    `drivers/md/dm.c:2082 ops md->dax_dev: IS_ERR@2083: ${error}: before-host`,
    `drivers/nvdimm/pmem.c:581 ops dax_dev: IS_ERR@582: ${error}: after-host`,
    `drivers/s390/block/dcssblk.c:679 ops dev_info->dax_dev: IS_ERR@680: ${error}: before-host`,
    `fs/fuse/virtio_fs.c:861 ops fs->dax_dev: IS_ERR@862: ${error}: no-host`,
  ]);
  expect(allocDax.callers[1]?.guards).toEqual(['IS_ENABLED(CONFIG_FS_DAX)']);
});

treeTest('6.12', 'alloc_dax() refuses, and pmem, dm and virtio-fs go on', async () => {
  const { version, allocDax } = await factsOf('6.12');
  expect(version.patchlevel).toBe(12);
  expect(allocDax.definition?.aliasTests).toEqual([
    {
      place: { file: 'drivers/dax/super.c', line: 468, col: 2 },
      condition: 'ops&&cpu_dcache_is_aliasing()',
      by: 'predicate',
      names: ['cpu_dcache_is_aliasing'],
      exemptsNullOps: true,
      returns: { kind: '-EOPNOTSUPP' },
      beforeAllocation: true,
    },
  ]);
  expect(allocDax.runTime.value).toBe('alloc_dax');
  expect(allocDax.stub?.returns).toEqual({ kind: '-EOPNOTSUPP' });
  expect(allocDax.notChecked).toEqual([]);
  const [all, some] = ['fatal used fatal', 'survives used fatal'];
  const compare = 'compare-EOPNOTSUPP';
  expect(allocDax.callers.map(line)).toEqual([
    `drivers/dax/bus.c:1479 no ops dax_dev: IS_ERR@1480: ${all}: no-host`,
    `drivers/md/dm.c:2355 ops dax_dev: IS_ERR@2356 ${compare}@2357: ${some}: before-host`,
    `drivers/nvdimm/pmem.c:569 ops dax_dev: IS_ERR@570 ${compare}@572: ${some}: before-host`,
    `drivers/s390/block/dcssblk.c:683 ops dax_dev: IS_ERR@684: ${all}: before-host`,
    `fs/fuse/virtio_fs.c:1059 ops dax_dev: IS_ERR@1060 ${compare}@1062: ${some}: no-host`,
  ]);
});

const SELECTING = ['arm', 'csky', 'm68k', 'mips', 'nios2', 'parisc', 'sh', 'sparc', 'xtensa'];

function predicateOf(release: string, arch: string, more: Record<string, string> = {}) {
  const selected = SELECTING.includes(arch) ? 'y' : 'n';
  const values: Record<string, string> = { ARCH_HAS_CPU_CACHE_ALIASING: selected, ...more };
  return readPredicate(open(release), { arch, lookup: (symbol) => values[symbol] });
}

function exprOf(arch: string, more: Record<string, string> = {}): string {
  const { predicate } = predicateOf('6.12', arch, more);
  return predicate.kind === 'defined' ? JSON.stringify(predicate.expr) : predicate.kind;
}

treeTest('6.1', 'has no predicate', async () => {
  expect(predicateOf('6.1', 'arm').predicate.kind).toBe('absent');
});

treeTest('6.12', 'the predicate of every architecture', async () => {
  for (const arch of ['csky', 'm68k', 'parisc', 'sh']) {
    expect(exprOf(arch), arch).toBe('{"op":"number","value":1}');
  }
  const larger = (name: string): string =>
    `{"op":">","a":{"op":"name","name":"${name}"},"b":{"op":"name","name":"PAGE_SIZE"}}`;
  expect(exprOf('nios2')).toBe(larger('NIOS2_DCACHE_SIZE'));
  expect(exprOf('xtensa')).toBe(larger('DCACHE_WAY_SIZE'));
  expect(exprOf('sparc', { SPARC32: 'y' })).toBe(larger('vac_cache_size'));
  expect(exprOf('sparc', { SPARC32: 'n' })).toBe(larger('L1DCACHE_SIZE'));
  expect(exprOf('sparc')).toBe('not-checked');
  expect(exprOf('mips')).toBe('{"op":"name","name":"cpu_has_dc_aliases"}');
  expect(exprOf('arm')).toBe(
    '{"op":"||","a":{"op":"call","name":"cache_is_vivt"},' +
      '"b":{"op":"call","name":"cache_is_vipt_aliasing"}}',
  );
  for (const arch of ['alpha', 'arc', 'arm64', 'riscv', 's390', 'x86']) {
    expect(exprOf(arch), arch).toBe('generic-false');
  }
});

treeTest('6.12', 'the names behind the predicates', async () => {
  const places = (arch: string, more: Record<string, string> = {}): string[] =>
    predicateOf('6.12', arch, more).names.flatMap((n) =>
      n.definitions.map((d) =>
        d.source.kind === 'tree' ? `${d.source.file}:${d.source.line} ${d.value}` : '',
      ),
    );
  expect(places('sparc', { SPARC32: 'y' })).toEqual(['arch/sparc/mm/srmmu.c:56 ']);
  expect(places('sparc', { SPARC32: 'n' })).toEqual([
    'arch/sparc/include/asm/spitfire.h:41 0x4000',
  ]);
  expect(places('nios2')).toEqual(['arch/nios2/include/asm/cache.h:11 CONFIG_NIOS2_DCACHE_SIZE']);
  expect(places('xtensa')).toEqual([
    'arch/xtensa/include/asm/cache.h:20 (XCHAL_DCACHE_SIZE/XCHAL_DCACHE_WAYS)',
  ]);
  expect(places('arm')).toHaveLength(2);
  expect(places('mips').length).toBeGreaterThan(10);
});

treeTest('6.12', 'SHMLBA of the architectures that force one', async () => {
  const of = (arch: string, values: Record<string, string> = {}): string => {
    const shmlba = readShmlba(open('6.12'), arch, (symbol) => values[symbol]);
    return shmlba.kind === 'not-checked' ? shmlba.why : shmlba.expr;
  };
  expect(of('arm')).toBe('(4*PAGE_SIZE)');
  expect(of('mips')).toBe('0x40000');
  expect(of('sh')).toBe('0x4000');
  expect(of('nios2')).toBe('CONFIG_NIOS2_DCACHE_SIZE');
  expect(of('m68k')).toBe('PAGE_SIZE');
  expect(of('arm64')).toBe('PAGE_SIZE');
  expect(of('sparc', { SPARC: 'y', SPARC64: 'y' })).toContain('L1DCACHE_SIZE');
  expect(of('sparc', { SPARC: 'y', SPARC64: 'n' })).toContain('vac_cache_size');
});
