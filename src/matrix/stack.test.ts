// The matrix of stacks against what is known otherwise: the matrix of CPUs, the answers of file
// systems by hand, the rules of the catalogue, and machines judged alone.

import { describe, expect, test } from 'vitest';
import { at, present } from '../base/index.ts';
import { namedKernels } from '../host/index.ts';
import { machineById, machines } from '../hw/index.ts';
import { fsdaxOffered, type Kernel } from '../kernel/index.ts';
import { bestPort, cellOf } from './matrix.ts';
import { modelledAs } from './stack-model.ts';
import { placeText, stackDrivers, stackPlaces } from './stack-parts.ts';
import { ruledOutcome } from './stack-rules.ts';
import { type DriverRun, runDriver } from './stack-run.ts';
import { type StackCell, stackMatrix, type StackSystem } from './stack.ts';
import { truthTeller } from './truth.ts';

const kernels = namedKernels();
if (!kernels.ok) throw new Error(kernels.problem.what);
const all: readonly Kernel[] = kernels.value;
const matrix = stackMatrix(machines, all);

function system(machine: string, kernel: string): StackSystem {
  const found = matrix.systems.find((s) => s.machine.id === machine && s.kernel.id === kernel);
  return present(found, `${machine} under ${kernel}`);
}

function cellAt(one: StackSystem, place: string): StackCell {
  const found = one.cls.cells.find((cell) => placeText(cell.place) === place);
  return present(found, place);
}

/** Words of several places on one machine, with their marks. */
function words(machine: string, kernel: string, places: readonly string[]): string {
  const one = system(machine, kernel);
  return places
    .map((place) => {
      const { word, latent } = cellAt(one, place);
      return `${word}${latent === true ? '*' : ''}`;
    })
    .join(' ');
}

/**
 * Where the matrix of CPUs, which asks of FS_DAX alone, and this one ask the same. pmem came with
 * 4.1: before it a RAM disk was what DAX was for. s390 without struct pages has DAX on dcssblk
 * only.
 */
function placeOfMatrix({ kernel, port }: StackSystem): string {
  if (kernel.gate.hasAllocDax === false) return 'brd/ext2/dax';
  const pages = port?.symbols.ZONE_DEVICE.value;
  return port?.id === 's390' && pages !== 'y' ? 'dcssblk/ext4/dax' : 'pmem/ext4/dax';
}

test('on the path that the matrix of CPUs is about, every word is the same', () => {
  const truthOf = truthTeller();
  const differ: string[] = [];
  for (const one of matrix.systems) {
    const { machine, kernel } = one;
    const { verdict } = cellOf(machine, kernel, truthOf(machine));
    const cell = cellAt(one, placeOfMatrix(one));
    // Without the device nobody meets a fault of it: the matrix of CPUs knows no drivers.
    const mine = `${cell.word} ${cell.latent} ${cell.asIfBuilt}`;
    const theirs = `${verdict.word} ${verdict.latent} ${verdict.asIfBuilt}`;
    if (mine !== theirs) differ.push(`${machine.id}@${kernel.id}: ${mine}, ${theirs}`);
  }
  expect(differ).toEqual([]);
});

test.each([
  // kernel-policies: what each class of CPU gets, dax first, then device-dax.
  ['cortex-a15', '6.12', '. .'],
  ['arm926ej-s', '6.12', '. .'],
  ['ultrasparc-t1', '6.12', 'LOST* .'],
  ['turbosparc', '6.12', 'STALE* STALE*'],
  ['m68040', '6.12', 'LOST* .'],
  ['m68030', '6.12', '. STALE*'],
  ['arc-hs38', 'v4', 'LOST* .'],
  ['arc-hs38', '6.12', '. .'],
  ['skylake', '6.12', 'on on'],
  ['r4000pc', 'v3', 'FAIL FAIL*'],
])('%s under %s: %s', (machine, kernel, expected) => {
  expect(words(machine, kernel, ['pmem/ext4/dax', 'device-dax/char/align-page'])).toBe(expected);
});

