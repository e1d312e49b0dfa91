// Loop devices: a file or a block device seen as a disk. Never DAX, whatever is below: a loop
// device copies through the page cache (or the DAX path) of its file.
// @source drivers/block/loop.c v6.12

import { assert, at, present } from '../../../base/index.ts';
import { blk_set_stacking_limits } from '../../block/blk-settings.ts';
import type { QueueLimits } from '../../block/blk-settings.ts';
import { bdevOpeners } from '../../block/bdev.ts';
import { I_BDEV } from '../../block/fops.ts';
import { blk_alloc_disk, devName, device_add_disk, set_capacity } from '../../block/genhd.ts';
import { do_sys_open, fput } from '../../fs/namei.ts';
import {
  BLK_FEAT_ROTATIONAL,
  BLK_FEAT_WRITE_CACHE,
  SECTOR_SHIFT,
} from '../../include/linux/blkdev.ts';
import type { Bio, Gendisk, RequestQueue } from '../../include/linux/blkdev.ts';
import { E } from '../../include/linux/errno.ts';
import { O_RDONLY, O_RDWR } from '../../include/linux/fs.ts';
import type { File, IovIter, Kiocb } from '../../include/linux/fs.ts';
import { strerror } from '../../include/linux/strerror.ts';
import { type Linux, subsystem, type Task } from '../../linux.ts';
import { Shared } from '../../shared.ts';
import { get, type Op } from '../../steps.ts';
import type { ToolAnswer } from '../md/dmsetup.ts';
import { iov_iter_bvec } from './loop-iter.ts';

const LOOP_MAJOR = 7;

/** What a loop device reads and writes. */
interface Backing {
  readonly file: File;
  /** As the user named it. */
  readonly path: string;
  readonly offset: number;
  readonly task: Task;
}

/** A loop device. */
interface LoopDevice {
  readonly disk: Gendisk;
  readonly queue: LoopQueue;
  /** Undefined: unbound. */
  readonly backing: Shared<Backing | undefined>;
  /** LO_FLAGS_AUTOCLEAR: it is let go by its last user. */
  autoclear: boolean;
}

/** The queue of a loop device: its cache is that of the file. */
class LoopQueue implements RequestQueue {
  readonly features: Shared<number>;
  readonly limits: QueueLimits = blk_set_stacking_limits();
  constructor(name: string) {
    this.features = new Shared(`queue features of ${name}`, 0);
  }
  get logical_block_size(): number {
    return this.limits.logical_block_size;
  }
  get physical_block_size(): number {
    return this.limits.physical_block_size;
  }
  get io_min(): number {
    return this.limits.io_min;
  }
  get io_opt(): number {
    return this.limits.io_opt;
  }
}

class LoopDevices {
  readonly byName = new Map<string, LoopDevice>();
}

/** One call of losetup. */
interface Call {
  readonly linux: Linux;
  readonly task: Task;
  readonly words: readonly string[];
  readonly options: ReadonlySet<string>;
  readonly offset: number;
}

/** Runs `losetup argv`: `DEVICE FILE`, `-f FILE`, `-r`, `-o OFFSET`, `-d DEVICE`, `-D`, `-a`. */
export function losetup(linux: Linux, task: Task, argv: readonly string[]): ToolAnswer {
  const words: string[] = [];
  const options = new Set<string>();
  let offset = 0;
  for (let i = 0; i < argv.length; i++) {
    const word = at(argv, i);
    if (!word.startsWith('-')) words.push(word);
    else if (word === '-o' || word === '--offset') offset = Number(argv[++i] ?? 0);
    else options.add(word.replace(/^--(find|detach|read-only|detach-all|all)$/, shortOption));
  }
  const call: Call = { linux, task, words, options, offset };
  if (options.has('-D')) {
    const all = [...subsystem(linux, LoopDevices).byName];
    const bound = all.filter(([, lo]) => lo.backing.peek() !== undefined);
    return detach(
      linux,
      bound.map(([name]) => name),
    );
  }
  if (options.has('-d'))
    return detach(
      linux,
      words.map((word) => devName(linux, word) ?? word),
    );
  if (options.has('-f')) return find(call);
  const [device, path] = words;
  if (device === undefined || path === undefined) return show(linux, device);
  return attach(call, { name: devName(linux, device) ?? device, device, path });
}

