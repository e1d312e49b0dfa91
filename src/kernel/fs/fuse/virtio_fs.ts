// virtiofs: FUSE over virtio, with a window of memory for DAX where the device has one.
// @source fs/fuse/virtio_fs.c fs/fuse/inode.c v6.12

import { Devres } from '../../drivers/nvdimm/nd.ts';
import type { DaxDevice } from '../../include/linux/dax.ts';
import { E, IS_ERR } from '../../include/linux/errno.ts';
import type {
  FileSystemType,
  Inode,
  InodeOperations,
  MountRequest,
  SuperBlock,
  SuperOperations,
} from '../../include/linux/fs.ts';
import { S_DAX } from '../../include/linux/fs.ts';
import { present } from '../../../base/index.ts';
import { type Linux, subsystem } from '../../linux.ts';
import { Lock, Shared } from '../../shared.ts';
import { noSteps, type Op } from '../../steps.ts';
import { new_inode } from '../inode.ts';
import { superBlocks } from '../super-state.ts';
import { fuse_dax_conn_alloc, fuse_dax_inode_cleanup, fuse_iomap_ops } from './dax.ts';
import type { FuseConnDax } from './dax.ts';
import { fuse_dax_file_aops, fuse_file_aops, fuse_file_operations, fuse_set_size } from './file.ts';
import type { FuseServer } from './file.ts';
import { Host, HOST_ROOT } from './host.ts';
import type { HostFile } from './host.ts';
import { virtio_fs_setup_dax } from './virtio_fs-window.ts';

/** @source fs/fuse/fuse_i.h enum fuse_dax_mode v6.12 */
type FuseDaxMode = 'default' | 'always' | 'never' | 'inode';

/** A virtio-fs device of the machine. */
interface VirtioFs {
  readonly tag: string;
  readonly host: Host;
  readonly window: { readonly start: number; readonly length: number } | undefined;
  readonly dax_dev: DaxDevice | undefined;
}

/** Devices by tag; recordings have one without a window, called `kt`. */
class VirtioFsInstances {
  readonly byTag = new Map<string, VirtioFs>();
  constructor(linux: Linux) {
    const bare = { window: undefined, dax_dev: undefined };
    this.byTag.set('kt', { tag: 'kt', host: new Host(linux), ...bare });
  }
}

/**
 * Adds a device, with a window of `windowBytes` at physical address `start` where one is given: 0,
 * or the error of its probe. @source fs/fuse/virtio_fs.c virtio_fs_probe() v6.12
 */
export function virtio_fs_probe(
  linux: Linux,
  device: {
    readonly tag: string;
    readonly window?: { readonly start: number; readonly length: number };
  },
): number {
  const { tag, window } = device;
  const dax_dev = new Shared<DaxDevice | number | undefined>(`dax_dev of ${tag}`, undefined);
  const fs = { cache_reg: window, FUSE_DAX: linux.config.FS_DAX, dax_dev };
  const devres = new Devres();
  const error = linux.now(virtio_fs_setup_dax(linux, fs, devres));
  if (error < 0) {
    linux.now(devres.releaseAll());
    return error;
  }
  if (window !== undefined) {
    const { start: base, length: bytes } = window;
    linux.machine.memory.addRange({ name: `window of ${tag}`, base, bytes, kind: 'ram' });
  }
  const dax = dax_dev.peek();
  subsystem(linux, VirtioFsInstances).byTag.set(tag, {
    tag,
    host: new Host(linux),
    window,
    dax_dev: dax === undefined || IS_ERR(dax) ? undefined : dax,
  });
  return 0;
}

/** The host's side of the device with a tag; undefined where there is no such device. */
export function virtioFsHost(linux: Linux, tag: string): Host | undefined {
  return subsystem(linux, VirtioFsInstances).byTag.get(tag)?.host;
}

/** The virtiofs driver. */
export const virtio_fs_type: FileSystemType = {
  name: 'virtiofs',
  requires_dev: false,
  get_tree: virtio_fs_get_tree,
};

const DAX_OPTIONS: ReadonlyMap<string, FuseDaxMode> = new Map([
  ['dax', 'always'],
  ['dax=always', 'always'],
  ['dax=never', 'never'],
  ['dax=inode', 'inode'],
]);

/** The mode that options ask for; undefined where one is unknown. */
function virtio_fs_parse_options(text: string): FuseDaxMode | undefined {
  let mode: FuseDaxMode | undefined = 'default';
  for (const word of text.split(',')) {
    if (word === '') continue;
    mode = DAX_OPTIONS.get(word);
    if (mode === undefined) return undefined;
  }
  return mode;
}

/**
 * DAX for all files is refused where the device has no window; per file it is silently not there.
 * @source fs/fuse/virtio_fs.c virtio_fs_get_tree() virtio_fs_fill_super() v6.12
 */
function virtio_fs_get_tree(linux: Linux, request: MountRequest): SuperBlock | number {
  const mode = virtio_fs_parse_options(request.options);
  if (mode === undefined) return -E.EINVAL;
  const fs = subsystem(linux, VirtioFsInstances).byTag.get(request.device);
  if (fs === undefined) {
    linux.dmesg.push(`virtio-fs: tag <${request.device}> not found`);
    return -E.EINVAL;
  }
  const mounted = superBlocks(linux).find((sb) => connections(linux).get(sb) === fs);
  if (mounted !== undefined) return mounted.ro === request.ro ? mounted : -E.EBUSY;
  if (mode === 'always' && fs.dax_dev === undefined) {
    linux.dmesg.push("virtio-fs: dax can't be enabled as filesystem device does not support it.");
    return -E.EINVAL;
  }
  return virtio_fs_fill_super(linux, fs, { mode, ro: request.ro });
}

