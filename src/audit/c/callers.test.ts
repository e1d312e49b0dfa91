// How callers treat the result of alloc_dax(): the shapes of drivers over the years, in small.

import { expect, test } from 'vitest';
import { loadCSyntax } from '../../host/index.ts';
import { present } from '../../base/index.ts';
import { memoryTree } from '../tree.ts';
import { readAllocDax } from './alloc-dax.ts';

const syntax = await loadCSyntax();

function callerOf(body: string) {
  const text = `static int attach(struct thing *t)\n{\n${body}\n}\n`;
  const own = 'struct d *alloc_dax(void *t, const struct ops *o)\n{\n\treturn make(t);\n}\n';
  const tree = memoryTree({ 'drivers/x/x.c': text, 'drivers/dax/super.c': own });
  const facts = readAllocDax(tree, syntax);
  expect(facts.notChecked).toEqual([]);
  return present(facts.callers[0], 'caller');
}

/** Outcomes of -EOPNOTSUPP, NULL and another error, by kind. */
function kinds(body: string): string {
  const c = callerOf(body);
  return [c.onEopnotsupp, c.onNull, c.onOtherError].map((o) => o.kind).join(' ');
}

const OUT = '\tadd_disk(t);\n\treturn 0;\nout:\n\tdrop(t);\n\treturn rc;';

test('every error is fatal where IS_ERR() leads to the way out; NULL is used as a device', () => {
  const body = `\tdev = alloc_dax(t, &ops);
\tif (IS_ERR(dev)) {
\t\trc = PTR_ERR(dev);
\t\tgoto out;
\t}
\tset_dax_nocache(dev);
${OUT}`;
  const caller = callerOf(body);
  expect(caller.function).toBe('attach');
  expect(caller.args).toEqual(['t', '&ops']);
  expect(caller.receiver).toBe('dev');
  expect(caller.receiverIs).toBe('variable');
  expect(caller.tests.map((t) => `${t.kind} ${t.line}`)).toEqual(['IS_ERR 4']);
  expect(kinds(body)).toBe('fatal used fatal');
  expect(caller.onEopnotsupp).toEqual({ kind: 'fatal', line: 6, how: 'goto out: return rc' });
  expect(caller.onNull).toEqual({ kind: 'used', line: 8, how: 'set_dax_nocache(dev)' });
});

test('-EOPNOTSUPP alone is survived where its number is compared', () => {
  const body = `\tdev = alloc_dax(t, &ops);
\tif (IS_ERR(dev)) {
\t\trc = PTR_ERR(dev);
\t\tif (rc != -EOPNOTSUPP)
\t\t\tgoto out;
\t} else {
\t\tset_dax_nocache(dev);
\t\tt->dev = dev;
\t\trc = dax_add_host(dev, t->disk);
\t\tif (rc)
\t\t\tgoto out;
\t}
${OUT}`;
  expect(kinds(body)).toBe('survives used fatal');
  const caller = callerOf(body);
  expect(caller.tests.map((t) => t.kind)).toEqual(['IS_ERR', 'compare-EOPNOTSUPP']);
  expect(caller.stores).toEqual([{ field: 't->dev', line: 10 }]);
  expect(caller.addHostLines).toEqual([11]);
  expect(caller.storeOrder).toBe('before-host');
});

test('the number compared with another errno is no escape', () => {
  const body = `\tdev = alloc_dax(t, &ops);
\tif (IS_ERR(dev)) {
\t\tif (PTR_ERR(dev) != -ENODEV)
\t\t\treturn PTR_ERR(dev);
\t}
\treturn 0;`;
  expect(kinds(body)).toBe('fatal survives fatal');
  expect(callerOf(body).tests.map((t) => t.kind)).toEqual(['IS_ERR']);
});

test('NULL counted as -EOPNOTSUPP survives with it', () => {
  const body = `\tdev = alloc_dax(t, &ops);
\tif (IS_ERR_OR_NULL(dev)) {
\t\trc = IS_ERR(dev) ? PTR_ERR(dev) : -EOPNOTSUPP;
\t\tif (rc != -EOPNOTSUPP)
\t\t\tgoto out;
\t} else {
\t\tset_dax_nomc(dev);
\t}
${OUT}`;
  expect(kinds(body)).toBe('survives survives fatal');
});

