// The text of an audit: what was not read is not counted as answered.

import { expect, test } from 'vitest';
import { auditTree, memoryTree, optimistic } from '../src/audit/index.ts';
import { present } from '../src/base/index.ts';
import { loadCSyntax } from '../src/host/index.ts';
import { auditText } from '../src/report/index.ts';
import { smallKernelWith } from './small-kernel.ts';

const syntax = await loadCSyntax();

/** The text of an audit of the small kernel with these changes, as one line. */
async function textOf(changes: Readonly<Record<string, string | undefined>>): Promise<string> {
  const tree = memoryTree(smallKernelWith(changes));
  const audit = await auditTree(tree, syntax, { profile: optimistic });
  const value = present(audit.ok ? audit.value : undefined, 'audit');
  return auditText(value, { verbose: true, terse: false }).replace(/\s+/g, ' ');
}

const ARM_HEADER = 'arch/arm/include/asm/cachetype.h';
const ARM_FS_DAX = `config ARM
	def_bool y
	select ARCH_HAS_CPU_CACHE_ALIASING
config SMALL_DEVMAP
	def_bool y
`;

test('none of the ports has both, where all of them were read', async () => {
  expect(await textOf({})).toContain(
    'Among the 8 ports none has both FS_DAX=y and a predicate that can be true.',
  );
});

test('ports that were not read, or without a known predicate, are named, not counted', async () => {
  const unread = 'Among 3 of 8 ports none has both FS_DAX=y and a predicate that can be true; ';
  const arm = 'not checked: arm, arm-v5, arm-v6, arm-v7, arm-v7-lpae.';
  expect(await textOf({ 'arch/arm/Kconfig': 'if\n' })).toContain(unread + arm);
  const odd = '#define cpu_dcache_is_aliasing() ({ asm("small"); 1; })\n';
  expect(await textOf({ [ARM_HEADER]: odd })).toContain(unread + arm);
});

test('a predicate that is constant false cannot be true, and reads false', async () => {
  const changes = { 'arch/arm/Kconfig': ARM_FS_DAX };
  expect(await textOf(changes)).toContain(
    'FS_DAX=y meets a predicate that can be true on arm, arm-v5, arm-v6, arm-v7, arm-v7-lpae.',
  );
  const never = { ...changes, [ARM_HEADER]: '#define cpu_dcache_is_aliasing() false\n' };
  const text = await textOf(never);
  expect(text).toContain('Among the 8 ports none has both');
  expect(text).toContain(`arm false (${ARM_HEADER}:1`);
});

test('a tree without a predicate says so, and concludes nothing from it', async () => {
  const text = await textOf({ 'include/linux/cacheinfo.h': undefined });
  expect(text).toContain('This tree has no predicate that FS_DAX=y could meet.');
  expect(text).not.toContain('none has both');
});

test('FS_DAX=y comes with the alternative that holds', async () => {
  const fs = (depends: string) =>
    `config FS_DAX\n\tbool "files"\n\tdepends on ${depends}\n` +
    'config SMALL_LIMITED\n\tdef_bool X86\n';
  const both = await textOf({ 'fs/Kconfig': fs('ZONE_DEVICE || SMALL_LIMITED') });
  expect(both).toContain('FS_DAX=y i386, i386-pae, x86_64 by ZONE_DEVICE and SMALL_LIMITED (fs/Kc');
  const limited = { 'fs/Kconfig': fs('SMALL_NOTHING || SMALL_LIMITED') };
  expect(await textOf(limited)).toContain('x86_64 by SMALL_LIMITED (fs/Kconfig:3)');
  // Without alternatives there is nothing to tell.
  expect(await textOf({})).toContain('FS_DAX=y i386, i386-pae, x86_64 FS_DAX=n');
});

test('the list line says that ports were considered, and which were evaluated twice', async () => {
  expect(await textOf({})).toContain('(8 ports considered: n stays n when a clause is added, ');
  const listed = `config FS_DAX
	bool "files"
	depends on ZONE_DEVICE
	depends on !(ARM)
`;
  expect(await textOf({ 'fs/Kconfig': listed })).toContain(
    '(8 ports considered: y stays y when a clause is taken out, ',
  );
});

test('a finding whose reach was not checked says so, and is counted apart', async () => {
  const untested =
    'static int small_probe(struct small *s)\n{\n\ts->dax = alloc_dax(s, NULL);\n' +
    '\treturn small_add(s->dax);\n}\n';
  const text = await textOf({ 'drivers/md/small.c': untested });
  expect(text).toContain('(reach not checked) [RESULT_UNTESTED]');
  expect(text).toContain('1 finding (0 reachable, 0 latent, 1 not checked)');
});
