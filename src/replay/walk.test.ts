// A walk says of every step what replayScenario says, and shows the line behind a wrong answer.

import { describe, expect, test } from 'vitest';
import { machineById } from '../hw/index.ts';
import {
  LOOKED_AT,
  type RecordedScenario,
  type RecordedStep,
  type ReplayOptions,
  replayScenario,
  walkScenario,
} from './index.ts';

const device = '/dev/role/e820';
const argv = ['mkfs.ext4', '-q', '-F', '-b', '4096', device];
const steps: readonly RecordedStep[] = [
  { op: 'mkfs', args: { fs: 'ext4', device, argv }, expect: { rc: 0 } },
  {
    op: 'mount',
    args: { fs: 'ext4', device, dir: '/m', options: 'dax=always' },
    expect: { rc: 0 },
  },
  { op: 'open', args: { as: 'f', path: '/m/f', flags: 'creat,rdwr' }, expect: { rc: 0 } },
  { op: 'pwrite', args: { fd: 'f', offset: 0, length: 64, byte: 'A' }, expect: { rc: 64 } },
  { op: 'mmap', args: { as: 'm', fd: 'f', offset: 0, length: 4096 }, expect: { rc: 0 } },
  { op: 'load', args: { map: 'm', offset: 0, length: 64 }, expect: { rc: 0, data: 'A*64' } },
  { op: 'pwrite', args: { fd: 'f', offset: 32, length: 32, byte: 'B' }, expect: { rc: 32 } },
  {
    op: 'load',
    args: { map: 'm', offset: 0, length: 64 },
    expect: { rc: 0, data: 'A*32,B*32' },
  },
  { op: 'close', args: { fd: 'f' }, expect: { rc: 0 } },
];

function scenario(own: readonly RecordedStep[] = steps): RecordedScenario {
  const id = 'a';
  const rest = { arch: 'x86_64', gate: 'open', group: 'g', kernel_oops: false, where: 'f:1' };
  return { id, kernel: '6.12', steps: own, ...rest };
}

function on(machine: string): ReplayOptions {
  const found = machineById(machine);
  return found === undefined ? {} : { machine: found, gate: 'open' };
}

describe.each(['skylake', 'arm926ej-s', 'sh7750/4k', '24kc-32k/16k'])('on %s', (machine) => {
  test('a walk is the replay, and says the same each time', () => {
    const walk = walkScenario(scenario(), on(machine));
    expect(walk.result).toEqual(replayScenario(scenario(), on(machine)));
    expect(walk.steps.map(({ result }) => result)).toEqual(walk.result.steps);
    expect(walkScenario(scenario(), on(machine))).toEqual(walk);
  });
});

test('on a machine whose cache aliases the line of the first wrong byte is followed', () => {
  const { bed, steps: walked } = walkScenario(scenario(), on('sh7750/4k'));
  expect(bed?.dcache).toMatchObject({ class: 'vipt-aliasing', colours: 4, ways: 1 });
  const [before, wrong] = [walked[5], walked[7]];
  expect(wrong?.result.kind).toBe('differs');
  expect(wrong?.differsAt).toBe(32);
  // Followed from the first step on, and the second line of the page.
  expect(before?.line?.paddr).toBe(wrong?.line?.paddr);
  expect((wrong?.line?.paddr ?? 0) % 4096).toBe(32);
  expect(before?.line?.copies.map(({ bytes }) => bytes)).not.toContain('B*32');
  const owners = wrong?.line?.copies.map(({ owner, dirty, bytes }) => [owner.kind, dirty, bytes]);
  expect(owners).toContainEqual(['mapping', false, 'A*32']);
  expect(owners).toContainEqual(['kernel', true, 'B*32']);
});

test('what is mounted, open and mapped is told after each step', () => {
  const { steps: walked } = walkScenario(scenario(), on('skylake'));
  expect(walked[0]?.state).toEqual({ mounts: [], files: [], mappings: [] });
  const opened = walked[4]?.state;
  expect(opened?.mounts[0]).toMatchObject({ dir: '/m', source: device, fstype: 'ext4' });
  expect(opened?.mounts[0]?.opts).toContain('dax=always');
  expect(opened?.files).toEqual([{ name: 'f', path: '/m/f', bytes: 64, dax: true }]);
  expect(opened?.mappings[0]).toMatchObject({ name: 'm', lengthBytes: 4096 });
  expect(walked[8]?.state?.files).toEqual([]);
  expect(walked[0]?.log.join('\n')).toContain('pmem');
  expect(walked[2]?.log).toEqual([]);
});

test('a copy stays with its address: that of a mapping which is gone is told as that', () => {
  const gone = { op: 'munmap', args: { map: 'm' }, expect: { rc: 0 } };
  const again = {
    op: 'pread',
    args: { fd: 'f', offset: 0, length: 64 },
    expect: { rc: 64, data: 'B*64' },
  };
  const own = [...steps.slice(0, 6), gone, again];
  const { steps: walked } = walkScenario(scenario(own), on('arm926ej-s'));
  const kinds = walked[5]?.line?.copies.map(({ owner }) => owner.kind);
  expect(kinds).toContain('mapping');
  expect(walked.map(({ result }) => result.kind).at(-1)).toBe('differs');
});

test('nothing ran: there is no bed, and every step is told', () => {
  const walk = walkScenario({ ...scenario(), kernel: '5.4' }, {});
  expect(walk.bed).toBeUndefined();
  expect(walk.steps).toEqual([]);
  expect(walk.result.steps).toHaveLength(steps.length);
});

test('of very long scenarios the first steps are looked at', () => {
  const many = Array.from(
    { length: LOOKED_AT + 1 },
    (): RecordedStep => ({
      op: 'statx',
      args: { path: '/m' },
      expect: {},
    }),
  );
  const { steps: walked } = walkScenario(scenario(many), {});
  expect(walked.at(-2)?.state).toBeDefined();
  expect(walked.at(-1)?.state).toBeUndefined();
});