function shortOption(_whole: string, name: string): string {
  return name === 'detach-all' ? '-D' : `-${name.charAt(0)}`;
}

const done: ToolAnswer = { rc: 0, stdout: '', stderr: '' };

/** `-f`: the first free device, attached if a file is given, else only named. */
function find(call: Call): ToolAnswer {
  const { byName } = subsystem(call.linux, LoopDevices);
  let number = 0;
  while (byName.get(`loop${number}`)?.backing.peek() !== undefined) number++;
  const name = `loop${number}`;
  const device = `/dev/${name}`;
  const [path] = call.words;
  if (path === undefined) return { ...done, stdout: device };
  const answer = attach(call, { name, device, path });
  return call.options.has('--show') && answer.rc === 0 ? { ...answer, stdout: device } : answer;
}

function attach(
  call: Call,
  names: { readonly name: string; readonly device: string; readonly path: string },
): ToolAnswer {
  const { linux, task } = call;
  const failed = (what: string, error: number): ToolAnswer => ({
    rc: 1,
    stdout: '',
    stderr: `losetup: ${what}: ${strerror(error)}`,
  });
  if (!/^loop\d+$/.test(names.name)) return failed(names.device, -E.ENOENT);
  const isReadOnly = call.options.has('-r');
  const file = do_sys_open(task, names.path, isReadOnly ? O_RDONLY : O_RDWR, 0);
  if (typeof file === 'number') return failed(names.path, file);
  const lo = loop_add(linux, names.name);
  const backing: Backing = { file, path: names.path, offset: call.offset, task };
  const error = loop_configure(linux, lo, { backing, isReadOnly });
  if (error === 0) return done;
  linux.now(fput(file));
  return failed(names.device, error);
}

/** The device of a name, made with its first use. @source drivers/block/loop.c loop_add() v6.12 */
function loop_add(linux: Linux, disk_name: string): LoopDevice {
  const { byName } = subsystem(linux, LoopDevices);
  const known = byName.get(disk_name);
  if (known !== undefined) return known;
  const queue = new LoopQueue(disk_name);
  const disk = linux.now(
    blk_alloc_disk(linux, {
      disk_name,
      major: LOOP_MAJOR,
      first_minor: Number(disk_name.slice('loop'.length)),
      limits: { features: 0 },
      queue,
      fops: {
        submit_bio: (bio) => do_req_filebacked(present(byName.get(disk_name), disk_name), bio),
        release: () => lo_release(linux, present(byName.get(disk_name), disk_name)),
      },
    }),
  );
  assert(typeof disk !== 'number', 'set-up work does not run out of memory');
  const lo: LoopDevice = {
    disk,
    queue,
    backing: new Shared(`file behind ${disk_name}`, undefined),
    autoclear: false,
  };
  byName.set(disk_name, lo);
  linux.now(device_add_disk(linux, lo.disk));
  return lo;
}

/**
 * Binds a device to a file: 0, -EINVAL for what is neither a file nor a block device, -EBUSY for a
 * device that is bound or held. @source drivers/block/loop.c loop_configure() v6.12
 */
function loop_configure(
  linux: Linux,
  lo: LoopDevice,
  config: { readonly backing: Backing; readonly isReadOnly: boolean },
): number {
  const { file, offset } = config.backing;
  const { f_inode } = file;
  if (f_inode.kind !== 'reg' && f_inode.kind !== 'blk') return -E.EINVAL;
  if (lo.backing.peek() !== undefined || lo.disk.part0.bd_holder !== undefined) return -E.EBUSY;
  let features = 0;
  if (file.f_op.fsync !== undefined && !config.isReadOnly) features |= BLK_FEAT_WRITE_CACHE;
  const below = I_BDEV(f_inode) ?? f_inode.i_sb.s_bdev;
  if (below !== undefined) {
    features |= below.bd_disk.queue.features.peek() & BLK_FEAT_ROTATIONAL;
  }
  lo.queue.features.poke(0, features);
  lo.disk.ro = config.isReadOnly;
  lo.backing.poke(0, config.backing);
  linux.loops.set(lo.disk.disk_name, file);
  const bytes = Math.max(0, f_inode.i_size.peek() - offset);
  linux.now(set_capacity(lo.disk, Math.floor(bytes / 2 ** SECTOR_SHIFT)));
  return 0;
}

