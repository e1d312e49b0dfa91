// The words of the language beside those that tables of the core already have: what may be declared
// and how. A test holds each against the parser, so that none goes stale here.

/** A word, or a beginning that is typed whole, with what it is. */
export interface Word {
  readonly word: string;
  readonly is: string;
}

/** How items of the init block begin. */
export const itemWords: readonly Word[] = [
  { word: 'page x = 0;', is: 'a page of which one line of one cell is under test' },
  { word: 'int *k = linear(x);', is: "the kernel's permanent address of a page" },
  { word: 'int *u = user(x, colour 1);', is: 'an address of a process, of another colour' },
  { word: 'int *w = window(x, colour 1, unmapped);', is: 'a temporary address of the kernel' },
  { word: 'int flag = 0;', is: 'a variable on no page under test: always coherent' },
  { word: 'spinlock_t l;', is: 'a lock, free at the start' },
  { word: 'struct mutex m;', is: 'a lock, free at the start' },
  { word: 'cpu P1 = 1;', is: 'the thread runs on CPU 1, which has caches of its own' },
  { word: 'device pmem0 = pmem;', is: 'a device' },
  { word: 'mount m = ext4(pmem0, dax=always);', is: 'a mount' },
  { word: 'file f = x on m;', is: 'a file on a mount: a kernel runs' },
  { word: 'file f = x on pmem0;', is: 'a file whose data is the page' },
  { word: 'process P1 = 1;', is: 'the thread belongs to another process' },
  { word: 'start P1 after P0;', is: 'the thread starts when the other has ended' },
  { word: 'fail anywhere;', is: 'whatever may fail in the kernel fails or does not' },
  { word: 'crash anywhere;', is: 'power may fail before any step, once' },
  { word: 'gate open;', is: 'alloc_dax() lets every machine through' },
];

/** Options of an address. */
export const addressOptions: readonly Word[] = [
  { word: 'colour', is: 'a page number: modulo the colours of the machine' },
  { word: 'uncached', is: 'accesses bypass the cache on every machine' },
  { word: 'unmapped', is: 'out of reach until the program maps it' },
  { word: 'private', is: 'MAP_PRIVATE, where a kernel runs' },
  { word: 'sync', is: 'MAP_SYNC, where a kernel runs' },
];

/** What makes an address of a page. */
export const addressMakers: readonly Word[] = [
  { word: 'linear', is: "the kernel's permanent address of a page" },
  { word: 'user', is: 'an address of a process' },
  { word: 'window', is: 'a temporary address of the kernel' },
];

/** Kinds of devices. */
export const deviceKinds: readonly Word[] = [
  { word: 'pmem', is: 'persistent memory' },
  { word: 'virtio-pmem', is: 'persistent memory of a host' },
  { word: 'dcssblk', is: 'a segment shared by z/VM' },
  { word: 'virtiofs', is: 'the window of a virtiofs device' },
  { word: 'device-dax', is: 'a character device' },
  { word: 'brd', is: 'a RAM disk' },
  { word: 'dm-linear', is: 'a mapped device on others' },
  { word: 'dm-stripe', is: 'a mapped device on several others' },
];

/** File systems that know DAX. */
export const fileSystems: readonly Word[] = [
  { word: 'ext2', is: 'dax, or nothing' },
  { word: 'ext4', is: 'dax=always, inode or never' },
  { word: 'xfs', is: 'dax=always, inode or never' },
  { word: 'erofs', is: 'dax=always or never' },
  { word: 'virtiofs', is: 'dax=always, inode or never' },
];

/** Properties of a file on a mount. */
export const fileOptions: readonly Word[] = [
  { word: 'hole', is: 'no blocks' },
  { word: 'empty', is: 'no size' },
  { word: 'closed', is: 'not open at the start' },
  { word: 'flagged', is: 'FS_XFLAG_DAX is set' },
  { word: 'direct', is: 'opened with O_DIRECT' },
  { word: 'cold', is: 'nothing of it in the page cache' },
];

/** Words of a thread's body. */
export const statementWords: readonly Word[] = [
  { word: 'int', is: 'declares registers' },
  { word: 'if', is: 'if (CONDITION) ...' },
  { word: 'else', is: 'what is done otherwise' },
  { word: 'while', is: 'while (CONDITION) ...' },
];

/** What conditions may ask beside registers and memory. */
export const conditionWords: readonly Word[] = [
  { word: 'crashed', is: '1 where power failed' },
  { word: 'deadlock', is: '1 where threads wait for each other for ever' },
  { word: 'true', is: 'holds' },
  { word: 'false', is: 'does not hold' },
];

/** What stands behind the threads. */
export const questionWords: readonly Word[] = [
  { word: 'exists', is: 'is there an end state like this?' },
  { word: '~exists', is: 'there is no end state like this' },
  { word: 'forall', is: 'every end state is like this' },
  { word: 'locations', is: 'shown beside what the question reads' },
  { word: 'filter', is: 'other end states do not count' },
];

/** How lines of the first comment begin. */
export const headerWords: readonly Word[] = [
  { word: 'Result:', is: 'what the test claims' },
  { word: 'Source:', is: 'where it is written' },
];

/** herd's words of a `Result:` line. */
export const resultWords: readonly Word[] = [
  { word: 'Never', is: 'in no end state' },
  { word: 'Sometimes', is: 'in some end states' },
  { word: 'Always', is: 'in every end state' },
];

/** What may follow them. */
export const resultParts: readonly Word[] = [
  { word: 'on', is: 'machines and properties of machines' },
  { word: 'under', is: 'kernels' },
  { word: 'with', is: 'remedies' },
];