test('NULL counted as -EOPNOTSUPP and then returned is fatal', () => {
  const body = `\tdev = alloc_dax(t, &ops);
\tif (IS_ERR_OR_NULL(dev)) {
\t\trc = IS_ERR(dev) ? PTR_ERR(dev) : -EOPNOTSUPP;
\t\tgoto out;
\t}
${OUT}`;
  expect(kinds(body)).toBe('fatal fatal fatal');
});

test('a plain NULL test lets error pointers through', () => {
  const body = `\tdev = alloc_dax(t, &ops);
\tif (!dev)
\t\treturn -ENOMEM;
\tuse(dev);
\treturn 0;`;
  expect(kinds(body)).toBe('used fatal used');
  expect(callerOf(body).tests.map((t) => t.text)).toEqual(['!dev']);
});

test('a choice in the return statement is followed', () => {
  const body = `\tstruct dax_device *dev __free(drop_dax) = NULL;
\tif (!IS_ENABLED(CONFIG_THING_DAX))
\t\treturn 0;
\tdev = alloc_dax(t, &ops);
\tif (IS_ERR(dev)) {
\t\tint rc = PTR_ERR(dev);
\t\treturn rc == -EOPNOTSUPP ? 0 : rc;
\t}
\tt->dev = no_free_ptr(dev);
\treturn arm(t, t->dev);`;
  expect(kinds(body)).toBe('survives used fatal');
  const caller = callerOf(body);
  expect(caller.guards).toEqual(['IS_ENABLED(CONFIG_THING_DAX)']);
  expect(caller.stores).toEqual([{ field: 't->dev', line: 11 }]);
  expect(caller.storeOrder).toBe('no-host');
});

test('a field that receives the result, and a guard around the call', () => {
  const body = `\tif (IS_ENABLED(CONFIG_FS_DAX)) {
\t\tt->dev = alloc_dax(t, &ops);
\t\tif (IS_ERR(t->dev)) {
\t\t\tt->dev = NULL;
\t\t\tgoto bad;
\t\t}
\t\tif (dax_add_host(t->dev, t->disk))
\t\t\tgoto bad;
\t}
\treturn t;
bad:
\tfree(t);
\treturn NULL;`;
  expect(kinds(body)).toBe('fatal used fatal');
  const caller = callerOf(body);
  expect(caller.receiverIs).toBe('field');
  expect(caller.guards).toEqual(['IS_ENABLED(CONFIG_FS_DAX)']);
  expect(caller.storeOrder).toBe('before-host');
});

test('a field set only after dax_add_host() is said to be late', () => {
  const body = `\tdev = alloc_dax(t, &ops);
\tif (IS_ERR(dev))
\t\treturn PTR_ERR(dev);
\trc = dax_add_host(dev, t->disk);
\tif (rc)
\t\tgoto out;
\tt->dev = dev;
\treturn 0;
out:
\tkill_dax(t->dev);
\tput_dax(t->dev);
\treturn rc;`;
  const caller = callerOf(body);
  expect(caller.storeOrder).toBe('after-host');
  expect(caller.releases).toEqual([
    { function: 'kill_dax', argument: 't->dev', line: 12 },
    { function: 'put_dax', argument: 't->dev', line: 13 },
  ]);
});

test('the call inside the condition is understood', () => {
  const body = '\tif (IS_ERR(dev = alloc_dax(t, NULL)))\n\t\treturn PTR_ERR(dev);\n\treturn 0;';
  expect(kinds(body)).toBe('fatal survives fatal');
  expect(callerOf(body).nullOps).toBe(true);
});

test('a jump over the rest of the attachment is survived', () => {
  const body = `\tdev = alloc_dax(t, &ops);
\tif (PTR_ERR_OR_ZERO(dev) == -EOPNOTSUPP)
\t\tgoto skip;
\tif (IS_ERR(dev))
\t\treturn PTR_ERR(dev);
\tuse(dev);
skip:
\treturn 0;`;
  expect(kinds(body)).toBe('survives used fatal');
});