test.each([
  [
    'ext2',
    'page-cache dax refused refused refused',
    'page-cache page-cache refused refused refused',
  ],
  [
    'ext4',
    'page-cache dax dax page-cache page-cache',
    'page-cache refused refused page-cache page-cache',
  ],
  [
    'xfs',
    'page-cache dax dax page-cache page-cache',
    'page-cache page-cache page-cache page-cache page-cache',
  ],
  [
    'erofs',
    'page-cache dax dax refused page-cache',
    'page-cache page-cache page-cache refused page-cache',
  ],
])('%s on pmem: none, dax, always, inode, never', (fs, open, refused) => {
  const kinds = (machine: string) =>
    ['none', 'dax', 'always', 'inode', 'never']
      .map((option) => cellAt(system(machine, '6.12'), `pmem/${fs}/${option}`).does.outcome.kind)
      .join(' ');
  expect(kinds('skylake')).toBe(open);
  expect(kinds('sh7750/4k')).toBe(refused);
});

test('the flag of a file counts where ext4, xfs or the server knows it', () => {
  const flagged = (machine: string) =>
    ['pmem/ext2', 'pmem/ext4', 'pmem/xfs', 'pmem/erofs', 'virtiofs/virtiofs'].map((stack) =>
      ['none+x', 'inode+x']
        .map((option) => cellAt(system(machine, '6.12'), `${stack}/${option}`).does.outcome.kind)
        .join(' '),
    );
  expect(flagged('skylake')).toEqual([
    'page-cache refused',
    'dax dax',
    'dax dax',
    'page-cache refused',
    'dax dax',
  ]);
  expect(new Set(flagged('sh7750/4k').join(' ').split(' '))).toEqual(
    new Set(['page-cache', 'refused']),
  );
});

test('drivers without DAX have none on any CPU, and say so where they are asked', () => {
  for (const driver of ['pmem-raw', 'btt', 'dm-mixed', 'brd', 'loop']) {
    const places = [`${driver}/xfs/dax`, `${driver}/ext4/always`, `${driver}/ext4/inode+x`];
    expect(words('skylake', '6.12', places), driver).toBe('none none none');
    const outcomes = places.map((place) => cellAt(system('skylake', '6.12'), place).does.outcome);
    expect(outcomes, driver).toEqual([
      { kind: 'page-cache', says: true },
      { kind: 'refused', errno: 'EINVAL' },
      { kind: 'page-cache', says: false },
    ]);
  }
});

test('some drivers are of one architecture', () => {
  const foreign = matrix.systems
    .filter(({ port }) => port !== undefined)
    .flatMap(({ machine, cls }) =>
      cls.cells.filter(({ place: { driver } }) => (driver.arch ?? machine.arch) !== machine.arch),
    );
  expect(new Set(foreign.map(({ word }) => word))).toEqual(new Set(['-']));
  expect(words('ibm-z13', '6.12', ['dcssblk/ext4/dax', 'pmem/ext4/dax'])).toBe('on .');
  expect(words('ibm-z13', '7.3', ['dcssblk/ext4/dax', 'pmem/ext4/dax'])).toBe('on on');
});

test('before pmem a RAM disk had DAX, and every cache that aliases went stale under 3.18', () => {
  const stale = matrix.systems.filter(
    (s) => s.kernel.id === '3.18' && cellAt(s, 'brd/ext2/dax').word === 'STALE',
  );
  expect(stale.map((s) => s.machine.id)).toContain('arm926ej-s');
  expect(words('arm926ej-s', '4.0', ['brd/ext2/dax', 'brd/ext4/dax'])).toBe('off off');
  expect(words('cortex-a15', '4.0', ['brd/ext2/dax', 'brd/xfs/dax'])).toBe('LOST -');
  expect(words('sh7750/4k', '4.0', ['brd/ext4/dax', 'brd/ext4/none'])).toBe('STALE none');
});

test('an aligned device-dax is safe where the alignment is a multiple of the way', () => {
  const both = ['device-dax/char/align-page', 'device-dax/char/align-2m'];
  expect(words('arc700-64k/8k', '6.12', both)).toBe('STALE* .');
  expect(words('m68030', '6.12', both)).toBe('STALE* STALE*');
});

