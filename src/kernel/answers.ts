// What one kernel on one machine answers to the calls that a litmus program makes: alloc_dax() for
// a device, and mount() with a dax option on it.
//
// Answers are C's: 0, or a negative error number.

import { never } from '../base/index.ts';
import type { Machine } from '../hw/index.ts';
import { allocDaxAnswer } from './policies/alloc-dax.ts';
import { fsdaxOffered } from './gate.ts';
import type { Kernel, Port } from './kernel.ts';

/**
 * Error numbers of the kernel by name, as most ports number them; programs say them by name, so a
 * port with other numbers means the same.
 * @source include/uapi/asm-generic/errno-base.h include/uapi/asm-generic/errno.h v6.12
 */
export const ERRNO: Readonly<Record<string, number>> = {
  EPERM: 1,
  ENOENT: 2,
  EIO: 5,
  ENXIO: 6,
  EBADF: 9,
  EAGAIN: 11,
  ENOMEM: 12,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ENOSPC: 28,
  ERANGE: 34,
  ENODATA: 61,
  EOPNOTSUPP: 95,
};

/** Devices that a program may name. */
export type DeviceKind = 'pmem' | 'virtio-pmem' | 'dcssblk' | 'virtiofs' | 'device-dax' | 'brd';

/** A filesystem's dax option; `plain` is `dax` without a value. */
export type DaxOption = 'plain' | 'always' | 'inode' | 'never';

/** A question to machine and kernel. */
export type KernelCall =
  | { readonly kind: 'alloc_dax'; readonly device: DeviceKind }
  | {
      readonly kind: 'mount';
      readonly device: DeviceKind;
      readonly fs: 'ext2' | 'ext4' | 'xfs' | 'erofs' | 'virtiofs';
      readonly option: DaxOption;
    }
  /** 1 where a file of the mount is accessed by DAX, else 0. */
  | {
      readonly kind: 'IS_DAX';
      readonly device: DeviceKind;
      readonly fs: 'ext2' | 'ext4' | 'xfs' | 'erofs' | 'virtiofs';
      readonly option: DaxOption;
    };

/** An answer, or why there is none: what was not understood is never guessed. */
export type KernelAnswer =
  | { readonly kind: 'answer'; readonly value: number }
  | { readonly kind: 'not-checked'; readonly why: string };

/** What a question is asked of. */
interface Asked {
  readonly kernel: Kernel;
  readonly port: Port;
  readonly machine: Machine;
}

type MountCall = Exclude<KernelCall, { kind: 'alloc_dax' }>;

/** Releases of the catalogue whose filesystems had no `always`, `inode` and `never` yet (5.8). */
const BEFORE_MODES: ReadonlySet<string> = new Set(['3.18', '4.0', '4.16']);

/** The answer of `kernel`, built as `port`, on `machine`; as if DAX and FS_DAX were built. */
export function answerTo(call: KernelCall, on: Asked): KernelAnswer {
  const dax = daxDevice(call.device, on);
  if (dax.kind === 'not-checked' || call.kind === 'alloc_dax') return dax;
  const why = cannotMount(call, on);
  if (why !== undefined) return { kind: 'not-checked', why };
  // Under v1 and v2 the dax_device is there and each filesystem asks the predicate itself.
  const test = fsdaxOffered(on).runTime;
  if (test.kind === 'not-checked') return test;
  const refusedByFs = test.kind === 'refused' && test.where === 'filesystem';
  const hasDax = dax.value === 0 && !refusedByFs;
  switch (call.kind) {
    case 'mount':
      if (refusedByFs && call.option !== 'never') {
        const why = `what a filesystem of ${on.kernel.id} does with the option was not read`;
        return { kind: 'not-checked', why };
      }
      return { kind: 'answer', value: mountResult(call.fs, call.option, hasDax) };
    case 'IS_DAX':
      return { kind: 'answer', value: isDax(call, hasDax) ? 1 : 0 };
    default:
      return never(call, 'question to the kernel');
  }
}

/** alloc_dax() of the device's driver. */
function daxDevice(device: DeviceKind, on: Asked): KernelAnswer {
  const given = allocDaxAnswer({ ...on, ops: device !== 'device-dax' });
  // The driver of the RAM disk has not called alloc_dax() since 4.15: as if it had been refused.
  if (device === 'brd' && on.kernel.gate.hasAllocDax !== false) {
    return { kind: 'answer', value: -(ERRNO['EOPNOTSUPP'] ?? 0) };
  }
  switch (given.kind) {
    case 'dax_device':
      return { kind: 'answer', value: 0 };
    case 'ERR_PTR':
      return { kind: 'answer', value: -(ERRNO[given.errno] ?? 0) };
    case 'NULL':
      return {
        kind: 'not-checked',
        why: `alloc_dax() of ${on.kernel.id} returns NULL, which its callers take for a device`,
      };
    case 'not-checked':
      return given;
    default:
      return never(given, 'answer of alloc_dax()');
  }
}

/** Why nothing can be said about a filesystem on this device under this kernel. */
function cannotMount({ fs, device }: MountCall, { kernel }: Asked): string | undefined {
  if (BEFORE_MODES.has(kernel.id)) return `${kernel.id} is older than the modes of the option dax`;
  if (device === 'device-dax') return 'a character device holds no filesystem';
  if ((fs === 'virtiofs') !== (device === 'virtiofs')) return `${fs} is never on ${device}`;
  return undefined;
}

/**
 * mount() where the device has, or has not, a dax_device; block size and features as DAX needs.
 * ext2, xfs and erofs go on without DAX and say so in the log; ext4 and virtio-fs refuse `always`.
 * ext2 knows no mode by name; no option at all arrives here as `inode`.
 * @source fs/ext2/super.c ext2_fill_super() v6.12
 * @source fs/ext4/super.c ext4_check_feature_compatibility() v6.12
 * @source fs/xfs/xfs_super.c xfs_setup_dax_always() v6.12
 * @source fs/erofs/super.c erofs_fc_fill_super() v6.12
 * @source fs/fuse/virtio_fs.c virtio_fs_fill_super() v6.12
 */
function mountResult(fs: MountCall['fs'], option: DaxOption, hasDax: boolean): number {
  const unknown = fs === 'ext2' && (option === 'always' || option === 'never');
  const demands = option === 'plain' || option === 'always';
  const refuses = (fs === 'ext4' || fs === 'virtiofs') && demands && !hasDax;
  return unknown || refuses ? -(ERRNO['EINVAL'] ?? 0) : 0;
}

// With dax=inode a file is accessed by DAX where its flag says so: taken as not set.
function isDax({ fs, option }: MountCall, hasDax: boolean): boolean {
  return (
    hasDax && (option === 'plain' || option === 'always') && mountResult(fs, option, true) === 0
  );
}
