// Random litmus tests, right in every respect, written with random blanks and comments between
// their words.

import fc from 'fast-check';

/** Words of a text that must stay apart or may touch; a blank or a comment may stand between. */
type Words = readonly string[];

const value = fc.constantFrom('0', '1', '2', '0x3');
const cell = fc.constantFrom(
  '*k',
  '*u',
  'k[1]',
  'u[1]',
  's->flag',
  's->buf[1]',
  'v->buf[0]',
  '*done',
);
const pointer = fc.constantFrom('k', 'u', '&k[1]', '&s->flag', '&v->buf[1]', 'done');
const line = fc.constantFrom('k', 'u', 's->flag', '&v->buf[0]', 'v->buf');
const page = fc.constantFrom('k', 'u', 's', 'v', 's->flag');

/** Registers of each thread, all with a value. */
const registers = ['r0', 'r1', 'sum'] as const;
const register = fc.constantFrom(...registers);

const lineCall = fc.constantFrom(
  'flush_dcache_line',
  'clean_dcache_line',
  'inval_dcache_line_local',
  'flush_icache_range',
);
const pageCall = fc.constantFrom('flush_dcache_page', 'clean_dcache_page', 'inval_dcache_page');
const plainCall = fc.constantFrom(
  'smp_mb()',
  'crash()',
  'spin_lock(l)',
  'spin_unlock(l)',
  'mutex_lock(m)',
  'mutex_unlock(&m)',
  'mmap(w)',
  'munmap(w)',
  'fsync(f)',
  'fsync(k, u)',
  'msync(f)',
  'dax_flush(k)',
  'set_bit(done)',
  'memcpy(k, u)',
  'memset(&s->buf[1], 1)',
  'flush_cache_page(u)',
  'flush_kernel_vmap_range(k)',
);
const loadingCall = fc.constantFrom(
  'read(f)',
  'read(f[1])',
  'copy_to_iter(k)',
  'alloc_dax(pmem0)',
  'mount(mnt)',
  'IS_DAX(f)',
  'test_bit(done)',
  'test_and_set_bit(done)',
  'fetch(k)',
);

const { expr } = fc.letrec<{ expr: Words; atom: Words }>((tie) => ({
  expr: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie('atom'),
    fc
      .tuple(
        tie('expr'),
        fc.constantFrom('+', '==', '!=', '<', '>', '<=', '>=', '&&', '||'),
        tie('expr'),
      )
      .map(([a, op, b]) => [...a, op, ...b]),
    tie('expr').map((of) => ['!', '(', ...of, ')']),
    tie('expr').map((of) => ['(', ...of, ')']),
  ),
  atom: fc.oneof(
    register.map((name) => [name]),
    value.map((text) => [text]),
    fc.constant(['-', 'ENOMEM']),
    cell.map((place) => ['READ_ONCE', '(', place, ')']),
    cell.map((place) => [place]),
    fc.tuple(pointer, value).map(([p, v]) => ['xchg', '(', p, ',', v, ')']),
    loadingCall.map((call) => [call]),
  ),
}));

const simple: fc.Arbitrary<Words> = fc.oneof(
  fc.tuple(register, expr).map(([name, words]) => [name, '=', ...words, ';']),
  fc.tuple(cell, expr).map(([place, words]) => [place, '=', ...words, ';']),
  fc.tuple(cell, expr).map(([place, w]) => ['WRITE_ONCE', '(', place, ',', ...w, ')', ';']),
  fc.tuple(lineCall, line).map(([call, at]) => [call, '(', at, ')', ';']),
  fc.tuple(pageCall, page).map(([call, at]) => [call, '(', at, ')', ';']),
  plainCall.map((call) => [call, ';']),
  expr.map((words) => ['write', '(', 'f', ',', ...words, ')', ';']),
  fc.constant([';']),
);

const { statement } = fc.letrec<{ statement: Words; block: Words }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: simple },
    fc.tuple(expr, tie('block')).map(([c, body]) => ['if', '(', ...c, ')', ...body]),
    fc
      .tuple(expr, tie('block'), tie('block'))
      .map(([c, yes, no]) => ['if', '(', ...c, ')', ...yes, 'else', ...no]),
    fc.tuple(expr, tie('block')).map(([c, body]) => ['while', '(', ...c, ')', ...body]),
    tie('block'),
  ),
  block: fc.oneof(
    { depthIdentifier: 'block' },
    fc
      .array(tie('statement'), { maxLength: 3 })
      .map((statements) => ['{', ...statements.flat(), '}']),
    simple,
  ),
}));

