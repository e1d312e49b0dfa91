// The three answers and the verdict on each class of CPU, cell by cell, against tables worked out
// by hand from the kernels' sources; and FS_DAX by port as the kernel's own conf gave it.

import { expect, test } from 'vitest';
import { present } from '../base/index.ts';
import { namedKernels } from '../host/index.ts';
import { machineById, machines } from '../hw/index.ts';
import type { Kernel } from '../kernel/index.ts';
import { type Cell, cellOf, matrixOf, tally } from './matrix.ts';
import { truthTeller } from './truth.ts';

const kernels = namedKernels();
if (!kernels.ok) throw new Error(kernels.problem.what);
const truthOf = truthTeller();

function kernel(id: string): Kernel {
  if (!kernels.ok) throw new Error(kernels.problem.what);
  return present(
    kernels.value.find((k) => k.id === id),
    `kernel ${id}`,
  );
}

function machine(id: string) {
  return present(machineById(id), `machine ${id}`);
}

/** CPU class, kernel, predicate, alloc_dax(ops), device-dax, fsdax, hardware, verdict. */
const decisions: readonly (readonly [string, string, string])[] = [
  ['cortex-a7 cortex-a9 cortex-a15', '6.12', 'false ok ok allowed safe right'],
  ['arm1176-16k', '6.12', 'false ok ok allowed safe right'],
  ['arm1176-32k arm926ej-s xscale-pxa', '6.12', 'true -EOPNOTSUPP ok refused unsafe right'],
  ['24kc-32k/4k', '6.12', 'true -EOPNOTSUPP ok refused unsafe right'],
  ['24kc-32k/16k 74kc r10000', '6.12', 'false ok ok allowed safe right'],
  ['ultrasparc-2', '6.12', 'true -EOPNOTSUPP ok refused unsafe right'],
  ['ultrasparc-t1 sparc-t4', '6.12', 'true -EOPNOTSUPP ok refused safe false-denial'],
  ['turbosparc', '6.12', 'false ok ok allowed unsafe false-permission'],
  ['m68040 m68060 sh7708 csky-ck807', '6.12', 'true -EOPNOTSUPP ok refused safe false-denial'],
  ['arc-hs38', '6.12', 'false ok ok allowed safe right'],
  ['arc-hs38', 'v4', 'true -EOPNOTSUPP ok refused safe false-denial'],
  ['skylake cortex-a53 sifive-u74 ibm-z13 power9', '6.12', 'false ok ok allowed safe right'],
];

const verdicts = { on: 'right', off: 'right', LOST: 'false-denial', STALE: 'false-permission' };

function decision(cell: Cell, coherent: boolean | undefined): string {
  const belief = present(cell.belief, 'belief');
  const { predicate, allocDax, deviceDax, fsdax } = belief;
  const asIfBuilt = cell.verdict.asIfBuilt;
  const answer = (a: typeof allocDax) =>
    a.kind === 'dax_device' ? 'ok' : a.kind === 'ERR_PTR' ? '-EOPNOTSUPP' : a.kind;
  return [
    predicate.kind === 'known' ? predicate.value : predicate.kind,
    answer(allocDax),
    answer(deviceDax),
    fsdax.kind === 'offered' ? 'allowed' : fsdax.kind,
    coherent ? 'safe' : 'unsafe',
    asIfBuilt === '?' || asIfBuilt === '-' || asIfBuilt === 'FAIL'
      ? asIfBuilt
      : verdicts[asIfBuilt],
  ].join(' ');
}

test.each(
  decisions.flatMap(([ids, id, expected]) => ids.split(' ').map((m) => [m, id, expected] as const)),
)('%s under %s: %s', (id, kernelId, expected) => {
  const matrix = matrixOf([machine(id)], [kernel(kernelId)], truthOf);
  const row = present(matrix.rows[0], 'row');
  expect(decision(present(row.cells[0], 'cell'), row.truth.coherent)).toBe(expected);
});

/** FS_DAX=y with everything at yes: 6.1, 6.12. */
const built = {
  'n n':
    'i386 i386-pae arm arm-v7 arm-v7-lpae powerpc-book3e64 powerpc-32 powerpc-44x riscv32 ' +
    'mips32 mips-ip22 mips-ip27 mips-loongson64 sparc32 sparc64 parisc32 parisc64 sh ' +
    'sh-sh7750 sh-sh7785 arc arc-700 csky m68k m68k-coldfire m68k-sun3 nios2 xtensa alpha ' +
    'hexagon microblaze openrisc um',
  'y y': 'x86_64 arm64 powerpc-book3s64 s390',
  'n y': 'loongarch64 riscv64',
  'n -': 'ia64',
};

test('v3 is judged on an R5000 by the kernel of the Indy, which builds pmem, and fails', () => {
  for (const id of ['r4600', 'r5000']) {
    const cell = cellOf(machine(id), kernel('v3'), truthOf(machine(id)));
    expect([id, cell.port, cell.verdict.word]).toEqual([id, 'mips-ip22', 'FAIL']);
  }
});

test('FS_DAX by port in 6.1 and 6.12 is what conf gave', () => {
  const found = (id: string, port: string) =>
    kernel(id).ports.find((p) => p.id === port)?.symbols.FS_DAX.value ?? '-';
  for (const [expected, ports] of Object.entries(built)) {
    for (const port of ports.split(' ')) {
      expect([port, `${found('6.1', port)} ${found('6.12', port)}`]).toEqual([port, expected]);
    }
  }
});

test('in neither release can FS_DAX be built where the predicate can be true', () => {
  for (const id of ['6.1', '6.12']) {
    const reachable = matrixOf(machines, [kernel(id)], truthOf).rows.filter(({ cells }) => {
      const predicate = cells[0]?.belief?.predicate;
      const aliases = predicate?.kind === 'known' && predicate.value;
      return aliases && cells[0]?.belief?.built.value === 'y';
    });
    expect(reachable.map((row) => row.machine.id)).toEqual([]);
  }
});