test('what is not followed is said, not guessed', () => {
  expect(kinds('\treturn alloc_dax(t, &ops);')).toBe('not-checked not-checked not-checked');
  const loop = '\tdev = alloc_dax(t, &ops);\n\twhile (IS_ERR(dev))\n\t\tretry(t);\n\treturn 0;';
  expect(kinds(loop)).toBe('not-checked not-checked not-checked');
  const helper =
    '\tdev = alloc_dax(t, &ops);\n\tif (bad(dev) && IS_ERR(dev))\n\t\treturn 1;\n\treturn 0;';
  expect(callerOf(helper).onEopnotsupp.kind).toBe('used');
});

test('an unrelated failure on the way changes nothing', () => {
  const body = `\tdev = alloc_dax(t, &ops);
\tif (prepare(t))
\t\treturn -EIO;
\tif (IS_ERR(dev))
\t\treturn PTR_ERR(dev);
\treturn 0;`;
  expect(kinds(body)).toBe('fatal survives fatal');
});

test('what an unrelated failure sets on its way out does not touch the result', () => {
  const body = `\tdev = alloc_dax(t, &ops);
\tif (prepare(t)) {
\t\tdev = NULL;
\t\treturn -EIO;
\t}
\tif (IS_ERR(dev))
\t\treturn PTR_ERR(dev);
\treturn 0;`;
  expect(kinds(body)).toBe('fatal survives fatal');
});

test('a result that is replaced under another condition is not followed further', () => {
  const body = `\tdev = alloc_dax(t, &ops);
\tif (odd(t))
\t\tdev = NULL;
\tif (IS_ERR(dev))
\t\treturn PTR_ERR(dev);
\treturn 0;`;
  expect(callerOf(body).onEopnotsupp.kind).toBe('not-checked');
  const replaced = body.replace('\tif (odd(t))\n', '');
  expect(callerOf(replaced).onEopnotsupp.kind).toBe('survives');
});

test('a way out with a value not known is fatal, a way back is not followed', () => {
  const out = `\tdev = alloc_dax(t, &ops);
\tif (IS_ERR(dev))
\t\tgoto bad;
\treturn t;
bad:
\treturn undo(t);`;
  expect(callerOf(out).onEopnotsupp).toEqual({ kind: 'fatal', line: 5, how: 'goto bad' });
  const back = `again:
\tdev = alloc_dax(t, &ops);
\tif (IS_ERR(dev))
\t\tgoto again;
\treturn 0;`;
  expect(kinds(back)).toBe('not-checked survives not-checked');
  expect(callerOf(back).onEopnotsupp.how).toBe('goto again leads backwards');
});

test('a number compared before it holds the error is no test of the result', () => {
  const body = `\tdev = alloc_dax(t, &ops);
\tif (rc == -EOPNOTSUPP)
\t\tcount(t);
\tif (IS_ERR(dev)) {
\t\trc = PTR_ERR(dev);
\t\treturn rc;
\t}
\treturn 0;`;
  expect(callerOf(body).tests.map((t) => t.kind)).toEqual(['IS_ERR']);
});

test('a number that is set anew is another matter', () => {
  const body = `\tdev = alloc_dax(t, &ops);
\trc = PTR_ERR_OR_ZERO(dev);
\tif (rc && rc != -EOPNOTSUPP)
\t\treturn rc;
\tif (odd(t))
\t\trc = 1;
\trc = go_on(t);
\tif (rc)
\t\treturn rc;
\treturn 0;`;
  expect(callerOf(body).onEopnotsupp.kind).toBe('survives');
  const kept = body.replace('\trc = go_on(t);\n', '');
  expect(callerOf(kept).onEopnotsupp.kind).toBe('not-checked');
});

test('a test of something else put into the same variable is no test of the result', () => {
  const body = `\tdev = alloc_dax(t, &ops);
\tif (IS_ERR(dev = other(t)))
\t\treturn 1;
\treturn 0;`;
  expect(callerOf(body).tests).toEqual([]);
});
