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

test('ext4 and virtio-fs refuse dax=always without a device, the others go on without DAX', () => {
  const mount = (fs: 'ext2' | 'ext4' | 'xfs' | 'erofs' | 'virtiofs', option: 'always' | 'inode') =>
    ask({ kind: 'mount', device: 'pmem', fs, option }, '6.9', 'arm926ej-s');
  expect([mount('ext4', 'always'), mount('virtiofs', 'always')]).toEqual([-22, -22]);
  expect([mount('ext2', 'always'), mount('xfs', 'always'), mount('erofs', 'always')]).toEqual([
    0, 0, 0,
  ]);
  expect([mount('ext4', 'inode'), mount('virtiofs', 'inode')]).toEqual([0, 0]);
});

test('IS_DAX: a file is accessed by DAX where the mount says so and a device is there', () => {
  const isDax = (option: 'plain' | 'inode' | 'never', machine: string) =>
    ask({ kind: 'IS_DAX', device: 'pmem', fs: 'ext4', option }, '6.9', machine);
  expect([isDax('plain', 'cortex-a9'), isDax('plain', 'arm926ej-s')]).toEqual([1, 0]);
  expect([isDax('inode', 'cortex-a9'), isDax('never', 'cortex-a9')]).toEqual([0, 0]);
});