test('a kernel without a port of the machine says so and has no belief', () => {
  const before = kernel('3.18');
  const cell = cellOf(machine('sifive-u74'), before, truthOf(machine('sifive-u74')));
  expect(cell.port).toBeUndefined();
  expect(cell.belief).toBeUndefined();
  expect(cell.verdict).toMatchObject({ word: '-', asIfBuilt: '-' });
});

test('a value nobody evaluated leaves the cell open, and a cut-off search too', () => {
  const skylake = machine('skylake');
  const full = truthOf(skylake);
  const open = kernel('6.12');
  const unknown: Kernel = {
    ...open,
    ports: open.ports.map((p) => ({
      ...p,
      fsDaxWithoutList: { value: 'unknown', chain: [], sources: [] },
    })),
  };
  expect(cellOf(skylake, open, full).verdict.word).toBe('on');
  expect(cellOf(skylake, unknown, full).verdict.word).toBe('?');
  expect(cellOf(skylake, open, truthTeller({ states: 2, depth: 9 })(skylake)).verdict.word).toBe(
    '?',
  );
});

test('a gate that was not understood leaves the cell open', () => {
  const skylake = machine('skylake');
  const known = kernel('6.12');
  const runTime = { value: 'not-checked', sources: [] } as const;
  const open: Kernel = { ...known, gate: { ...known.gate, runTime } };
  expect(cellOf(skylake, open, truthOf(skylake)).verdict.word).toBe('?');
});

test('a driver that breaks is met where pmem can be built, as a module too', () => {
  const arm = machine('arm1176-32k');
  const known = kernel('6.12');
  const broken = (value: 'y' | 'm' | 'n' | 'unknown'): Kernel => ({
    ...known,
    gate: { ...known.gate, callersSurvive: false },
    ports: known.ports.map((p) => ({
      ...p,
      symbols: { ...p.symbols, BLK_DEV_PMEM: { value, chain: [], sources: [] } },
    })),
  });
  for (const value of ['y', 'm', 'n', 'unknown'] as const) {
    const { word, latent } = cellOf(arm, broken(value), truthOf(arm)).verdict;
    const expected = value === 'unknown' ? 'unknown' : value === 'n';
    expect([value, word, latent]).toEqual([value, 'FAIL', expected]);
  }
});

test('the port that can build FS_DAX is judged, before one with pmem, before the first', () => {
  const base = kernel('6.12');
  const skylake = machine('skylake');
  const two = { ...skylake, ports: ['i386', 'x86_64'] };
  expect(cellOf(two, base, truthOf(skylake)).port).toBe('x86_64');
  const a7 = machine('cortex-a7');
  expect(a7.ports).toContain('arm-v7-lpae');
  expect(cellOf(a7, base, truthOf(a7)).port).toBe('arm-v7-lpae');
  const a9 = machine('cortex-a9');
  expect(cellOf(a9, base, truthOf(a9)).port).toBe(a9.ports[0]);
});

test('rows and columns keep their order, and the tally counts every cell once', () => {
  const some = ['turbosparc', 'cortex-a7', 'm68040'].map(machine);
  const ids = ['6.12', 'v4', '6.1'];
  const matrix = matrixOf(some, ids.map(kernel), truthOf);
  expect(matrix.kernels.map((k) => k.id)).toEqual(ids);
  expect(matrix.rows.map((r) => r.machine)).toEqual(some);
  expect(matrix.rows.map((r) => r.cells.map((c) => c.kernel))).toEqual([ids, ids, ids]);
  const word = ({ verdict }: Cell) => `${verdict.word}${verdict.latent === true ? '*' : ''}`;
  expect([...tally(matrix, '6.12', word)].map((entry) => entry.join(' ')).sort()).toEqual([
    '. 1',
    'LOST* 1',
    'STALE* 1',
  ]);
});

test('an unread port leaves its machines open; one that does not exist says so', () => {
  const a7 = machine('cortex-a7');
  const truth = truthOf(a7);
  const without = { ...kernel('6.12'), ports: [] };
  expect(cellOf(a7, without, truth).verdict.word).toBe('-');
  expect(cellOf(a7, { ...without, unreadPorts: ['arm-v7'] }, truth).verdict.word).toBe('?');
});

test('a fault of a machine that Linux never runs that way is latent and not counted', () => {
  const never = { ...machine('turbosparc'), notUnderLinux: 'a reason' };
  const matrix = matrixOf([never], [kernel('3.18')], truthOf);
  const cell = present(matrix.rows[0]?.cells[0], 'cell');
  expect(cell.verdict).toMatchObject({ word: 'STALE', latent: true });
  expect(tally(matrix, '3.18', () => 'any').size).toBe(0);
});

test('a driver that breaks is latent where unbuildable, unknown where nobody looked', () => {
  const v3 = kernel('v3');
  const t1 = machine('ultrasparc-t1');
  const cell = cellOf(t1, v3, truthOf(t1));
  expect(cell.verdict).toMatchObject({ word: 'FAIL', latent: false });
  const port = present(
    v3.ports.find((p) => p.id === cell.port),
    'port',
  );
  const blind = {
    ...port.symbols,
    BLK_DEV_PMEM: { ...port.symbols.BLK_DEV_PMEM, value: 'unknown' },
  } as const;
  const unknown = { ...v3, ports: [{ ...port, symbols: blind }] };
  expect(cellOf(t1, unknown, truthOf(t1)).verdict).toMatchObject({
    word: 'FAIL',
    latent: 'unknown',
  });
});
