// A small right test, parts of which a test replaces by its own.

/** Parts of the sample; what is not given is as it should be. */
export interface Parts {
  readonly head?: string;
  readonly init?: string;
  readonly params?: string;
  readonly body?: string;
  readonly more?: string;
  readonly question?: string;
}

const init =
  'page x = 0;\nint *k = linear(x);\nint *u = user(x, colour 1);\nint flag = 0;\nspinlock_t l;';

/** The text; `head` follows the name line, `more` the first thread. */
export function sample(parts: Parts = {}): string {
  const params = parts.params ?? 'int *k, int *u, int *flag, spinlock_t *l';
  return [
    'DAX t',
    parts.head ?? '',
    '{',
    parts.init ?? init,
    '}',
    `P0(${params})`,
    '{',
    'int r0 = 0;',
    parts.body ?? 'r0 = READ_ONCE(*u);',
    '}',
    parts.more ?? '',
    parts.question ?? 'exists (0:r0=0)',
    '',
  ].join('\n');
}