test('what reaches the medium depends on the flags of the device and the port', () => {
  const lost = (machine: string, place: string, kernel = '6.12') =>
    cellAt(system(machine, kernel), place).truth?.losesAtCrash;
  expect(lost('skylake', 'pmem/ext4/dax')).toEqual([]);
  expect(lost('sifive-u74', 'dm-linear/xfs/always')).toEqual(['L7']);
  expect(lost('loongson-3a5000', 'pmem/ext4/dax')).toEqual(['L7', 'L8']);
  expect(lost('skylake', 'virtio-pmem/ext4/dax')).toBeUndefined();
  expect(lost('ibm-z13', 'dcssblk/ext4/dax')).toBeUndefined();
});

test('a line of an older image makes a read-only file stale, on every cache that aliases', () => {
  const pair = (machine: string) =>
    ['pmem/erofs/dax', 'pmem/ext4/dax'].map(
      (p) => cellAt(system(machine, '6.12'), p).truth?.coherent,
    );
  for (const { id } of machines) expect(new Set(pair(id)).size, id).toBe(1);
});

describe('the rules of the catalogue', () => {
  const modelled = all.filter((kernel) => modelledAs(kernel) !== undefined);
  // In v3 NULL is harmless to virtio-fs: it goes on as without a window, which no rule knows.
  const known = new Set(['v3']);

  test.each(modelled.map((kernel) => kernel.id).filter((id) => !known.has(id)))(
    'say of %s what the model does',
    (id) => {
      const kernel = present(
        modelled.find((one) => one.id === id),
        id,
      );
      for (const name of ['skylake', 'sh7750/4k', 'cortex-a15', 'ibm-z13']) {
        const machine = present(machineById(name), name);
        const port = present(bestPort(machine, kernel), 'port');
        const belief = fsdaxOffered({ kernel, port, machine });
        for (const { place, does } of system(name, id).cls.cells) {
          const ruled = ruledOutcome({ kernel, port, machine, belief }, place);
          const where = `${name} ${placeText(place)}`;
          if (ruled.kind === 'no-dax') expect(does.outcome.kind, where).not.toBe('dax');
          else expect(ruled.kind, where).toBe(does.outcome.kind);
        }
      }
    },
  );
});

test('a class runs on the machines in it as on the one it was run on', () => {
  const kernel = present(
    all.find((one) => one.id === '6.12'),
    '6.12',
  );
  const model = present(modelledAs(kernel), 'model');
  const kinds = (run: DriverRun) =>
    [...run].map(([fs, own]) => [fs, [...own].map(([o, b]) => [o, b.outcome, b.flags])]);
  const files = ['ext2', 'ext4', 'xfs', 'erofs'] as const;
  for (const aliasing of [false, true]) {
    const of = (name: string) => {
      const machine = present(machineById(name), name);
      return kinds(runDriver({ kernel: model, machine, fsDax: true, aliasing }, 'pmem', files));
    };
    const plain = of('pa-qemu');
    for (const name of ['sh7750/4k', 'sh7785/8k', '24kc-32k/16k', 'power9', 'arm926ej-s']) {
      expect(of(name), name).toEqual(plain);
    }
  }
});

test('machines of one class get the same cells when each is judged alone', () => {
  const kernel = present(
    all.find((one) => one.id === '6.9'),
    '6.9',
  );
  const judged = (cells: readonly StackCell[]) =>
    cells.map((c) => [c.word, c.latent, c.does.outcome, c.truth?.stale, c.truth?.losesAtCrash]);
  for (const machine of machines) {
    const alone = at(stackMatrix([machine], [kernel]).systems, 0);
    const together = system(machine.id, '6.9');
    expect(judged(alone.cls.cells), machine.id).toEqual(judged(together.cls.cells));
  }
});

test('equal systems are judged once', () => {
  const { cells, classes, runs, explored } = matrix.effort;
  expect(cells).toBe(machines.length * all.length * stackPlaces.length);
  expect(classes).toBeLessThan(cells / 500);
  expect(runs).toBeLessThan(stackDrivers.length * 6);
  expect(explored).toBeLessThan(200);
});

test('a bound that is reached is a question mark, never a pass', () => {
  const machine = present(machineById('skylake'), 'machine');
  const bounds = { states: 3, depth: 1000 };
  const cut = stackMatrix([machine], all, { bounds });
  const daxed = cut.classes.flatMap((cls) => cls.cells.filter((cell) => cell.truth !== undefined));
  expect(daxed.length).toBeGreaterThan(0);
  for (const cell of daxed) expect(cell.word, placeText(cell.place)).toBe('?');
});
