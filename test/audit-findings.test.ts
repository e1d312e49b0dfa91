// Findings of small trees: what fires, where it points, who can meet it, and what is not claimed.

import { expect, test } from 'vitest';
import { type Audit, auditTree, type Finding, memoryTree, optimistic } from '../src/audit/index.ts';
import { present } from '../src/base/index.ts';
import { loadCSyntax } from '../src/host/index.ts';
import { smallKernelWith } from './small-kernel.ts';

const syntax = await loadCSyntax();

async function audited(changes: Readonly<Record<string, string | undefined>>): Promise<Audit> {
  const tree = memoryTree(smallKernelWith(changes));
  const audit = await auditTree(tree, syntax, { profile: optimistic });
  return present(audit.ok ? audit.value : undefined, 'audit');
}

function ofType({ findings }: Audit, type: Finding['type']): readonly Finding[] {
  return findings.filter((f) => f.type === type);
}

function only(audit: Audit, type: Finding['type']): Finding {
  const found = ofType(audit, type);
  expect(found.map((f) => f.type)).toEqual([type]);
  return present(found[0], type);
}

const ARM_HEADER = 'arch/arm/include/asm/cachetype.h';
const ALWAYS = '#define cpu_dcache_is_aliasing() (true)\n';

// Of all ARM ports only that of ARMv6 has device memory.
const ARM_V6_WITH_FS_DAX = `config ARM
	def_bool y
	select ARCH_HAS_CPU_CACHE_ALIASING
config ARCH_MULTI_V6
	bool "six"
config ARCH_MULTI_V7
	bool "seven"
config SMALL_DEVMAP
	def_bool y
	depends on !ARCH_MULTI_V7
`;

test('a denial says that fsdax is refused, by whom, and what exploration found', async () => {
  const audit = await audited({ [ARM_HEADER]: ALWAYS });
  const { message, reach, place } = only(audit, 'FALSE_DENIAL');
  expect(message).toContain(
    'alloc_dax() refuses fsdax on arm where cpu_dcache_is_aliasing() is true, but exploration ' +
      'finds no stale alias for: ARM',
  );
  expect([reach, place.file, place.line]).toEqual(['latent', ARM_HEADER, 1]);
});

test('a permission says that fsdax is let through', async () => {
  const audit = await audited({ [ARM_HEADER]: '#define cpu_dcache_is_aliasing() false\n' });
  expect(only(audit, 'FALSE_PERMISSION').message).toContain(
    'cpu_dcache_is_aliasing() lets fsdax through on arm, but exploration finds a stale alias ' +
      'for: ',
  );
});

test('machines that can meet a false denial are not mixed with others', async () => {
  const audit = await audited({ [ARM_HEADER]: ALWAYS, 'arch/arm/Kconfig': ARM_V6_WITH_FS_DAX });
  const denials = ofType(audit, 'FALSE_DENIAL');
  expect(denials.map((f) => `${f.reach} ${f.level}`).sort()).toEqual([
    'latent check',
    'reachable warning',
  ]);
  for (const { reach, machines, notes } of denials) {
    const ports = audit.ports.filter((p) =>
      p.machines.some(({ machine }) => machines?.includes(machine)),
    );
    const values = new Set(ports.map((p) => p.built.FS_DAX.value));
    expect([...values]).toEqual([reach === 'latent' ? 'n' : 'y']);
    const told = notes.filter((n) => n.message.startsWith('latent: '));
    const ids = ports.map((p) => p.id).join(', ');
    const expected = `latent: FS_DAX cannot be built on ${ids}`;
    expect(told.map((n) => n.message)).toEqual(reach === 'latent' ? [expected] : []);
  }
});

test('latent machines with different reasons make different findings', async () => {
  const other = ARM_V6_WITH_FS_DAX.replace('def_bool y\n\tdepends on !', 'bool\n\tdepends on ');
  const same = await audited({ [ARM_HEADER]: ALWAYS });
  const kconfig = `${other.replace('SMALL_DEVMAP', 'SMALL_OTHER')}config SMALL_DEVMAP
	def_bool y
	depends on SMALL_LOST if ARCH_MULTI_V7
	depends on SMALL_GONE if !ARCH_MULTI_V7
`;
  const apart = await audited({ [ARM_HEADER]: ALWAYS, 'arch/arm/Kconfig': kconfig });
  expect(ofType(same, 'FALSE_DENIAL')).toHaveLength(1);
  expect(ofType(apart, 'FALSE_DENIAL').map((f) => f.reach)).toEqual(['latent', 'latent']);
});

test('a select without a header points at the line that selects', async () => {
  for (const header of [undefined, '/* nothing */\n']) {
    const { place, reach, message } = only(
      await audited({ [ARM_HEADER]: header }),
      'SELECT_WITHOUT_HEADER',
    );
    expect(place).toEqual({ file: 'arch/arm/Kconfig', line: 3, col: 1 });
    expect(message).toContain(`${ARM_HEADER} does not define cpu_dcache_is_aliasing()`);
    expect(reach).toBe('reachable');
  }
});

test('a select without a header may not matter where alloc_dax() does not ask', async () => {
  const silent = 'struct dax_device *alloc_dax(void *a, void *b)\n{\n\treturn small(a);\n}\n';
  const audit = await audited({ [ARM_HEADER]: undefined, 'drivers/dax/super.c': silent });
  expect(only(audit, 'SELECT_WITHOUT_HEADER')).toMatchObject({
    reach: 'not-checked',
    level: 'check',
  });
});

