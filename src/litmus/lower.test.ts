// What statements, primitives and declarations come to in the program.

import { describe, expect, test } from 'vitest';
import { type Parts, sample } from '../../test/litmus/sample.ts';
import { type LitmusTest, parseLitmus, primitives, type Step } from './index.ts';

function read(parts: Parts): LitmusTest {
  const parsed = parseLitmus(sample(parts), 'f');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.test;
}

/** The steps of P0 behind its declaration. */
function steps(body: string, parts: Parts = {}): readonly Step[] {
  return read({ ...parts, body }).program.threads[0]?.steps.slice(1) ?? [];
}

function saysOf(step: Step | undefined): string {
  return step && 'says' in step ? step.says : '';
}

/** Each step as `kind: what it says`. */
function told(body: string, parts: Parts = {}): readonly string[] {
  return steps(body, parts).map((step) =>
    step.kind === 'kernel-access'
      ? `${step.kind} ${step.does}: ${saysOf(step.body[0])}`
      : `${step.kind}: ${step.says}`,
  );
}

const wide: Parts = {
  init: `page x[2]; page y { a; b[2]; };
    int *k = linear(x); int *u = user(x, colour 1); int *v = user(x, unmapped);
    int *w = window(x, colour 1, unmapped);
    struct y *s = linear(y); struct y *t = user(y);
    int flag = 1; spinlock_t l; struct mutex m;
    device pmem0 = pmem; file f = x on pmem0; file g = y on pmem0;
    mount d = ext4(pmem0, dax); fail alloc_dax = -ENOMEM;`,
  params: `int *k, int *u, int *v, int *w, struct y *s, struct y *t, int *flag, spinlock_t *l,
    struct mutex *m, device pmem0, file f, struct file *g, mount d`,
};

describe('statements', () => {
  test('accesses say who does what through which address', () => {
    expect(told('WRITE_ONCE(*k, 1); r0 = READ_ONCE(*u); *flag = r0 + 1; r0 = *flag;')).toEqual([
      'store: P0 stores 1 through k',
      'load: P0 loads through u',
      'store: P0 stores r0 + 1 to flag',
      'load: P0 loads flag',
    ]);
  });

  test('a load inside an expression goes into a register of its own', () => {
    const [load, branch] = steps('if (READ_ONCE(*u) == 1) r0 = 2;');
    expect(load).toMatchObject({ kind: 'load', mapping: 'u', register: '_0' });
    expect(branch).toMatchObject({
      kind: 'if',
      condition: { op: 'eq', a: { op: 'register', register: '_0' }, b: 1 },
      yes: [{ kind: 'set', register: 'r0', value: 2 }],
      no: [],
    });
  });

  test('what a loop tests is loaded before it and at the end of its body', () => {
    const [before, loop] = steps('while (READ_ONCE(*u) == 0) cond_resched();');
    expect(before).toMatchObject({ kind: 'load', register: '_0' });
    expect(loop).toMatchObject({ kind: 'while', body: [{ kind: 'mark' }, before] });
  });

  test('the right side of && is loaded only where the left one holds', () => {
    const [branch, set] = steps('r0 = r0 && READ_ONCE(*u);');
    expect(branch).toMatchObject({
      kind: 'if',
      condition: { op: 'register', register: 'r0' },
      yes: [{ kind: 'load', mapping: 'u' }, { kind: 'set' }],
      no: [{ kind: 'set', value: 0 }],
    });
    expect(set).toMatchObject({ kind: 'set', register: 'r0' });
  });

  test('comparisons are made of those that the program has', () => {
    const r0 = { op: 'register', register: 'r0' };
    const values = steps('r0 = r0 > 1; r0 = r0 <= 1; r0 = r0 >= 1; r0 = !r0;').map(
      (step) => 'value' in step && step.value,
    );
    expect(values).toEqual([
      { op: 'lt', a: 1, b: r0 },
      { op: 'not', a: { op: 'lt', a: 1, b: r0 } },
      { op: 'not', a: { op: 'lt', a: r0, b: 1 } },
      { op: 'not', a: r0 },
    ]);
  });
});