/**
 * Lets devices go; one that is in use goes with its last user, and the call has worked.
 * @source drivers/block/loop.c loop_clr_fd() v6.12
 */
function detach(linux: Linux, names: readonly string[]): ToolAnswer {
  const { byName } = subsystem(linux, LoopDevices);
  for (const name of names) {
    const lo = byName.get(name);
    const backing = lo?.backing.peek();
    if (lo === undefined || backing === undefined) {
      return { rc: 1, stdout: '', stderr: `losetup: /dev/${name}: ${strerror(-E.ENXIO)}` };
    }
    lo.autoclear = true;
    lo_release(linux, lo);
  }
  return done;
}

/** @source drivers/block/loop.c lo_release() __loop_clr_fd() v6.12 */
function lo_release(linux: Linux, lo: LoopDevice): void {
  const backing = lo.backing.peek();
  if (!lo.autoclear || backing === undefined || bdevOpeners(linux, lo.disk.part0) > 0) return;
  lo.autoclear = false;
  lo.backing.poke(0, undefined);
  linux.loops.delete(lo.disk.disk_name);
  linux.now(set_capacity(lo.disk, 0));
  lo.queue.features.poke(0, 0);
  linux.now(fput(backing.file));
}

/** Devices that are bound, one a line. */
function show(linux: Linux, device: string | undefined): ToolAnswer {
  const lines: string[] = [];
  for (const [name, lo] of subsystem(linux, LoopDevices).byName) {
    const backing = lo.backing.peek();
    if (backing === undefined || (device !== undefined && device !== `/dev/${name}`)) continue;
    lines.push(`/dev/${name}: ${backing.offset} ${backing.path}`);
  }
  if (device !== undefined && lines.length === 0) {
    return { rc: 1, stdout: '', stderr: `losetup: ${device}: ${strerror(-E.ENXIO)}` };
  }
  return { ...done, stdout: lines.join('\n') };
}

/**
 * Carries out a BIO by reads, writes and syncs of the file. What lies beyond its end reads as
 * zeroes. @source drivers/block/loop.c do_req_filebacked() v6.12
 */
function* do_req_filebacked(lo: LoopDevice, bio: Bio): Op<number> {
  const backing = yield* get(lo.backing);
  if (backing === undefined) return -E.EIO;
  const { file, task } = backing;
  const { linux } = task.mm;
  if (bio.op === 'flush') {
    const { f_op } = file;
    if (f_op.fsync === undefined) return 0;
    return yield* f_op.fsync(task, file, 0, Number.MAX_SAFE_INTEGER, false);
  }
  if (bio.op !== 'read' && bio.op !== 'write') return -E.EOPNOTSUPP;
  const iter = iov_iter_bvec(linux, bio.vecs, bio.op === 'write');
  const iocb: Kiocb = {
    ki_filp: file,
    ki_pos: backing.offset + bio.sector * 2 ** SECTOR_SHIFT,
    direct: false,
    append: false,
    dsync: bio.fua === true,
  };
  return bio.op === 'write' ? yield* lo_write(task, iocb, iter) : yield* lo_read(task, iocb, iter);
}

function* lo_write(task: Task, iocb: Kiocb, iter: IovIter): Op<number> {
  const { f_op } = iocb.ki_filp;
  while (iter.count > 0) {
    const written = f_op.write_iter === undefined ? 0 : yield* f_op.write_iter(task, iocb, iter);
    if (written <= 0) return written === 0 ? -E.EIO : written;
  }
  return 0;
}

function* lo_read(task: Task, iocb: Kiocb, iter: IovIter): Op<number> {
  const { f_op } = iocb.ki_filp;
  while (iter.count > 0) {
    const read = f_op.read_iter === undefined ? 0 : yield* f_op.read_iter(task, iocb, iter);
    if (read < 0) return read;
    if (read === 0) return yield* iter.copy_to(new Uint8Array(iter.count));
  }
  return 0;
}
