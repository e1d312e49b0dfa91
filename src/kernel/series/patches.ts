// The posted revisions of the series, patch by patch: what each of them changes in the rules, and
// what says so.

import type { Source } from '../../base/index.ts';
import type { SeriesRules } from './rules.ts';

/** One patch, or what a release differs in from another. */
export interface Patch {
  /** Its number within the revision: `01`. */
  readonly number: string;
  readonly subject: string;
  readonly changes: Partial<SeriesRules>;
  readonly source: Source;
}

/** One posted revision, oldest patch first, on the tree it was posted for. */
export interface Revision {
  readonly id: 'v3' | 'v4' | 'v5' | 'v6';
  /** What the first patch is applied to, where that is not the tree before any revision. */
  readonly onto: Partial<SeriesRules>;
  readonly date: string;
  readonly patches: readonly Patch[];
  /** What in these patches is not verified. */
  readonly notes: readonly string[];
}

/** Subjects of patches that were posted in several revisions. */
const SUBJECTS = {
  leak: 'nvdimm/pmem: Fix leak on dax_add_host() failure',
  pmem: 'nvdimm/pmem: Treat alloc_dax() -EOPNOTSUPP failure as non-fatal',
  dm: 'dm: Treat alloc_dax() -EOPNOTSUPP failure as non-fatal',
  dcssblk: 'dcssblk: Handle alloc_dax() -EOPNOTSUPP failure',
  virtio: 'virtio: Treat alloc_dax() -EOPNOTSUPP failure as non-fatal',
  check: 'dax: Check for data cache aliasing at runtime',
  predicate: 'Introduce cpu_dcache_is_aliasing() across all architectures',
  list: 'dax: Fix incorrect list of data cache aliasing architectures',
  stub: 'dax: alloc_dax() return ERR_PTR(-EOPNOTSUPP) for CONFIG_DAX=n',
  setters: 'dax: add empty static inline for CONFIG_DAX=n',
} as const;

/** The run-time test of v4 and later, as it first appears: by the list that Kconfig had. */
const CHECK: Partial<SeriesRules> = {
  alias_test: 'arch list',
  alias_exempt: 'NULL ops',
  alias_refusal: '-EOPNOTSUPP',
  fs_dax_gate: 'none',
};

const LEAK: Partial<SeriesRules> = { pmem_assigns: 'before dax_add_host' };

type Change = readonly [subject: string, changes: Partial<SeriesRules>];

function revision(
  what: Pick<Revision, 'id' | 'onto' | 'date' | 'notes'>,
  tag: string,
  changes: readonly Change[],
): Revision {
  const total = String(changes.length).padStart(changes.length < 10 ? 1 : 2, '0');
  const patches = changes.map(([subject, one], i) => {
    const number = String(i + 1).padStart(total.length, '0');
    const title = `[${tag} ${number}/${total}] ${subject}`;
    const source: Source = { kind: 'mail', subject: title, date: what.date };
    return { number: String(i + 1).padStart(2, '0'), subject, changes: one, source };
  });
  return { ...what, patches };
}

/** The four drivers made ready for both conventions, NULL and -EOPNOTSUPP. */
const BOTH = {
  pmem: { pmem_test: 'IS_ERR_OR_NULL', pmem_refused: 'goes on' },
  dm: { dm_asks: 'always', dm_test: 'IS_ERR_OR_NULL', dm_refused: 'goes on' },
  dcssblk: { dcssblk_test: 'IS_ERR_OR_NULL' },
  virtio: {
    virtio_order: 'alloc_dax first',
    virtio_test: 'IS_ERR_OR_NULL',
    virtio_refused: 'goes on',
    virtio_autofree: 'devices only',
  },
} satisfies Record<string, Partial<SeriesRules>>;

/** The same four where NULL can no longer come. */
const ERRORS_ONLY = {
  pmem: { pmem_refused: 'goes on' },
  dm: { dm_asks: 'always', dm_refused: 'goes on' },
  virtio: {
    virtio_order: 'alloc_dax first',
    virtio_refused: 'goes on',
    virtio_autofree: 'devices only',
  },
} satisfies Record<string, Partial<SeriesRules>>;

const v3 = revision(
  {
    id: 'v3',
    onto: {},
    date: '2024-01-31',
    notes: [
      'how the first patch of v3 has dm test the answer is from memory: NULL and any error are ' +
        'taken for a refusal; v3/01 is unsafe by that alone',
    ],
  },
  'RFC PATCH v3',
  [
    [
      'dm: Treat alloc_dax failure as non-fatal',
      { dm_test: 'IS_ERR_OR_NULL', dm_refused: 'goes on after any error' },
    ],
    [
      SUBJECTS.check,
      {
        alias_test: 'arch list',
        alias_exempt: 'nobody',
        alias_refusal: 'NULL',
        fs_dax_gate: 'none',
      },
    ],
    [SUBJECTS.predicate, { predicate: 'defined' }],
    [SUBJECTS.list, { alias_test: 'predicate' }],
  ],
);

const v4 = revision({ id: 'v4', onto: {}, date: '2024-02-02', notes: [] }, 'RFC PATCH v4', [
  [SUBJECTS.leak, LEAK],
  [SUBJECTS.pmem, BOTH.pmem],
  [SUBJECTS.dm, BOTH.dm],
  [SUBJECTS.dcssblk, BOTH.dcssblk],
  [SUBJECTS.virtio, BOTH.virtio],
  [SUBJECTS.check, { ...CHECK, alloc_dax_stub: '-EOPNOTSUPP' }],
  [SUBJECTS.predicate, { predicate: 'defined' }],
  [SUBJECTS.list, { alias_test: 'predicate' }],
  ['nvdimm/pmem: Cleanup alloc_dax() error handling', { pmem_test: 'IS_ERR' }],
  ['dm: Cleanup alloc_dax() error handling', { dm_test: 'IS_ERR' }],
  ['dcssblk: Cleanup alloc_dax() error handling', { dcssblk_test: 'IS_ERR' }],
  ['virtio: Cleanup alloc_dax() error handling', { virtio_test: 'IS_ERR' }],
]);

/** From the stub on v5 and v6 are the same; dcssblk only moves the answer to a local variable. */
const afterStub: readonly Change[] = [
  [SUBJECTS.stub, { alloc_dax_stub: '-EOPNOTSUPP' }],
  [SUBJECTS.pmem, ERRORS_ONLY.pmem],
  [SUBJECTS.dm, ERRORS_ONLY.dm],
  [SUBJECTS.dcssblk, {}],
  [SUBJECTS.virtio, ERRORS_ONLY.virtio],
  [SUBJECTS.check, CHECK],
  [SUBJECTS.predicate, { predicate: 'defined' }],
  [SUBJECTS.list, { alias_test: 'predicate' }],
];

const v5 = revision(
  {
    id: 'v5',
    onto: LEAK,
    date: '2024-02-12',
    notes: [
      'the fix of the leak went ahead of v5 and v6 and is part of their base',
      'the clean-up of virtio-fs is taken to spare error pointers in v5, as it does in v4; the ' +
        'cover of v6 says that v6 added a test for them',
    ],
  },
  'PATCH v5',
  afterStub,
);

const v6 = revision(
  {
    id: 'v6',
    onto: LEAK,
    date: '2024-02-15',
    notes: ['the fix of the leak went ahead of v5 and v6 and is part of their base'],
  },
  'PATCH v6',
  [[SUBJECTS.setters, { setter_stubs: 'empty' }], ...afterStub],
);

/** Posted revisions whose trees are known well enough to be run. */
export const revisions: readonly Revision[] = [v3, v4, v5, v6];
