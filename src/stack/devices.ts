// The devices of a test: which of the machine's a kernel boots with, and mapped devices on them.

import { fail, ok, present, type Result } from '../base/index.ts';
import { dmsetup, type RoleChoice, virtio_fs_probe } from '../kernel/index.ts';
import type { StackDevice, StackProgram } from '../litmus/index.ts';
import type { Bench } from './bench.ts';

/** Devices of the machine that play the kinds a test may name, first come first served. */
const ROLES: ReadonlyMap<string, readonly string[]> = new Map([
  ['pmem', ['fsdax0', 'fsdax1', 'fsdaxdev']],
  ['virtio-pmem', ['vpmem']],
  ['device-dax', ['devdax']],
  ['brd', ['brd', 'brd1']],
]);

const WINDOW_BYTES = 2 ** 26;
/** Beyond the devices of the recorded machine. */
const WINDOW_START = 2 ** 34;
const SECTOR_BYTES = 512;
/** Of a mapped device: what XFS needs, and a RAM disk has. */
const MAPPED_BYTES = 3 * 2 ** 27;

/** The role of each device of a test; undefined where the machine has no such device. */
export function roleOf({ devices }: StackProgram, name: string): string | undefined {
  const device = devices.find((one) => one.name === name);
  if (device === undefined) return undefined;
  const own = devices.filter(({ kind }) => kind === device.kind);
  return ROLES.get(device.kind)?.[own.indexOf(device)];
}

/** The devices that a kernel boots with. */
export function rolesOf(stack: StackProgram): RoleChoice {
  const chosen = new Map(
    stack.devices.map((device) => [roleOf(stack, device.name), device] as const),
  );
  return (role) => {
    // The RAM disks come together.
    const device = chosen.get(role) ?? (role === 'brd' ? chosen.get('brd1') : undefined);
    if (device === undefined) return 'absent';
    return device.detached ? 'detached' : 'attached';
  };
}

/** Finds the block devices, and makes mapped devices and virtio-fs. */
export function makeDevices(bench: Bench): Result<undefined> {
  for (const device of bench.stack.devices) {
    const made = makeDevice(bench, device);
    if (made !== undefined) return fail({ what: made });
  }
  return ok(undefined);
}

function makeDevice(bench: Bench, device: StackDevice): string | undefined {
  const { stack, paths, linux } = bench;
  const { name, kind, detached } = device;
  if (kind === 'dm-linear' || kind === 'dm-stripe') {
    paths.set(name, `/dev/mapper/${name}`);
    return detached ? undefined : makeMapped(bench, device);
  }
  if (kind === 'virtiofs') {
    paths.set(name, name);
    const window = { start: WINDOW_START, length: WINDOW_BYTES };
    const answer = detached ? 0 : virtio_fs_probe(linux, { tag: name, window });
    return answer < 0 ? `the probe of ${name} gives ${answer}` : undefined;
  }
  const role = roleOf(stack, name);
  if (role === undefined) return `a test has not that many devices of the kind ${kind}`;
  paths.set(name, `/dev/role/${role}`);
  return undefined;
}

/** Makes a mapped device; undefined, or what went wrong. */
export function makeMapped(bench: Bench, { name, kind, parts }: StackDevice): string | undefined {
  const sectors = MAPPED_BYTES / SECTOR_BYTES;
  const on = parts.map((part) => `${present(bench.paths.get(part), 'path of a device')} 0`);
  const target =
    kind === 'dm-stripe'
      ? `striped ${parts.length} 8 ${on.join(' ')}`
      : `linear ${present(on[0], 'a device below')}`;
  const words = ['create', name, '--table', `0 ${sectors} ${target}`];
  const { rc, stderr } = dmsetup(bench.linux, words, '');
  return rc === 0 ? undefined : `dmsetup create ${name}: ${stderr}`;
}
