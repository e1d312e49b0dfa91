// Who answers for what: the invariants of dax devices, checked on the state of a kernel.
//   I1  after kill_dax() has returned no operation is running
//   I2  the last put_dax() comes only after kill_dax()
//   I3  every alloc_dax() that succeeded is matched by exactly one kill_dax() and one put_dax()
//   I4  a host entry never outlives its disk or its dax device
//   I5  a published disk whose queue has the DAX feature has a live host entry
// Each function gives the sentences in which its invariant is broken; none: it holds.

import { BlockGlobals } from '../../block/genhd.ts';
import { BLK_FEAT_DAX } from '../../include/linux/blkdev.ts';
import { DAXDEV_ALIVE, type DaxDevice } from '../../include/linux/dax.ts';
import { type Linux, subsystem } from '../../linux.ts';
import { DaxBus } from './bus.ts';
import { DaxGlobals } from './super.ts';

/** A broken invariant, and how it is broken. */
export interface BrokenInvariant {
  readonly invariant: 'I1' | 'I2' | 'I3' | 'I4' | 'I5';
  readonly says: string;
}

/**
 * All invariants at once, for a kernel in which no attach or detach is on its way. `owned` are
 * devices that neither a disk nor the dax bus answers for: windows of virtio-fs, mapped devices of
 * a kernel without FS_DAX.
 */
export function daxAccounts(
  linux: Linux,
  owned: readonly DaxDevice[] = [],
): readonly BrokenInvariant[] {
  return [
    ...deadAndQuiet(linux),
    ...killedBeforePut(linux),
    ...ownedOrGone(linux, owned),
    ...hostsOfTheLiving(linux),
    ...featureHasHost(linux),
  ];
}

/** I1: inside a section no device is dead, for kill_dax() waits until sections have ended. */
export function deadAndQuiet(linux: Linux): readonly BrokenInvariant[] {
  const { dax_srcu, inodes } = subsystem(linux, DaxGlobals);
  if (!dax_srcu.isHeld) return [];
  return inodes
    .keys()
    .filter((minor) => isDead(inodes.peek(minor)))
    .map((minor) => broken('I1', `an operation may be running on dead dax device ${minor}`));
}

/** I2: a device freed while alive leaves a warning. */
export function killedBeforePut(linux: Linux): readonly BrokenInvariant[] {
  const { freed_alive } = subsystem(linux, DaxGlobals);
  return freed_alive
    .keys()
    .map((minor) => broken('I2', `dax device ${minor} was freed while it was alive`));
}

/** I3: a device that is there has a disk, a device-dax instance or another owner. */
export function ownedOrGone(
  linux: Linux,
  owned: readonly DaxDevice[] = [],
): readonly BrokenInvariant[] {
  const { inodes } = subsystem(linux, DaxGlobals);
  const hosts = linux.dax.dax_hosts;
  const owners = new Set<DaxDevice | undefined>(owned);
  for (const key of hosts.keys()) owners.add(hosts.peek(key));
  for (const { dax_dev } of subsystem(linux, DaxBus).devices.peek()) owners.add(dax_dev);
  return inodes
    .keys()
    .filter((minor) => !owners.has(inodes.peek(minor)))
    .map((minor) => {
      const state = isDead(inodes.peek(minor)) ? 'killed and never put' : 'never killed nor put';
      return broken('I3', `dax device ${minor} has no owner: ${state}; its minor is lost`);
    });
}

/** I4 */
export function hostsOfTheLiving(linux: Linux): readonly BrokenInvariant[] {
  const { inodes } = subsystem(linux, DaxGlobals);
  const { allocated } = subsystem(linux, BlockGlobals);
  const found: BrokenInvariant[] = [];
  for (const key of linux.dax.dax_hosts.keys()) {
    const dax = linux.dax.dax_hosts.peek(key);
    const disk = allocated.peek(key);
    if (disk === undefined) found.push(broken('I4', `a host entry outlives disk number ${key}`));
    if (dax !== undefined && inodes.peek(dax.minor) !== dax) {
      found.push(broken('I4', `a host entry outlives dax device ${dax.minor}`));
    }
  }
  return found;
}

/** I5 */
export function featureHasHost(linux: Linux): readonly BrokenInvariant[] {
  const { published } = subsystem(linux, BlockGlobals);
  const found: BrokenInvariant[] = [];
  for (const key of published.keys()) {
    const disk = published.peek(key);
    if (disk === undefined || (disk.queue.features.peek() & BLK_FEAT_DAX) === 0) continue;
    const dax = linux.dax.dax_hosts.peek(key);
    if (dax === undefined) {
      found.push(broken('I5', `queue/dax of ${disk.disk_name} is 1 and it has no dax device`));
    } else if (isDead(dax)) {
      found.push(broken('I5', `the dax device of ${disk.disk_name} is dead`));
    }
  }
  return found;
}

/** Names of disks that were allocated and neither published nor put. */
export function lostDisks(linux: Linux): readonly string[] {
  const { allocated, published } = subsystem(linux, BlockGlobals);
  return allocated
    .keys()
    .filter((key) => published.peek(key) === undefined)
    .map((key) => allocated.peek(key)?.disk_name ?? String(key));
}

function isDead(dax: DaxDevice | undefined): boolean {
  return dax !== undefined && (dax.flags.peek() & DAXDEV_ALIVE) === 0;
}

function broken(invariant: BrokenInvariant['invariant'], says: string): BrokenInvariant {
  return { invariant, says };
}