describe('primitives', () => {
  test('flush_dcache_page() takes kernel addresses first, and every line', () => {
    expect(told('flush_dcache_page(t);', wide)).toEqual([
      'flush: P0 flushes the line of y.a through s',
      'flush: P0 flushes the line of y.b through s',
      'flush: P0 flushes the line of y.a through t',
      'flush: P0 flushes the line of y.b through t',
    ]);
  });

  test('maintenance of one line, by any name of it', () => {
    const body =
      'clean_dcache_line(k); inval_dcache_line_local(s->a); flush_dcache_line(&s->b[1]);';
    expect(steps(body, wide)).toMatchObject([
      { kind: 'clean', mapping: 'k', line: 'x' },
      { kind: 'invalidate', mapping: 's', line: 'y.a', local: true },
      { kind: 'flush', mapping: 's', line: 'y.b' },
    ]);
  });

  test('an instruction cache is flushed by a clean and an invalidate', () => {
    expect(told('flush_icache_range(k); r0 = fetch(u);', wide)).toEqual([
      'clean: P0 writes back the line of x through k',
      'invalidate-icache: P0 invalidates the instruction line of x through k',
      'fetch: P0 fetches through u',
    ]);
  });

  test('copies go cell by cell', () => {
    expect(told('memcpy(k, u); memset(&s->b[1], 2); memcpy_flushcache(k, 1);', wide)).toEqual([
      'load: P0 loads through u[0]',
      'store: P0 stores what it loaded through k[0]',
      'load: P0 loads through u[1]',
      'store: P0 stores what it loaded through k[1]',
      'store: P0 stores 2 through s->b[1]',
      'store: P0 stores 1 through k',
      'clean: P0 writes back the line of x through k',
    ]);
  });

  test('read() and write() are kernel accesses through the linear address', () => {
    expect(
      told('r0 = read(f); write(f[1], 2); write(g->a, 1); r0 = copy_to_iter(k);', wide),
    ).toEqual([
      'kernel-access read: read(f) loads through k',
      'kernel-access write: write(f[1]) stores 2 through k[1]',
      'kernel-access write: write(g->a) stores 1 through s->a',
      'kernel-access read: copy_to_iter(k) loads through k',
    ]);
  });

  test('fsync() is tagged where a process stores to the page in any thread', () => {
    const tags = (more: string) =>
      read({ ...wide, body: 'fsync(f);', more })
        .program.threads[0]?.steps.flatMap((step) => (step.kind === 'fsync' ? [step] : []))
        .map(({ kernel, users, tagged }) => ({ kernel, users, tagged }));
    const to = (tagged: boolean) => [{ kernel: 'k', users: ['u', 'v'], tagged }];
    expect(tags('')).toEqual(to(false));
    expect(tags('P1(int *k) { *k = 1; }')).toEqual(to(false));
    expect(tags('P1(int *u) { if (1) { *u = 1; } }')).toEqual(to(true));
  });

  test('dax_flush() touches no user address', () => {
    const { program } = read({ ...wide, body: 'dax_flush(k);' });
    const step = program.threads[0]?.steps.at(-1);
    expect(step).toMatchObject({ kind: 'dax-flush', mapping: 'k', line: 'x' });
    expect(program.mappings.some((mapping) => mapping.name.includes('nobody'))).toBe(false);
  });

  test('mappings, locks, barriers, bits and power', () => {
    const body = `mmap(v); munmap(v); kmap_coherent(w); kunmap_coherent(w); spin_lock(l);
      mutex_unlock(&m); smp_mb(); set_bit(flag); r0 = test_and_clear_bit(flag); crash();`;
    expect(told(body, wide)).toEqual([
      'map: P0 maps v',
      'unmap: P0 unmaps v',
      'map: P0 maps w',
      'unmap: P0 unmaps w',
      'lock: P0 locks l',
      'unlock: P0 unlocks m',
      'mark: P0 passes smp_mb()',
      'store: P0 stores 1 to flag',
      'exchange: P0 exchanges 0 with flag',
      'crash: power fails',
    ]);
  });

  test('calls ask machine and kernel, once each, and may fail as declared', () => {
    const { calls, program } = read({
      ...wide,
      body: 'r0 = alloc_dax(pmem0); alloc_dax(pmem0); mount(d); r0 = IS_DAX(f);',
    });
    expect(calls).toEqual([
      { name: 'alloc_dax:pmem0', call: { kind: 'alloc_dax', device: 'pmem' } },
      { name: 'mount:d', call: { kind: 'mount', fs: 'ext4', device: 'pmem', option: 'plain' } },
      { name: 'IS_DAX:f', call: { kind: 'IS_DAX', fs: 'ext4', device: 'pmem', option: 'plain' } },
    ]);
    expect(program.threads[0]?.steps.slice(1)).toMatchObject([
      { kind: 'call', name: 'alloc_dax:pmem0', register: 'r0', failures: [-12] },
      { kind: 'call', name: 'alloc_dax:pmem0', failures: [-12] },
      { kind: 'call', name: 'mount:d', failures: [] },
      { kind: 'call', name: 'IS_DAX:f', register: 'r0', failures: [] },
    ]);
    expect(program).toMatchObject({ signed: true, valueBits: 8 });
  });

  test('names are unique, texts are sentences of one line in ASCII', () => {
    const names = primitives.map((primitive) => primitive.name);
    expect(new Set(names).size).toBe(names.length);
    for (const { help, model } of primitives) {
      expect(help).toMatch(/^[ -~]{5,99}[^.]$/);
      expect(model).toMatch(/^[ -~]+\.$/);
    }
  });
});

