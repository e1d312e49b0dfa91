// Designs that were argued for switching a file between DAX and the page cache, as rules that the
// kernel's text asks for where they matter. `D6` is what was merged in 5.8: the text as it is.
// What was posted or merged bears a name; a part of it, or a step beyond it, says so.
// @source the thread on "Enable per-file/directory DAX operations", February 2020, its patches V4
// 07/13 (i_aops_sem), 09/13 (mmap_count) and 10/13 (locks of the switch), and
// fs/inode.c fs/dcache.c v5.8 and later

/** A design by its id, and variants of it by further letters. */
export type DesignId =
  | 'D0'
  | 'D0a'
  | 'D1'
  | 'D1a'
  | 'D1o'
  | 'D1m'
  | 'D1om'
  | 'D1v'
  | 'D2'
  | 'D2l'
  | 'D3'
  | 'D4a'
  | 'D4b'
  | 'D5'
  | 'D6'
  | 'D6x';

/** What the text does where designs differ. */
export interface SDaxRules {
  readonly id: DesignId;
  /** What the design is, in a few words. */
  readonly title: string;
  readonly proponent: string;
  /**
   * When a change of the flag of a file takes effect: in the same call, when the inode comes into
   * memory the next time, or never, for the flag of a file cannot be changed.
   */
  readonly takes_effect: 'at-once' | 'next-instance' | 'never';
  /** What makes a change answer -EBUSY: a mapping of the file, or blocks of its own. */
  readonly refused_while: 'nothing' | 'mapped' | 'blocks';
  /**
   * Dirty pages and entries are written before the mode changes, and then all are dropped with what
   * maps them: before the change too, or after it. `never`: nothing is thought to be there.
   */
  readonly drops: 'before' | 'after' | 'never';
  /**
   * i_aops_sem, held for reading around each call through a_ops, or around the whole of a read or
   * write with its tests of S_DAX; the switch holds it for writing.
   */
  readonly i_aops_sem: 'none' | 'calls' | 'operations';
  /** ->mmap holds i_aops_sem for reading, and the switch holds it for writing from its check on. */
  readonly mmap_locks: boolean;
  /** The switch holds invalidate_lock, which DAX faults hold, from its check on. */
  readonly faults_locked: boolean;
  /** Reads and writes ask for the mode with i_rwsem held, once; else before they take it. */
  readonly sampled: boolean;
  /** What faults on files hold for reading, and the switch for writing. */
  readonly fault_lock: 'none' | 'i_rwsem' | 'own';
  /** The last user of an inode that is not to be cached writes it back before it goes. */
  readonly writes_back: boolean;
}

const merged: SDaxRules = {
  id: 'D6',
  title: 'the flag is advice for the next instance of the inode',
  proponent: 'merged in 5.8',
  takes_effect: 'next-instance',
  refused_while: 'nothing',
  drops: 'before',
  i_aops_sem: 'none',
  mmap_locks: false,
  faults_locked: false,
  sampled: false,
  fault_lock: 'none',
  writes_back: true,
};

// The switch of old XFS, which 742d84290739 left without effect, held XFS_MMAPLOCK too.
// @source fs/xfs/xfs_ioctl.c xfs_ioctl_setattr_dax_invalidate() v5.6
const free: SDaxRules = {
  ...merged,
  id: 'D0',
  title: 'flip the flag at any time',
  proponent: 'XFS before 742d84290739, less a lock',
  takes_effect: 'at-once',
};

const counted: SDaxRules = {
  ...free,
  id: 'D1',
  title: 'not while mapped',
  proponent: 'part of Weiny, V4',
  refused_while: 'mapped',
};

const emptyOnly: SDaxRules = {
  ...free,
  id: 'D2',
  title: 'only without blocks',
  proponent: 'Hellwig; LSF/MM 2019',
  refused_while: 'blocks',
  drops: 'never',
};

// He wants the callout outside of mmap_lock; here the lock is taken inside, where the VMA is known.
const callout: SDaxRules = {
  ...free,
  id: 'D4a',
  proponent: 'after Chinner',
  sampled: true,
  title: '',
};

/** All designs, in the order in which they are told. */
export const sDaxDesigns: readonly SDaxRules[] = [
  free,
  {
    ...free,
    id: 'D0a',
    title: 'D0, what is cached goes after the change',
    proponent: 'nobody',
    drops: 'after',
  },
  counted,
  {
    ...counted,
    id: 'D1a',
    title: 'D1, a lock around each call of a_ops',
    proponent: 'less than Weiny, V4',
    i_aops_sem: 'calls',
  },
  { ...counted, id: 'D1o', title: 'D1, that lock around operations', i_aops_sem: 'operations' },
  {
    ...counted,
    id: 'D1m',
    title: 'D1, and ->mmap takes the lock',
    proponent: 'after Hellwig',
    mmap_locks: true,
  },
  {
    ...counted,
    id: 'D1om',
    title: 'D1, operations and ->mmap take the lock',
    proponent: 'more than Weiny, V4',
    i_aops_sem: 'operations',
    mmap_locks: true,
  },
  {
    ...counted,
    id: 'D1v',
    title: 'D1o, and the switch holds the mmap lock of XFS',
    proponent: 'Weiny, V4',
    i_aops_sem: 'operations',
    faults_locked: true,
  },
  emptyOnly,
  {
    ...emptyOnly,
    id: 'D2l',
    title: 'D2, under i_rwsem and the mmap lock',
    proponent: 'after Hellwig',
    sampled: true,
    faults_locked: true,
  },
  {
    ...counted,
    id: 'D3',
    title: 'mode asked for once, under i_rwsem; not while mapped',
    proponent: 'Hellwig',
    sampled: true,
  },
  { ...callout, id: 'D4a', title: 'faults take i_rwsem', fault_lock: 'i_rwsem' },
  {
    ...callout,
    id: 'D4b',
    title: 'faults take a lock of their own, in mmap_lock',
    fault_lock: 'own',
  },
  {
    ...merged,
    id: 'D5',
    title: 'files inherit the flag and keep it',
    proponent: 'Hellwig; V5',
    takes_effect: 'never',
  },
  merged,
  {
    ...merged,
    id: 'D6x',
    title: 'D6, nothing is written at eviction',
    proponent: 'before 88149082bb8e',
    writes_back: false,
  },
];

/** What was merged: what a kernel follows that is not told otherwise. */
export const mergedDesign: SDaxRules = merged;

/** Ids of all designs. */
export const designIds: readonly DesignId[] = sDaxDesigns.map(({ id }) => id);

/** The rules of a design; undefined where there is none of that name. `D4` is D4a. */
export function designById(id: string): SDaxRules | undefined {
  const name = id === 'D4' ? 'D4a' : id;
  return sDaxDesigns.find((design) => design.id === name);
}