class Connections {
  readonly bySuper = new Map<SuperBlock, VirtioFs>();
}

function connections(linux: Linux): Map<SuperBlock, VirtioFs> {
  return subsystem(linux, Connections).bySuper;
}

/** What one mount keeps. */
interface FuseConn {
  readonly fs: VirtioFs;
  readonly mode: FuseDaxMode;
  readonly dax: FuseConnDax | undefined;
  readonly server: FuseServer;
}

function virtio_fs_fill_super(
  linux: Linux,
  fs: VirtioFs,
  how: { readonly mode: FuseDaxMode; readonly ro: boolean },
): SuperBlock {
  const conn = fuse_conn_init(linux, fs, how.mode);
  const sb: SuperBlock = {
    linux,
    s_type: virtio_fs_type,
    s_bdev: undefined,
    s_daxdev: fs.dax_dev,
    ro: how.ro,
    s_blocksize: linux.PAGE_SIZE,
    image: undefined,
    inodes: new Map(),
    free_blocks: new Shared(`free blocks of ${fs.tag}`, 0),
    s_op: superOperations(conn),
    s_fs_info: conn,
    root: HOST_ROOT,
    s_writers: new Lock(`s_writers of ${fs.tag}`),
  };
  connections(linux).set(sb, fs);
  // The host's files are all known at once: looking one up asks nobody.
  for (const file of fs.host.files.values()) fuse_iget(conn, sb, file).i_count = 0;
  return sb;
}

function fuse_conn_init(linux: Linux, fs: VirtioFs, mode: FuseDaxMode): FuseConn {
  const { host, dax_dev, window } = fs;
  const fileOf = (inode: Inode) => present(host.files.get(inode.i_ino), 'file of the host');
  const usesDax = mode !== 'never' && dax_dev !== undefined && window !== undefined;
  if (!usesDax) return { fs, mode, dax: undefined, server: { host, fileOf, dax: undefined } };
  const dax = fuse_dax_conn_alloc(dax_dev, window);
  const iomap = fuse_iomap_ops(linux, dax, { host, fileOf });
  return { fs, mode, dax, server: { host, fileOf, dax: { dev: dax_dev, iomap } } };
}

/** @source fs/fuse/inode.c fuse_iget() fs/fuse/dax.c fuse_dax_inode_init() v6.12 */
function fuse_iget(conn: FuseConn, sb: SuperBlock, file: HostFile): Inode {
  const { mode, dax, server } = conn;
  const inDax = file.kind === 'reg' && dax !== undefined && (mode === 'always' || file.dax);
  const aops = inDax ? fuse_dax_file_aops(server, dax.dev) : fuse_file_aops(server);
  return new_inode(sb, {
    ...file,
    i_flags: inDax ? S_DAX : 0,
    i_op: inodeOperations(conn),
    i_fop: file.kind === 'reg' ? fuse_file_operations(server) : {},
    ...(file.kind === 'reg' && { a_ops: aops }),
  });
}

/** The server knows no attribute flags: FS_IOC_GETFLAGS and its like are -ENOTTY. */
function inodeOperations(conn: FuseConn): InodeOperations {
  return {
    create(task, dir, kind, mode, target) {
      const file = conn.fs.host.make({ kind, mode, uid: task.uid, gid: task.gid, target });
      return fuse_iget(conn, dir.i_sb, file);
    },
    setattr_size: (_task, inode, size) => fuse_set_size(conn.server, inode, size),
    getattr: (inode) => ({ size: inode.i_size.peek(), blksize: inode.i_sb.linux.PAGE_SIZE }),
  };
}

function superOperations(conn: FuseConn): SuperOperations {
  const { mode } = conn;
  return {
    read_inode: (sb, disk) => present(sb.inodes.get(disk.ino), 'inode of a file of the host'),
    show_options: () => (mode === 'default' ? '' : `,dax=${mode}`),
    parse_options: (_sb, text) => (virtio_fs_parse_options(text) === undefined ? -E.EINVAL : 0),
    // What a remount says about DAX is read and forgotten.
    reconfigure: () => noSteps(0),
    sync_fs: () => noSteps(0),
    put_super: (sb) => {
      connections(sb.linux).delete(sb);
      return noSteps(undefined);
    },
    evict_inode: (inode) => fuse_evict_inode(conn, inode),
  };
}

/** The host has what the inode was, or deletes the file. @source fs/fuse/inode.c v6.12 */
function* fuse_evict_inode(conn: FuseConn, inode: Inode): Op<void> {
  const file = conn.server.fileOf(inode);
  const { linux } = inode.i_sb;
  const { host } = conn.fs;
  if (conn.dax !== undefined) {
    yield* fuse_dax_inode_cleanup(linux, conn.dax, { inode, host, file });
  }
  file.mode = inode.i_mode;
  file.uid = inode.i_uid;
  file.gid = inode.i_gid;
  file.nlink = inode.i_nlink;
  file.entries = new Map(inode.entries);
  if (inode.i_nlink === 0) host.files.delete(file.ino);
}
