// What alloc_dax() and mount() answer: the gate decides, and each filesystem takes it its own way.

import { expect, test } from 'vitest';
import { machineById } from '../hw/index.ts';
import { answerTo, type KernelCall } from './answers.ts';
import { policyById } from './policies/catalogue.ts';

function ask(call: KernelCall, kernelId: string, machineId: string) {
  const kernel = policyById(kernelId);
  const machine = machineById(machineId);
  const port = kernel?.ports.find((p) => machine?.ports.includes(p.id));
  if (!kernel || !machine || !port) throw new Error(`${kernelId} ${machineId}`);
  const answer = answerTo(call, { kernel, port, machine });
  return answer.kind === 'answer' ? answer.value : answer.why;
}

const alloc = { kind: 'alloc_dax', device: 'pmem' } as const;

test('alloc_dax() refuses where the predicate says so; device-dax is let through', () => {
  expect(ask(alloc, '6.9', 'arm926ej-s')).toBe(-95);
  expect(ask(alloc, '6.9', 'cortex-a9')).toBe(0);
  expect(ask({ ...alloc, device: 'device-dax' }, '6.9', 'arm926ej-s')).toBe(0);
  expect(ask({ ...alloc, device: 'brd' }, '6.9', 'cortex-a9')).toBe(-95);
});

test('v3 returned NULL: the language has no word for it, so it is not checked', () => {
  expect(ask(alloc, 'v3', 'arm926ej-s')).toMatch(/returns NULL/);
});

type Mount = Exclude<KernelCall, { kind: 'alloc_dax' }>;

/** mount() of the option on a device that suits the filesystem. */
function mount(fs: Mount['fs'], option: Mount['option'], kernel: string, machine: string) {
  const device = fs === 'virtiofs' ? 'virtiofs' : 'pmem';
  return ask({ kind: 'mount', device, fs, option }, kernel, machine);
}

test('ext4 and virtio-fs refuse dax=always without a device, the others go on without DAX', () => {
  const refused = (fs: Mount['fs'], option: Mount['option']) =>
    mount(fs, option, '6.9', 'arm926ej-s');
  expect([refused('ext4', 'always'), refused('virtiofs', 'always')]).toEqual([-22, -22]);
  expect([refused('ext4', 'plain'), refused('virtiofs', 'plain')]).toEqual([-22, -22]);
  expect([refused('ext2', 'plain'), refused('xfs', 'always'), refused('erofs', 'always')]).toEqual([
    0, 0, 0,
  ]);
  expect([refused('ext4', 'inode'), refused('virtiofs', 'inode')]).toEqual([0, 0]);
});

test('ext2 knows dax alone: a mode by name is an unknown option, with a device and without', () => {
  const machines = ['cortex-a9', 'arm926ej-s'];
  const answers = (option: Mount['option']) => machines.map((m) => mount('ext2', option, '6.9', m));
  expect([answers('always'), answers('never')]).toEqual([
    [-22, -22],
    [-22, -22],
  ]);
  expect([answers('plain'), answers('inode')]).toEqual([
    [0, 0],
    [0, 0],
  ]);
  const file = { kind: 'IS_DAX', device: 'pmem', fs: 'ext2' } as const;
  expect(ask({ ...file, option: 'always' }, '6.9', 'cortex-a9')).toBe(0);
  expect(ask({ ...file, option: 'plain' }, '6.9', 'cortex-a9')).toBe(1);
});

test('IS_DAX: a file is accessed by DAX where the mount says so and a device is there', () => {
  const isDax = (option: 'plain' | 'inode' | 'never', machine: string) =>
    ask({ kind: 'IS_DAX', device: 'pmem', fs: 'ext4', option }, '6.9', machine);
  expect([isDax('plain', 'cortex-a9'), isDax('plain', 'arm926ej-s')]).toEqual([1, 0]);
  expect([isDax('inode', 'cortex-a9'), isDax('never', 'cortex-a9')]).toEqual([0, 0]);
});

test('v1 and v2 test in each filesystem: alloc_dax() lets all through, no file is DAX', () => {
  const file = { kind: 'IS_DAX', device: 'pmem', fs: 'ext4', option: 'always' } as const;
  for (const kernel of ['v1', 'v2']) {
    expect(ask(alloc, kernel, 'arm926ej-s')).toBe(0);
    expect(ask(file, kernel, 'arm926ej-s')).toBe(0);
    expect(mount('ext4', 'always', kernel, 'arm926ej-s')).toMatch(/was not read/);
    expect([
      mount('ext4', 'never', kernel, 'arm926ej-s'),
      mount('ext4', 'always', kernel, 'cortex-a9'),
      ask(file, kernel, 'cortex-a9'),
    ]).toEqual([0, 0, 1]);
  }
});

test('kernels before the modes and before alloc_dax() are not judged by the rules of 6.12', () => {
  expect(mount('ext4', 'always', '4.16', 'cortex-a9')).toMatch(/older than the modes/);
  expect(ask(alloc, '4.16', 'arm926ej-s')).toBe(0);
  expect(ask({ ...alloc, device: 'brd' }, '4.0', 'arm926ej-s')).toMatch(/older than alloc_dax/);
});

test('a filesystem on a device that cannot hold it is not checked', () => {
  const odd = (fs: Mount['fs'], device: Mount['device']) =>
    ask({ kind: 'mount', device, fs, option: 'always' }, '6.9', 'cortex-a9');
  expect(odd('ext4', 'device-dax')).toMatch(/character device/);
  expect([odd('ext4', 'virtiofs'), odd('virtiofs', 'pmem')]).toEqual([
    'ext4 is never on virtiofs',
    'virtiofs is never on pmem',
  ]);
});
