// Faults of real kernels that come out of the model for the reason that they have in the kernel:
// no line of it speaks of them.

import { describe, expect, test } from 'vitest';
import { type Outcome, User, defaultSetup } from './index.ts';
import { parseLine } from './line.ts';

function user(wishes: Parameters<typeof defaultSetup>[0]): (line: string) => Outcome {
  const setup = defaultSetup(wishes);
  if (!setup.ok) throw new Error(setup.problem.what);
  const someone = new User(setup.value);
  return (line) => {
    const typed = parseLine(line);
    if (!typed.ok || typed.value === undefined) throw new Error(line);
    const outcome = someone.perform(typed.value.op, typed.value.args);
    if (!outcome.ok) throw new Error(outcome.problem.what);
    return outcome.value;
  };
}

function all(act: (line: string) => Outcome, lines: readonly string[]): Outcome {
  const outcomes = lines.map((line) => {
    const outcome = act(line);
    expect([line, outcome['errno']]).toEqual([line, undefined]);
    return outcome;
  });
  return outcomes.at(-1) ?? {};
}

describe.each(['6.1', '6.12'] as const)('dm-linear that starts within a page, %s', (release) => {
  // The DAX path rounds the sector to a page, the block path does not.
  // @source drivers/md/dm-linear.c linear_dax_pgoff() v6.12
  const written = (start: number): unknown => {
    const act = user({ release });
    all(act, [
      `dmsetup create t --table '0 400000 linear /dev/role/fsdax0 ${start}'`,
      'mkfs ext4 /dev/mapper/t mkfs.ext4 -q -F -b 4096 /dev/mapper/t',
      'mount ext4 /dev/mapper/t /m dax=always',
      'open f /m/f creat,rdwr',
      'pwrite f 0 4096 A',
      'pwrite f 4096 4096 B',
      'fsync f',
    ]);
    return act('devread f 0 4096 /dev/mapper/t')['data'];
  };

  test('data is 2 KiB off the block path', () => {
    expect(written(4)).toBe('A*2048,B*2048');
  });

  test('data is in its place where the start is a multiple of a page', () => {
    expect(written(8)).toBe('A*4096');
  });
});

describe('queue/dax without DAX', () => {
  // The feature is set before alloc_dax() is asked. @source drivers/nvdimm/pmem.c v6.12
  test('6.12: the attribute says 1, and ext4 refuses the mount', () => {
    const act = user({ release: '6.12', gate: 'EOPNOTSUPP' });
    expect(act('queuedax /dev/role/fsdax0')).toEqual({ value: '1' });
    all(act, ['mkfs ext4 /dev/role/fsdax0 mkfs.ext4 -q -F -b 4096 /dev/role/fsdax0']);
    expect(act('mount ext4 /dev/role/fsdax0 /m dax=always')['errno']).toBe('EINVAL');
  });

  test('dm asks for the dax device and not for the attribute', () => {
    const act = user({ release: '6.12', gate: 'EOPNOTSUPP' });
    all(act, [`dmsetup create t --table '0 400000 linear /dev/role/fsdax0 0'`]);
    expect(act('queuedax /dev/mapper/t')).toEqual({ value: '0' });
  });
});

describe('6.1: reflink of a file that is mapped by DAX', () => {
  // A write to a shared block gets a new one, and the PTE of the old one stays.
  const seen = (release: '6.1' | '6.12'): unknown => {
    const act = user({ release });
    all(act, [
      'mkfs xfs /dev/role/fsdax0 mkfs.xfs -q -f /dev/role/fsdax0',
      'mount xfs /dev/role/fsdax0 /m dax=always',
      'open f /m/f creat,rdwr',
      'pwrite f 0 4096 A',
      'mmap m f 0 4096 rw shared',
      'load m 0 4',
      'reflink /m/f /m/g',
      'load m 0 4',
      'pwrite f 0 4096 B',
      'pread f 0 4',
    ]);
    return act('load m 0 4')['data'];
  };

  test('the mapping shows the old bytes in 6.1 and the new ones in 6.12', () => {
    expect([seen('6.1'), seen('6.12')]).toEqual(['A*4', 'B*4']);
  });
});

describe.each(['6.1', '6.12'] as const)('a recycled synchronous flag, %s', (release) => {
  // init_once() clears an object of the slab once in its life, and dm only ever sets the flag.
  const overVirtio = 'mmap m f 0 4096 rw shared_validate,sync';
  const vpmem = [
    `dmsetup create b --table '0 400000 linear /dev/role/vpmem 0'`,
    'mkfs ext4 /dev/mapper/b mkfs.ext4 -q -F -b 4096 /dev/mapper/b',
    'mount ext4 /dev/mapper/b /m dax=always',
    'open f /m/f creat,rdwr',
    'pwrite f 0 4096 A',
  ];

  test('dm over virtio-pmem refuses MAP_SYNC', () => {
    const act = user({ release });
    all(act, vpmem);
    expect(act(overVirtio)['errno']).toBe('EOPNOTSUPP');
  });

  test('but not where its dax device was a synchronous one before', () => {
    const act = user({ release });
    all(act, [`dmsetup create a --table '0 400000 linear /dev/role/fsdax0 0'`, 'dmsetup remove a']);
    all(act, vpmem);
    expect(act(overVirtio)).toEqual({ rc: 0 });
  });
});
