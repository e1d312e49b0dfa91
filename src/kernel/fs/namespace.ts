// Mounts: mount, remount, umount, and what /proc/mounts says.
// @source fs/namespace.c v6.12

import { assert } from '../../base/index.ts';
import { E, IS_ERR } from '../include/linux/errno.ts';
import type { Mount, Path, SuperBlock } from '../include/linux/fs.ts';
import type { Linux, Task } from '../linux.ts';
import { shmem_fs_type } from '../mm/shmem.ts';
import { shrink_dcache_sb } from './dcache.ts';
import { forgetMount, mountCounts, mountedAt } from './mount-state.ts';
import { linuxOf, path_lookup, path_put } from './namei-walk.ts';
import { capable } from './permission.ts';
import { activateSuper, deactivate_super } from './super.ts';
import { superState } from './super-state.ts';

/**
 * Mounts what `/` is at the start: a tmpfs with nothing in it.
 * @source fs/namespace.c init_mount_tree() v6.12
 */
export function init_mount_tree(task: Task): void {
  const linux = linuxOf(task);
  const source = 'rootfs';
  const sb = shmem_fs_type.get_tree(linux, { task, device: source, options: '', ro: false });
  assert(!IS_ERR(sb), 'tmpfs can be mounted');
  linux.mounts.push({ sb, dir: '/', source, ro: false });
}

/** A mount(2) call: `options` with `ro`, `rw` and `none` among them, which become flags. */
export interface MountCall {
  readonly fstype: string;
  readonly device: string;
  readonly dir: string;
  readonly options: string;
}

/** Flags and data of mount(2) from one list of options. */
function splitOptions(options: string): { readonly ro: boolean; readonly data: string } {
  const words = options.split(',');
  const data = words.filter((word) => word !== 'ro' && word !== 'rw' && word !== 'none');
  return { ro: words.lastIndexOf('ro') > words.lastIndexOf('rw'), data: data.join(',') };
}

/**
 * Mounts a filesystem on a directory: 0 or an error number.
 * @source fs/namespace.c path_mount() do_new_mount() do_add_mount() v6.12
 */
export function sys_mount(task: Task, call: MountCall): number {
  const linux = linuxOf(task);
  const path = path_lookup(task, call.dir, { follow: true });
  if (IS_ERR(path)) return path;
  const answer = do_new_mount(task, path, call);
  linux.now(path_put(path));
  return answer;
}

function do_new_mount(task: Task, path: Path, call: MountCall): number {
  const linux = linuxOf(task);
  if (!capable(task)) return -E.EPERM;
  const type = linux.file_systems.get(call.fstype);
  if (type === undefined) return -E.ENODEV;
  const { ro, data } = splitOptions(call.options);
  const sb = type.get_tree(linux, { task, device: call.device, options: data, ro });
  if (IS_ERR(sb)) return sb;
  activateSuper(sb);
  const error = graft_tree(path, sb);
  if (error !== 0) {
    linux.now(deactivate_super(sb));
    return error;
  }
  linux.mounts.push({ sb, dir: cleanPath(call.dir), source: call.device, ro });
  return 0;
}

/** @source fs/namespace.c do_add_mount() graft_tree() v6.12 */
function graft_tree(path: Path, sb: SuperBlock): number {
  if (path.mount.sb === sb && isMountRoot(path)) return -E.EBUSY;
  return path.inode.kind === 'dir' ? 0 : -E.ENOTDIR;
}

function isMountRoot(path: Path): boolean {
  return path.dentry === superState(path.mount.sb).s_root;
}

function cleanPath(dir: string): string {
  return `/${dir
    .split('/')
    .filter((part) => part !== '')
    .join('/')}`;
}

/**
 * Changes flags and options of a mount. Only the options given are passed, and without `ro` the
 * flags ask for read and write.
 * @source fs/namespace.c do_remount() v6.12
 * @source fs/super.c reconfigure_super() v6.12
 */
export function sys_remount(
  task: Task,
  call: { readonly dir: string; readonly options: string },
): number {
  const linux = linuxOf(task);
  const path = path_lookup(task, call.dir, { follow: true });
  if (IS_ERR(path)) return path;
  const { mount } = path;
  const isRoot = isMountRoot(path);
  linux.now(path_put(path));
  if (!capable(task)) return -E.EPERM;
  if (!isRoot) return -E.EINVAL;
  const { ro, data } = splitOptions(call.options);
  const error = mount.sb.s_op.parse_options?.(mount.sb, data) ?? 0;
  if (error !== 0) return error;
  const answer = reconfigure_super(linux, mount.sb, { ro, data });
  if (answer === 0) mount.ro = ro;
  return answer;
}

function reconfigure_super(
  linux: Linux,
  sb: SuperBlock,
  { ro, data }: { readonly ro: boolean; readonly data: string },
): number {
  if (superState(sb).frozen) return -E.EBUSY;
  if (!ro && sb.s_bdev?.bd_disk.ro === true) return -E.EACCES;
  linux.now(shrink_dcache_sb(sb));
  if (ro && !sb.ro && hasWriters(linux, sb)) return -E.EBUSY;
  const answer = linux.now(sb.s_op.reconfigure(sb, data, ro));
  if (answer < 0) return answer;
  // What can never be written stays read-only whatever the flags ask for.
  if (sb.image?.format !== 'erofs') sb.ro = ro;
  return 0;
}

/**
 * Whether files are open for writing, or removed and still open.
 * @source fs/namespace.c sb_prepare_remount_readonly() v6.12
 */
function hasWriters(linux: Linux, sb: SuperBlock): boolean {
  for (const inode of sb.inodes.values()) if (inode.i_nlink === 0) return true;
  return linux.mounts.some((mount) => mount.sb === sb && mountCounts(mount).writers > 0);
}

/**
 * Takes away the last mount on a directory: -EINVAL where nothing is mounted, -EBUSY as long as a
 * file is open or another mount stands below.
 * @source fs/namespace.c path_umount() can_umount() do_umount() v6.12
 */
export function sys_umount(task: Task, dir: string): number {
  const linux = linuxOf(task);
  const path = path_lookup(task, dir, { follow: true });
  if (IS_ERR(path)) return path;
  const { mount } = path;
  const isRoot = isMountRoot(path);
  linux.now(path_put(path));
  if (!capable(task)) return -E.EPERM;
  if (!isRoot || mount.dir === '/') return -E.EINVAL;
  if (isBusy(linux, mount)) return -E.EBUSY;
  linux.mounts.splice(linux.mounts.indexOf(mount), 1);
  forgetMount(mount);
  linux.now(deactivate_super(mount.sb));
  return 0;
}

/** @source fs/namespace.c propagate_mount_busy() v6.12 */
function isBusy(linux: Linux, mount: Mount): boolean {
  if (mountCounts(mount).users > 0) return true;
  return linux.mounts.some((other) => other.dir.startsWith(`${mount.dir}/`));
}

/** What /proc/mounts has for a directory: type and options of the last mount there. */
export function proc_mounts_entry(
  linux: Linux,
  dir: string,
): { readonly fstype: string; readonly opts: string } | undefined {
  const mount = mountedAt(linux, cleanPath(dir));
  if (mount === undefined) return undefined;
  const { sb } = mount;
  const access = mount.ro || sb.ro ? 'ro' : 'rw';
  return { fstype: sb.s_type.name, opts: `${access},relatime${sb.s_op.show_options(sb)}` };
}
