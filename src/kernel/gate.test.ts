// Unit tests of beliefs: the run-time table of the policy reference, and each posted revision.

import { expect, test } from 'vitest';
import { present } from '../base/index.ts';
import { machineById, machines } from '../hw/index.ts';
import { allocDaxAnswer } from './policies/alloc-dax.ts';
import { fsdaxOffered } from './gate.ts';
import type { Belief } from './gate.ts';
import type { Kernel, Port } from './kernel.ts';
import { policies, policyById } from './policies/catalogue.ts';

function belief(kernelId: string, machineId: string, portId?: string): Belief {
  const kernel = present(policyById(kernelId), kernelId);
  const machine = present(machineById(machineId), machineId);
  const wanted = portId ?? present(machine.ports[0], 'port');
  const port = present(
    kernel.ports.find((p) => p.id === wanted),
    `port ${wanted}`,
  );
  return fsdaxOffered({ kernel, port, machine });
}

// Section "Run-time decision on each class" of the policy reference, typed in. 6.9 has the rules of
// 6.12: the test in alloc_dax() and no arc in the list.
const refused = true;
const allowed = false;
test.each([
  ['cortex-a7', allowed],
  ['cortex-a9', allowed],
  ['cortex-a15', allowed],
  ['arm1176-16k', allowed],
  ['arm1176-32k', refused],
  ['arm926ej-s', refused],
  ['xscale-pxa', refused],
  ['24kc-32k/4k', refused],
  ['24kc-32k/16k', allowed],
  ['74kc', allowed],
  ['r10000', allowed],
  ['ultrasparc-2', refused],
  ['ultrasparc-t1', refused],
  ['sparc-t4', refused],
  ['turbosparc', allowed],
  ['m68040', refused],
  ['m68060', refused],
  ['sh7708', refused],
  ['csky-ck807', refused],
  ['arc-hs38', allowed],
  ['skylake', allowed],
  ['cortex-a53', allowed],
  ['sifive-u74', allowed],
  ['ibm-z13', allowed],
  ['power9', allowed],
])('6.12 rules on %s: refused is %s, device-dax works, drivers go on', (id, isRefused) => {
  const found = belief('6.9', id);
  expect(found.predicate).toMatchObject({ kind: 'known', value: isRefused });
  expect(found.allocDax).toEqual(
    isRefused ? { kind: 'ERR_PTR', errno: 'EOPNOTSUPP' } : { kind: 'dax_device' },
  );
  expect(found.deviceDax).toEqual({ kind: 'dax_device' });
  expect(found.fsdax).toEqual(
    isRefused ? { kind: 'refused', by: 'alloc_dax' } : { kind: 'offered' },
  );
  expect(found.drivers).toBe(isRefused ? 'go-on' : 'not-asked');
});

test('other false permissions: Swift, and nios2 configured too small', () => {
  expect(belief('6.9', 'microsparc2-swift').fsdax).toEqual({ kind: 'offered' });
  expect(belief('6.9', 'nios2-32k-misconfig').fsdax).toEqual({ kind: 'offered' });
  expect(belief('6.9', 'nios2-32k').fsdax.kind).toBe('refused');
});

test('v4 to v6 deny ARC HS, which 6.9 allows', () => {
  for (const id of ['v4', 'v5', 'v6']) {
    expect(belief(id, 'arc-hs38').fsdax).toEqual({ kind: 'refused', by: 'alloc_dax' });
  }
  expect(belief('6.9', 'arc-hs38').fsdax).toEqual({ kind: 'offered' });
});

test('a predicate that was not understood makes the whole belief not checked', () => {
  const kernel = present(policyById('6.9'), '6.9');
  const machine = present(machineById('arc-hs38'), 'machine');
  const arc = present(
    kernel.ports.find((p) => p.id === 'arc'),
    'port',
  );
  const port: Port = { ...arc, predicate: { kind: 'not-checked', why: 'odd', sources: [] } };
  const found = fsdaxOffered({ kernel, port, machine });
  expect(found.fsdax).toEqual({ kind: 'not-checked', why: 'odd' });
  expect(found.drivers).toBe('not-checked');
  expect(found.deviceDax).toEqual({ kind: 'dax_device' });
});

test('7.3 selects the symbol on arc again and still says false for the data side', () => {
  const found = belief('7.3', 'arc700-64k/8k');
  expect(found.predicate).toEqual({ kind: 'known', value: false, because: 'constant false' });
});