test('a header without a select is met where FS_DAX can be built, else not checked', async () => {
  const header = { 'arch/x86/include/asm/cachetype.h': ALWAYS };
  const there = only(await audited(header), 'HEADER_WITHOUT_SELECT');
  expect([there.reach, there.level]).toEqual(['reachable', 'warning']);
  const without = 'config X86\n\tdef_bool y\n';
  const open = await audited({ ...header, 'arch/x86/Kconfig': without });
  expect(only(open, 'HEADER_WITHOUT_SELECT')).toMatchObject({
    reach: 'not-checked',
    level: 'check',
  });
});

const LATE = `static int small_attach(struct small_device *s)
{
	struct dax_device *dev = alloc_dax(s, &small_ops);

	if (IS_ERR(dev))
		return PTR_ERR(dev) == -EOPNOTSUPP ? 0 : PTR_ERR(dev);
	if (dax_add_host(dev, s->disk))
		goto undo;
	s->dax_dev = dev;
	return 0;
undo:
	kill_dax(s->dax_dev);
	return -EINVAL;
}
`;

test('a late store in pmem is met where pmem and FS_DAX can both be built', async () => {
  const late = only(await audited({ 'drivers/nvdimm/pmem.c': LATE }), 'STORED_AFTER_ADD_HOST');
  expect([late.reach, late.level]).toEqual(['reachable', 'warning']);
  expect(late.message).toContain('(with FS_DAX=y)');
  // Without FS_DAX dax_add_host() is a stub that never fails.
  const never = { 'arch/x86/Kconfig': 'config X86\n\tdef_bool y\n' };
  const latent = await audited({ ...never, 'drivers/nvdimm/pmem.c': LATE });
  expect(only(latent, 'STORED_AFTER_ADD_HOST')).toMatchObject({ reach: 'latent', level: 'check' });
});

test('whether another driver can be built is not claimed', async () => {
  const untested =
    'static int small_probe(struct small *s)\n{\n\ts->dax = alloc_dax(s, &ops);\n' +
    '\treturn small_add(s->dax);\n}\n';
  const files = { 'drivers/md/small.c': untested, 'drivers/md/late.c': LATE };
  const audit = await audited(files);
  for (const type of [
    'RESULT_UNTESTED',
    'STORED_AFTER_ADD_HOST',
    'REFUSAL_NOT_SURVIVED',
  ] as const) {
    expect(only(audit, type), type).toMatchObject({ reach: 'not-checked', level: 'check' });
  }
  const pmem = await audited({ 'drivers/nvdimm/pmem.c': untested });
  expect(only(pmem, 'RESULT_UNTESTED')).toMatchObject({ reach: 'reachable', level: 'error' });
});

const STUB =
  'static inline struct dax_device *alloc_dax(void *s, const struct dax_operations *o)\n' +
  '{\n\treturn NULL;\n}\n';

function caller(before: string): string {
  return (
    `static int small_setup(struct small *s)\n{\n\tstruct dax_device *dev;\n\n${before}` +
    `\tdev = alloc_dax(s, &ops);\n\tif (IS_ERR(dev))\n\t\treturn PTR_ERR(dev);\n` +
    '\tset_dax_nocache(dev);\n\treturn 0;\n}\n'
  );
}

test('a stub that returns NULL names only callers that may be built with DAX=n', async () => {
  const files = {
    'include/linux/dax.h': STUB,
    'drivers/dax/bus.c': caller(''),
    'drivers/a/guarded.c': guarded(),
    'drivers/b/early.c': caller('\tif (!IS_ENABLED(CONFIG_FUSE_DAX))\n\t\treturn 0;\n'),
    'drivers/c/open.c': caller(''),
    'drivers/d/other.c': caller('\tif (!IS_ENABLED(CONFIG_SMALL))\n\t\treturn 0;\n'),
  };
  const found = only(await audited(files), 'STUB_RETURNS_NULL');
  expect(found.notes.map((n) => `${n.place?.file}: ${n.message}`)).toEqual([
    'drivers/c/open.c: not checked: whether small_setup() can be built with DAX=n',
    'drivers/d/other.c: not checked: whether small_setup() can be built with DAX=n',
  ]);
  expect([found.level, found.reach]).toEqual(['check', 'not-checked']);
  const none = await audited({ 'include/linux/dax.h': STUB, 'drivers/nvdimm/pmem.c': undefined });
  expect(only(none, 'STUB_RETURNS_NULL')).toMatchObject({ reach: 'latent', notes: [] });
});

function guarded(): string {
  return (
    'static int small_setup(struct small *s)\n{\n\tif (IS_ENABLED(CONFIG_FS_DAX)) {\n' +
    '\t\ts->dev = alloc_dax(s, &ops);\n\t\tif (IS_ERR(s->dev))\n\t\t\treturn -ENOMEM;\n' +
    '\t\tset_dax_nocache(s->dev);\n\t}\n\treturn 0;\n}\n'
  );
}

test('device-dax is not refused by a predicate that is constant false', async () => {
  const gate = 'if (cpu_dcache_is_aliasing())\n\t\treturn ERR_PTR(-EOPNOTSUPP);\n';
  const head = 'struct dax_device *alloc_dax(void *a, const struct o *b)\n{\n\t';
  const text = `${head}${gate}\treturn small(a);\n}\n`;
  const reach = async (header: string) =>
    only(await audited({ 'drivers/dax/super.c': text, [ARM_HEADER]: header }), 'NULL_OPS_REFUSED')
      .reach;
  expect(await reach(ALWAYS)).toBe('reachable');
  expect(await reach('#define cpu_dcache_is_aliasing() (0)\n')).toBe('latent');
  expect(await reach('#define cpu_dcache_is_aliasing() ({ asm("small"); 1; })\n')).toBe(
    'not-checked',
  );
});
