// What a kernel that no model runs does with a driver, file system and option, as far as its record
// and the rules of the catalogue say. What they do not say is not checked.

import { never } from '../base/index.ts';
import type { Machine } from '../hw/index.ts';
import {
  answerTo,
  type Belief,
  type DaxOption,
  type DeviceKind,
  ERRNO,
  type Kernel,
  type KernelCall,
  type Port,
} from '../kernel/index.ts';
import { type FsId, oldStacks, type OptionId, type Place, placeText } from './stack-parts.ts';
import type { StackOutcome } from './stack-run.ts';

/** One kernel on one machine, and what it believes there. */
export interface RuledKernel {
  readonly kernel: Kernel;
  readonly port: Port;
  readonly machine: Machine;
  readonly belief: Belief;
}

/** File systems whose files have a flag of their own; of virtiofs the server has it. */
const FLAGGED: ReadonlySet<FsId> = new Set(['ext4', 'xfs', 'virtiofs']);

/** What the kernel makes of a wish for DAX in one place. */
export function ruledOutcome(on: RuledKernel, place: Place): StackOutcome {
  const absent = absentFrom(on, place);
  if (absent !== undefined) return { kind: 'absent', why: absent };
  const { driver, fs } = place;
  if (driver.allocDax === 'without-ops') return deviceDaxOutcome(on.belief);
  if (driver.allocDax === 'with-ops' && on.belief.drivers === 'attach-fails') {
    return { kind: 'breaks', why: `${baseOf(place)} takes the NULL of alloc_dax() for a device` };
  }
  const has = hasDax(on, place);
  if (typeof has === 'string') return { kind: 'not-checked', why: has };
  if (fs === 'char') return { kind: 'not-checked', why: 'a character device has no file system' };
  return oldStacks.has(on.kernel.id) ? oldOutcome(place, has) : mountedOutcome(on, place, has);
}

/** Why the kernel has no such place; undefined where it has. */
export function absentFrom(
  { kernel, machine }: Pick<RuledKernel, 'kernel' | 'machine'>,
  place: Place,
): string | undefined {
  const { driver, fs, option } = place;
  if (driver.arch !== undefined && driver.arch !== machine.arch) {
    return `${driver.id} is a driver of ${driver.arch} alone`;
  }
  const old = oldStacks.get(kernel.id);
  if (old === undefined) return undefined;
  if (!old.dax.includes(driver.id) && !old.plain.includes(driver.id)) {
    return `${kernel.id} has no ${driver.id}`;
  }
  const known = old.options[fs];
  if (known === undefined) return `${kernel.id} has no ${fs}`;
  return known.includes(option) ? undefined : `${kernel.id} has no ${placeText(place)}`;
}

/** Who takes NULL for a device: the driver itself, or pmem below it. */
function baseOf({ driver: { id } }: Place): string {
  return id.startsWith('dm-') ? 'pmem' : id;
}

/**
 * device-dax asks alloc_dax() without operations. A kernel without that function asks nobody.
 * @source drivers/dax/bus.c __devm_create_dev_dax() v6.12
 */
function deviceDaxOutcome({ deviceDax }: Belief): StackOutcome {
  switch (deviceDax.kind) {
    case 'dax_device':
      return { kind: 'dax' };
    case 'ERR_PTR':
      return { kind: 'no-device', errno: deviceDax.errno };
    case 'NULL':
      return { kind: 'breaks', why: 'device-dax takes the NULL of alloc_dax() for a device' };
    case 'not-checked':
      return deviceDax;
    default:
      return never(deviceDax, 'answer of alloc_dax()');
  }
}

/** Whether the device offers DAX to a file system; a text where nobody knows. */
function hasDax({ kernel, belief }: RuledKernel, { driver }: Place): boolean | string {
  const old = oldStacks.get(kernel.id);
  const able = old === undefined ? driver.daxToday : old.dax.includes(driver.id);
  switch (belief.fsdax.kind) {
    case 'offered':
      return able;
    case 'refused':
    case 'breaks':
      return false;
    case 'not-checked':
      return able ? belief.fsdax.why : false;
    default:
      return never(belief.fsdax, 'offer');
  }
}

/** Before the modes of the option: there is the bare word or nothing. */
function oldOutcome({ option }: Place, has: boolean): StackOutcome {
  if (option === 'none') return { kind: 'page-cache', says: false };
  if (has) return { kind: 'dax' };
  return { kind: 'no-dax', why: 'what mount() does with the option then was not read' };
}

function mountedOutcome(on: RuledKernel, place: Place, has: boolean): StackOutcome {
  const { fs, option } = place;
  const mode = modeOf(option);
  const demands = mode === 'plain' || mode === 'always';
  if (on.belief.refusedByName && !option.startsWith('none')) {
    return { kind: 'no-dax', why: 'what mount() does without FS_DAX was not read' };
  }
  // erofs and ext2 have no word for it, which the calls of litmus tests take for no option.
  const unknown = option.startsWith('inode') && (fs === 'ext2' || fs === 'erofs');
  if (unknown) return { kind: 'refused', errno: 'EINVAL' };
  const answer = answerTo(mountCall(place, mode, has), on);
  if (answer.kind === 'not-checked') {
    return has ? answer : { kind: 'no-dax', why: answer.why };
  }
  if (answer.value < 0) return { kind: 'refused', errno: errnoText(answer.value) };
  if (has && (demands || (option.endsWith('+x') && FLAGGED.has(fs)))) return { kind: 'dax' };
  return { kind: 'page-cache', says: demands };
}

/** The call as litmus tests make it: a device that is never refused, or one that has no DAX. */
function mountCall({ driver, fs }: Place, option: DaxOption, has: boolean): KernelCall {
  const device: DeviceKind =
    driver.id === 'virtiofs' ? 'virtiofs' : has || driver.daxToday ? 'pmem' : 'brd';
  return { kind: 'mount', device, fs: fs === 'char' ? 'ext4' : fs, option };
}

function modeOf(option: OptionId): DaxOption {
  if (option === 'dax') return 'plain';
  return option === 'always' || option === 'never' ? option : 'inode';
}

function errnoText(error: number): string {
  return Object.entries(ERRNO).find(([, value]) => value === -error)?.[0] ?? `E${-error}`;
}
