// Shows that the halves of a detach need each other, that memory which nobody knows of takes its
// object with it, and the smaller rules that mutants of real functions asked for; each with a near
// miss that stays silent.

import { beforeAll, expect, test } from 'vitest';
import { auditPaths, type CSyntax, memoryTree, type Protocol } from '../src/audit/index.ts';
import { present } from '../src/base/index.ts';
import { builtInProtocols, loadCSyntax } from '../src/host/index.ts';

let syntax: CSyntax;
let protocols: readonly Protocol[];

beforeAll(async () => {
  syntax = await loadCSyntax();
  const read = builtInProtocols();
  protocols = read.ok ? read.value : [];
});

function found(text: string, file = 'drivers/x/sample.c'): readonly string[] {
  const { findings } = auditPaths(memoryTree({ [file]: text }), present(syntax, 'C'), protocols);
  return findings.map(({ path: { finding } }) => `${finding.type} ${finding.function}`).sort();
}

const ATTACH = `
static int x_attach(struct x *s)
{
	struct dax_device *d = alloc_dax(s, &x_ops);
	if (IS_ERR(d))
		return PTR_ERR(d) == -EOPNOTSUPP ? 0 : PTR_ERR(d);
	if (dax_add_host(d, s->disk)) {
		kill_dax(d);
		put_dax(d);
		return -EIO;
	}
	s->dax_dev = d;
	return 0;
}
`;

function detach(name: string, ...lines: readonly string[]): string {
  return `static void ${name}(struct x *s)\n{\n${lines.map((one) => `\t${one};\n`).join('')}}\n`;
}

const UNDO = 'dax_remove_host(s->disk)';
const END = 'kill_dax(s->dax_dev)';
const FREE = 'put_dax(s->dax_dev)';

test('a detach that leaves a step out, where no other function takes it', () => {
  expect(found(ATTACH + detach('x_detach', UNDO, END, FREE))).toEqual([]);
  expect(found(ATTACH + detach('x_detach', UNDO, END))).toEqual(['LEAK x_detach']);
  expect(found(ATTACH + detach('x_detach', UNDO, FREE))).toEqual(['RELEASE_ORDER x_detach']);
  expect(found(ATTACH + detach('x_detach', END, FREE))).toEqual(['NOT_UNREGISTERED x_detach']);
});

test('a detach in two halves', () => {
  const halves = detach('x_kill', UNDO, END) + detach('x_release', FREE);
  expect(found(ATTACH + halves)).toEqual([]);
});

test('memory that is freed with an object that nothing gives back', () => {
  expect(found(ATTACH + detach('x_free', 'kfree(s)'))).toEqual(['LEAK x_free']);
  expect(found(ATTACH + detach('x_free', UNDO, END, FREE, 'kfree(s)'))).toEqual([]);
  // Somebody else may do it: nothing of the file frees the memory.
  expect(found(ATTACH)).toEqual([]);
});

function made(...failing: readonly string[]): string {
  return `
static struct y *y_make(struct block_device *b)
{
	struct y *s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (!s)
		return NULL;
	s->d = fs_dax_get_by_bdev(b, &s->off, NULL, NULL);
	if (y_start(b)) {
${failing.map((one) => `\t\t${one};\n`).join('')}		return NULL;
	}
	return s;
}
`;
}

test('memory that nobody knows of when the function fails', () => {
  expect(found(made())).toEqual(['LEAK y_make']);
  expect(found(made('fs_put_dax(s->d, NULL)', 'kfree(s)'))).toEqual([]);
  expect(found(made('y_put(s)'))).toEqual([]);
  expect(found(made('list_add(&s->list, &all)'))).toEqual([]);
});

test('a disk is unregistered once', () => {
  const pmem = 'drivers/nvdimm/pmem.c';
  const once = detach('x_detach', 'del_gendisk(s->disk)', 'put_disk(s->disk)');
  const twice = detach('x_detach', 'del_gendisk(s->disk)', 'del_gendisk(s->disk)');
  const acquire = 'static void x_none(void)\n{\n\talloc_dax;\n}\n/* blk_alloc_disk */\n';
  expect(found(acquire + once, pmem)).toEqual([]);
  expect(found(acquire + twice, pmem)).toEqual(['DOUBLE_RELEASE x_detach']);
});

test('an object without the reference that was asked for is not given to others', () => {
  const get = (test_: string): string => `
struct dax_device *x_get(struct dax_device *d)
{
	${test_}
	return d;
}
`;
  const file = 'drivers/dax/sample.c';
  expect(found(get('if (!igrab(&d->inode)) return NULL;'), file)).toEqual([]);
  expect(found(get('igrab(&d->inode);'), file)).toEqual(['FATAL_ERROR_SURVIVED x_get']);
});

test('a field is handed on before it is set', () => {
  const attach = (first: string, second: string): string => `
static int z_attach(struct device *dev)
{
	struct dax_device *d;
	struct z *s = devm_kzalloc(dev, sizeof(*s), GFP_KERNEL);
	if (!s)
		return -ENOMEM;
	d = alloc_dax(s, &z_ops);
	if (IS_ERR(d))
		return PTR_ERR(d) == -EOPNOTSUPP ? 0 : PTR_ERR(d);
	${first};
	${second};
	return devm_add_action_or_reset(dev, z_release, s->dax_dev);
}

static void z_release(void *data)
{
	kill_dax(data);
	put_dax(data);
}
`;
  const store = 's->dax_dev = d';
  const use = 'set_dax_synchronous(s->dax_dev)';
  expect(found(attach(store, use))).toEqual([]);
  expect(found(attach(use, store))).toEqual(['STORED_TOO_LATE z_attach']);
});