describe('declarations', () => {
  test('pages, addresses and variables', () => {
    const { lines, mappings, locks } = read(wide).program;
    expect(lines).toEqual([
      { name: 'x', page: 'x', cells: [0, 0] },
      { name: 'y.a', page: 'y', cells: [0] },
      { name: 'y.b', page: 'y', cells: [0, 0] },
      { name: 'flag', page: 'flag', cells: [1] },
    ]);
    expect(mappings).toEqual([
      { name: 'k', page: 'x', side: 'kernel', colour: 0 },
      { name: 'u', page: 'x', side: 'user', colour: 1 },
      { name: 'v', page: 'x', side: 'user', colour: 2, mappedLater: true },
      { name: 'w', page: 'x', side: 'kernel', colour: 1, mappedLater: true },
      { name: 's', page: 'y', side: 'kernel', colour: 0 },
      { name: 't', page: 'y', side: 'user', colour: 1 },
      { name: 'flag', page: 'flag', side: 'kernel', uncached: true },
    ]);
    expect(locks).toEqual(['l', 'm']);
  });

  test('an address without a colour has one of its own on its page', () => {
    const init = `page x; page y; int *u = user(x); int *k = linear(x); int *v = user(x);
      int *w = window(x, colour 2); int *s = user(y);`;
    const { mappings } = read({ init, params: 'int *u' }).program;
    const colours = mappings.map(({ name, colour }) => `${name}${colour}`);
    expect(colours).toEqual(['u1', 'k0', 'v3', 'w2', 's0']);
  });

  test('CPUs, power and the persistence domain', () => {
    const init = 'page x; int *u = user(x, uncached); device d = pmem(eadr); cpu P0 = 3; ';
    const { program } = read({ init: `${init} crash anywhere;`, params: 'int *u' });
    expect(program).toMatchObject({ medium: 'eadr', crashAnywhere: true, threads: [{ cpu: 3 }] });
    expect(program.mappings).toEqual([
      { name: 'u', page: 'x', side: 'user', colour: 0, uncached: true },
    ]);
  });
});

describe('questions', () => {
  test('places, operators and what they are short for', () => {
    const question = `locations [x; 0:r0]
      filter (not crashed=1)
      ~exists ((P0:r0=-EIO \\/ [x]=1) /\\ (x[1]=0 => deadlock=0))`;
    const x = { op: 'memory', line: 'x', cell: 0 };
    expect(read({ ...wide, question }).program.question).toEqual({
      quantifier: 'not-exists',
      condition: {
        op: 'and',
        of: [
          {
            op: 'or',
            of: [
              { op: 'register', thread: 'P0', register: 'r0', value: -5 },
              { ...x, value: 1 },
            ],
          },
          {
            op: 'or',
            of: [
              { op: 'not', of: { ...x, cell: 1, value: 0 } },
              { op: 'deadlock', value: 0 },
            ],
          },
        ],
      },
      filter: { op: 'not', of: { op: 'crashed', value: 1 } },
      locations: [x, { op: 'register', thread: 'P0', register: 'r0' }],
    });
  });
});

describe('width of values', () => {
  const width = (body: string) => {
    const { program, notes } = read({ body });
    return [program.valueBits, program.signed, notes.length];
  };

  test.each([
    ['*k = 3;', undefined, undefined, 0],
    ['*k = 4;', 3, undefined, 0],
    ['*k = 3; *k = r0 + 1;', 3, undefined, 0],
    ['*k = 3; r0 = *k; r0 = r0 + r0; r0 = r0 + r0;', 4, undefined, 0],
    ['r0 = -1;', undefined, true, 0],
    ['r0 = -ENOMEM;', 5, true, 0],
    ['while (1) r0 = r0 + 1;', undefined, undefined, 1],
  ])('%s', (body, bits, signed, notes) => {
    expect(width(body)).toEqual([bits, signed, notes]);
  });

  test('more than sixteen bits are a problem', () => {
    const parsed = parseLitmus(sample({ body: 'r0 = r0 + r0;'.repeat(20) }), 'f');
    expect(parsed).toMatchObject({ ok: false, problems: [{ where: 'f:16:1' }] });
  });
});
