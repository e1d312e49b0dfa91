// What the cpu_dcache_is_aliasing() series changes in a tree, as named rules: what alloc_dax()
// gives, and what each of its callers makes of it. Kernel text asks `linux.rules` for them, so one
// text stands for the tree before the series, after each of its patches, and for the releases.
// A name below says what is ruled; its values are words that a table can print.

/** How a caller tells a DAX device from a refusal. IS_ERR() lets NULL pass for a device. */
export type ResultTest = 'IS_ERR' | 'IS_ERR_OR_NULL';

/** What a caller does without a device: gives up, goes on after -EOPNOTSUPP, or after anything. */
export type AfterRefusal = 'fails' | 'goes on' | 'goes on after any error';

/** The rules of one tree. */
export interface SeriesRules {
  /** The stub of alloc_dax() with CONFIG_DAX=n. */
  readonly alloc_dax_stub: 'NULL' | '-EOPNOTSUPP';
  /** Stubs of set_dax_nocache() and set_dax_nomc() with CONFIG_DAX=n. */
  readonly setter_stubs: 'none' | 'empty';
  /** By what alloc_dax() refuses: ARM, MIPS and SPARC by name, or cpu_dcache_is_aliasing(). */
  readonly alias_test: 'none' | 'arch list' | 'predicate';
  /** Whom the test lets through. */
  readonly alias_exempt: 'nobody' | 'NULL ops';
  /** What a refusal looks like. */
  readonly alias_refusal: 'NULL' | '-EOPNOTSUPP';
  /** cpu_dcache_is_aliasing() exists. */
  readonly predicate: 'none' | 'defined';
  /** FS_DAX depends on !(ARM || MIPS || SPARC). */
  readonly fs_dax_gate: 'arch list' | 'none';
  readonly pmem_test: ResultTest;
  readonly pmem_refused: AfterRefusal;
  /** When pmem->dax_dev gets its value: before dax_add_host(), or after what can fail. */
  readonly pmem_assigns: 'after dax_add_host' | 'before dax_add_host';
  /** dm asks for a DAX device only with CONFIG_FS_DAX, or always. */
  readonly dm_asks: 'with FS_DAX' | 'always';
  readonly dm_test: ResultTest;
  readonly dm_refused: AfterRefusal;
  readonly dcssblk_test: ResultTest;
  readonly dcssblk_refused: AfterRefusal;
  /** dcssblk maps its segment with struct pages, and offers DAX only where that can be done. */
  readonly dcssblk_maps: 'no pages' | 'pages';
  /** Whether alloc_dax() is the first or the last thing that the window of virtio-fs needs. */
  readonly virtio_order: 'window first' | 'alloc_dax first';
  readonly virtio_test: ResultTest;
  readonly virtio_refused: AfterRefusal;
  /**
   * What the automatic clean-up of virtio-fs frees where the set-up fails. No state frees error
   * pointers: the value shows what the test for them is good for.
   */
  readonly virtio_autofree: 'none' | 'devices only' | 'error pointers too';
  readonly dev_dax_test: ResultTest;
}

/** Name of a rule. */
export type RuleName = keyof SeriesRules;

/** One rule for people: the place in a tree that it is about, and what it says. */
export interface RuleInfo {
  readonly name: RuleName;
  readonly file: string;
  readonly says: string;
}

/** Every rule, in the order in which tables show them. */
export const ruleInfos: readonly RuleInfo[] = [
  {
    name: 'alloc_dax_stub',
    file: 'include/linux/dax.h',
    says: 'alloc_dax() with CONFIG_DAX=n gives',
  },
  {
    name: 'setter_stubs',
    file: 'include/linux/dax.h',
    says: 'stubs of set_dax_nocache() and set_dax_nomc()',
  },
  { name: 'alias_test', file: 'drivers/dax/super.c', says: 'alloc_dax() refuses by' },
  { name: 'alias_exempt', file: 'drivers/dax/super.c', says: 'that test lets through' },
  { name: 'alias_refusal', file: 'drivers/dax/super.c', says: 'and refuses with' },
  { name: 'predicate', file: 'include/linux/cacheinfo.h', says: 'cpu_dcache_is_aliasing()' },
  { name: 'fs_dax_gate', file: 'fs/Kconfig', says: 'FS_DAX is refused by' },
  { name: 'pmem_test', file: 'drivers/nvdimm/pmem.c', says: 'pmem tests with' },
  { name: 'pmem_refused', file: 'drivers/nvdimm/pmem.c', says: 'pmem without a device' },
  { name: 'pmem_assigns', file: 'drivers/nvdimm/pmem.c', says: 'pmem->dax_dev is assigned' },
  { name: 'dm_asks', file: 'drivers/md/dm.c', says: 'dm asks for a device' },
  { name: 'dm_test', file: 'drivers/md/dm.c', says: 'dm tests with' },
  { name: 'dm_refused', file: 'drivers/md/dm.c', says: 'dm without a device' },
  { name: 'dcssblk_test', file: 'drivers/s390/block/dcssblk.c', says: 'dcssblk tests with' },
  { name: 'dcssblk_refused', file: 'drivers/s390/block/dcssblk.c', says: 'dcssblk without one' },
  { name: 'dcssblk_maps', file: 'drivers/s390/block/dcssblk.c', says: 'dcssblk maps' },
  { name: 'virtio_order', file: 'fs/fuse/virtio_fs.c', says: 'virtio-fs does' },
  { name: 'virtio_test', file: 'fs/fuse/virtio_fs.c', says: 'virtio-fs tests with' },
  { name: 'virtio_refused', file: 'fs/fuse/virtio_fs.c', says: 'virtio-fs without a device' },
  { name: 'virtio_autofree', file: 'fs/fuse/virtio_fs.c', says: 'virtio-fs frees by itself' },
  { name: 'dev_dax_test', file: 'drivers/dax/bus.c', says: 'device-dax tests with' },
];

/** A rule that two trees differ in. */
export interface RuleChange {
  readonly rule: RuleInfo;
  readonly from: string;
  readonly to: string;
}

/** What differs between two trees, in the order of `ruleInfos`. */
export function ruleChanges(from: SeriesRules, to: SeriesRules): readonly RuleChange[] {
  return ruleInfos
    .filter(({ name }) => from[name] !== to[name])
    .map((rule) => ({ rule, from: from[rule.name], to: to[rule.name] }));
}
