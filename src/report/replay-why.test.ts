// Why a step of a recording comes out otherwise: sentences about the copies behind it, or about
// what the kernel decides.

import { expect, test } from 'vitest';
import { machineById } from '../hw/index.ts';
import {
  parseScenario,
  type ReplayOptions,
  type ScenarioWalk,
  walkScenario,
} from '../replay/index.ts';
import { replayWhy } from './index.ts';

const device = '/dev/role/fsdax0';
const argv = ['mkfs.ext4', '-q', '-F', '-b', '4096', device];

function walk(machine: string, gate: NonNullable<ReplayOptions['gate']>): ScenarioWalk {
  const found = machineById(machine);
  const steps = [
    { op: 'mkfs', args: { fs: 'ext4', device, argv }, expect: { rc: 0 } },
    {
      op: 'mount',
      args: { fs: 'ext4', device, dir: '/m', options: 'dax' },
      expect: { rc: 0, fstype: 'ext4', opts: 'rw,relatime,dax=always' },
    },
    { op: 'open', args: { as: 'f', path: '/m/f', flags: 'creat,rdwr' }, expect: { rc: 0 } },
    { op: 'pwrite', args: { fd: 'f', offset: 0, length: 64, byte: 'A' }, expect: { rc: 64 } },
    { op: 'mmap', args: { as: 'm', fd: 'f', offset: 0, length: 4096 }, expect: { rc: 0 } },
    { op: 'load', args: { map: 'm', offset: 0, length: 64 }, expect: { rc: 0, data: 'A*64' } },
    { op: 'pwrite', args: { fd: 'f', offset: 0, length: 64, byte: 'B' }, expect: { rc: 64 } },
    { op: 'load', args: { map: 'm', offset: 0, length: 64 }, expect: { rc: 0, data: 'B*64' } },
    { op: 'statx', args: { path: '/m' }, skipped: 'no time' },
    { op: 'dance', args: {}, expect: {} },
    { op: 'umount', args: { dir: '/m' }, expect: { rc: -1, errno: 'EBUSY' } },
  ];
  const text = JSON.stringify({ id: 'a', kernel: '6.12', steps });
  const scenario = parseScenario(text, 'f:1');
  if (!scenario.ok || found === undefined) throw new Error('the sample is wrong');
  return walkScenario(scenario.value, { machine: found, gate });
}

test('a dirty copy that memory has not got, and the colours that hide it', () => {
  const why = replayWhy(walk('sh7750/4k', 'open'), 7).join('\n');
  expect(why).toContain('The answers part at byte 0');
  expect(why).toMatch(/filled through the kernel's linear map \(set \d+, way 0, dirty\) holds B/);
  expect(why).toContain('B*32 stands in a dirty copy alone');
  expect(why).toContain('The cache has 4 colours');
});

test('a copy that is stale, and the tags that hide it', () => {
  const why = replayWhy(walk('arm926ej-s', 'open'), 7).join('\n');
  expect(why).toContain('The copy filled through mapping m');
  expect(why).toContain('A VIVT cache finds a line by its virtual address');
});

test('a gate that refuses is told, and what follows from it', () => {
  const refused = walk('sh7750/4k', 'stock');
  const why = replayWhy(refused, 1).join('\n');
  expect(why).toContain('No copy in a cache is behind this step.');
  expect(why).toContain('the kernel believes that the data cache aliases and refuses DAX');
  expect(replayWhy(walk('skylake', 'ENOMEM'), 1).join('\n')).toContain('fails with -ENOMEM');
  expect(refused.result.steps[10]?.kind).toBe('differs');
  expect(replayWhy(refused, 10).join('\n')).toMatch(/It may follow from step \d/);
});

test('pages of another size are told', () => {
  const other = walk('24kc-32k/16k', 'open');
  const odd = other.result.steps.findIndex(({ kind }) => kind === 'differs');
  expect(replayWhy(other, odd).join('\n')).toContain('Pages have 16384 bytes here');
});

test('what agrees needs no why; what is not held or checked says so', () => {
  const fine = walk('skylake', 'open');
  expect(replayWhy(fine, 7)).toEqual([]);
  expect(replayWhy(fine, 8)).toEqual(['No model is held to this step: no time.']);
  expect(replayWhy(fine, 9).join('')).toContain("there is no operation 'dance'");
});