test('v3 returns NULL, breaks the drivers and takes device-dax away', () => {
  const found = belief('v3', 'arm926ej-s');
  expect(found.allocDax).toEqual({ kind: 'NULL' });
  expect(found.deviceDax).toEqual({ kind: 'NULL' });
  expect(found.drivers).toBe('attach-fails');
  expect(found.fsdax).toEqual({ kind: 'breaks' });
  expect(belief('v3', 'cortex-a7').fsdax).toEqual({ kind: 'offered' });
});

test('v1 and v2 refuse at mount and leave alloc_dax() alone', () => {
  for (const id of ['v1', 'v2']) {
    const found = belief(id, '24kc-32k/4k');
    expect(found.fsdax).toEqual({ kind: 'refused', by: 'filesystem' });
    expect(found.allocDax).toEqual({ kind: 'dax_device' });
    expect(found.drivers).toBe('not-asked');
    expect(belief(id, 'cortex-a7').fsdax).toEqual({ kind: 'offered' });
  }
});

test('v1 also refuses at build where the port always aliases, ARMv5 but not ARMv6', () => {
  for (const id of ['arm926ej-s', 'sh7708', 'm68040', 'arc-hs38', 'csky-ck807', 'pa-qemu']) {
    expect(belief('v1', id).fsdax, id).toEqual({ kind: 'refused', by: 'name' });
    expect(belief('v2', id).fsdax, id).toEqual({ kind: 'refused', by: 'filesystem' });
  }
  expect(belief('v1', 'arm1176-32k').fsdax).toEqual({ kind: 'refused', by: 'filesystem' });
});

test('4.0 refuses ARM, MIPS and SPARC by name, coherent or not, and nobody else', () => {
  for (const machine of machines) {
    const kernel = present(policyById('4.0'), '4.0');
    const port = kernel.ports.find((p) => p.id === machine.ports[0]);
    if (port === undefined) continue;
    const byName = ['arm', 'mips', 'sparc32', 'sparc64'].includes(machine.arch);
    const found = fsdaxOffered({ kernel, port, machine });
    expect(found.refusedByName, machine.id).toBe(byName);
    expect(found.fsdax, machine.id).toEqual(
      byName ? { kind: 'refused', by: 'name' } : { kind: 'offered' },
    );
    expect(found.built.value, machine.id).toBe(byName ? 'n' : 'y');
    expect(found.buildable.value, machine.id).toBe('y');
  }
});

test('3.18 asks nobody: even a VIVT cache is offered', () => {
  const found = belief('3.18', 'arm926ej-s');
  expect(found.fsdax).toEqual({ kind: 'offered' });
  expect(found.built.value).toBe('y');
  expect(found.deviceDax.kind).toBe('not-checked');
});

test('an aliasing ARMv6 part under a v7-only kernel would not be seen', () => {
  expect(belief('6.9', 'arm1176-32k', 'arm').fsdax.kind).toBe('refused');
  expect(belief('6.9', 'arm1176-32k', 'arm-v7').fsdax.kind).toBe('offered');
});

test('alloc_dax() that tests without a predicate is not checked', () => {
  const kernel = present(policyById('6.9'), '6.9');
  const machine = present(machineById('skylake'), 'machine');
  const port = { ...present(kernel.ports[0], 'port'), predicate: { kind: 'absent' } as const };
  expect(allocDaxAnswer({ kernel, port, machine, ops: true }).kind).toBe('not-checked');
});

test('without the exemption device-dax is refused as well', () => {
  const base = present(policyById('6.9'), '6.9');
  const kernel: Kernel = { ...base, gate: { ...base.gate, exemptsNullOps: false } };
  const machine = present(machineById('m68040'), 'machine');
  const port = present(
    kernel.ports.find((p) => p.id === 'm68k'),
    'port',
  );
  expect(allocDaxAnswer({ kernel, port, machine, ops: false })).toEqual({
    kind: 'ERR_PTR',
    errno: 'EOPNOTSUPP',
  });
});

test('under no policy can an aliasing predicate meet a built FS_DAX from 4.16 on', () => {
  for (const kernel of policies) {
    if (kernel.id === '3.18' || kernel.id === '4.0') continue;
    for (const port of kernel.ports) {
      const { value } = port.symbols.FS_DAX;
      if (value === 'y') expect(['absent', 'generic-false']).toContain(port.predicate.kind);
    }
  }
});