const atom: fc.Arbitrary<Words> = fc.oneof(
  fc.tuple(register, value).map(([name, v]) => ['0', ':', name, '=', v]),
  fc.constantFrom<Words>(
    ['P1', ':', 'r0', '=', '-', 'EINVAL'],
    ['x', '=', '1'],
    ['[', 'x[1]', ']', '=', '0'],
    ['y', '.', 'flag', '=', '1'],
    ['y.buf[1]', '=', '2'],
    ['done', '=', '1'],
    ['crashed', '=', '0'],
    ['deadlock', '=', '1'],
    ['true'],
    ['false'],
  ),
);

const { condition } = fc.letrec<{ condition: Words }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    atom,
    fc
      .tuple(tie('condition'), fc.constantFrom('/\\', '\\/', '=>'), tie('condition'))
      .map(([a, op, b]) => ['(', ...a, ')', op, '(', ...b, ')']),
    fc
      .tuple(tie('condition'), fc.constantFrom('/\\', '\\/'), tie('condition'))
      .map(([a, op, b]) => [...a, op, ...b]),
    fc.tuple(fc.constantFrom('~', 'not'), tie('condition')).map(([op, c]) => [op, '(', ...c, ')']),
  ),
}));

/** What is written without what may stand between its words. */
function wordsOf(text: string): Words {
  return text.match(/\*?[\w.]+(?:-\w+)*(?:\[\d\])?|[^\w\s]/g) ?? [];
}

const init = wordsOf(`
  page x[2] = { 0, 1 };
  page y { buf[2]; flag = 1; };
  int *k = linear(x); int *u = user(x, colour 1); int *w = user(x, unmapped);
  struct y *s = linear(y); struct y *v = user(y, uncached);
  int done = 0; spinlock_t l; struct mutex m;
  cpu P1 = 1; device pmem0 = virtio-pmem(eadr); file f = x on pmem0;
  mount mnt = ext4(pmem0, dax=always); fail alloc_dax = -ENOMEM; crash anywhere;`);

const params = wordsOf(`
  int *k, int *u, int *w, struct y *s, struct y *v, int *done, spinlock_t *l, struct mutex *m,
  struct dax_device *pmem0, struct file *f, struct super_block *mnt`);

const declared: Words = registers.flatMap((name) => ['int', name, '=', '0', ';']);

const question = fc
  .tuple(
    fc.boolean(),
    fc.boolean(),
    condition,
    fc.constantFrom<Words>(['exists'], ['~', 'exists'], ['forall']),
    condition,
  )
  .map(([locations, filter, filtered, quantifier, asked]) =>
    [
      locations ? ['locations', '[', 'x', ';', '0', ':', 'r0', ';', 'y.flag', ']'] : [],
      filter ? ['filter', '(', ...filtered, ')'] : [],
      [...quantifier, '(', ...asked, ')'],
    ].flat(),
  );

/** What may stand between two words; a body's comment has a blank behind its star. */
const between = fc.oneof(
  { weight: 12, arbitrary: fc.constant(' ') },
  fc.constantFrom(
    '\n',
    '\n\n\n',
    '\t',
    ' /* one */ ',
    ' /* over\n   two lines */\n',
    ' // to the end\n',
    ' (* herd *) ',
    '\n(*\n * over (* and in *)\n * lines\n *)\n',
    '\r\n',
  ),
);

/** A whole file: a test that can be compiled, in any layout. */
export const litmusText: fc.Arbitrary<string> = fc
  .record({
    name: fc.constantFrom('CoWR+k+u', '2+2W', 'a.b:c_d-e'),
    title: fc.constantFrom('', '"a title"\n'),
    keys: fc.constantFrom('', 'Bound=1000\nAuthor=N. N. <n@example.org>\n'),
    header: fc.constantFrom(
      '',
      '(*\n * Result: Never\n * Result: Sometimes on vivt under 6.12\n *\n * A text.\n *)\n',
    ),
    bodies: fc.array(fc.array(statement, { maxLength: 5 }), { minLength: 2, maxLength: 3 }),
    question,
    blanks: fc.array(between, { minLength: 1, maxLength: 40 }),
  })
  .map(({ name, title, keys, header, bodies, question: asked, blanks }) => {
    const threads = bodies.flatMap((body, i) =>
      [`P${i}`, '(', params, ')', '{', declared, body.flat(), '}'].flat(),
    );
    const words = ['{', ...init, '}', ...threads, ...asked];
    const spaced = words.map((word, i) => word + (blanks[i % blanks.length] ?? ' ')).join('');
    return `DAX ${name}\n${title}${keys}${header}${spaced}\n`;
  });
