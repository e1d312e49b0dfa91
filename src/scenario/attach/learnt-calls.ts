// Calls that an automaton of a tree shares with the kernel model: each is performed on the model's
// own objects, with the model's own chances inside. What is not here is only a name that may fail.

import {
  alloc_dax,
  blk_alloc_disk,
  BLK_FEAT_DAX,
  type DaxDevice,
  DaxGlobals,
  type DaxOperations,
  dax_add_host,
  dax_remove_host,
  dax_write_cache,
  device_add_disk,
  type Devres,
  devmMap,
  devm_request_mem_region,
  E,
  errnoName,
  fails,
  type Gendisk,
  kill_dax,
  type Linux,
  NdGlobals,
  noSteps,
  Oops,
  type Op,
  put_dax,
  put_disk,
  run_dax,
  set,
  set_dax_nocache,
  set_dax_nomc,
  set_dax_synchronous,
  subsystem,
  unpublishDisk,
} from '../../kernel/index.ts';
import type { AttachDriver } from './drivers.ts';
import type { LearntResult } from './learnt.ts';
import { NotFollowed } from './run.ts';

/** A pointer as C has it: what it points to, NULL, or an error number. */
export type Pointer<T> = T | null | number;

/** What an acquisition gave. */
export type Thing =
  | { readonly kind: 'dax'; readonly pointer: Pointer<DaxDevice> }
  | { readonly kind: 'disk'; readonly pointer: Pointer<Gendisk> };

/** What one attached device has on one kernel. */
export interface Holdings {
  readonly linux: Linux;
  readonly driver: AttachDriver;
  readonly devres: Devres;
  /** By the ordinals of the automaton, in the order of their acquisition. */
  readonly things: Map<number, Thing>;
  /** Features that were announced; the disk gets those that come before it as well. */
  features: number;
}

/** A call: which object it names, NULL, or none. */
export interface CallAt {
  readonly function: string;
  readonly object: number | null | undefined;
}

type Perform = (held: Holdings, call: CallAt) => Op<LearntResult>;

/** Where the memory of the device lies. Only its identity counts. */
const MEMORY = 2 ** 33;

/** Names of the disks of each driver, as our own models have them. */
const DISK_NAMES: Readonly<Record<AttachDriver, string>> = {
  pmem: 'pmem0',
  dm: 'dm-0',
  dcssblk: 'dcssblk0',
  'virtio-fs': 'virtiofs',
  'device-dax': 'dax0.0',
  brd: 'ram0',
};

/** Nobody reads or writes while devices attach. */
const noAccess: DaxOperations = {
  direct_access: () => noSteps(-E.EIO),
  zero_page_range: () => noSteps(-E.EIO),
};

/** A function that makes a disk. @source block/genhd.c __blk_alloc_disk() v6.1 v6.12 */
export const DISK_MAKERS: readonly string[] = [
  'blk_alloc_disk',
  '__blk_alloc_disk',
  'blk_mq_alloc_disk',
  '__blk_mq_alloc_disk',
  'alloc_disk',
];

/** @source drivers/dax/super.c v6.1 v6.12; block/genhd.c v6.1 v6.12; mm/memremap.c v6.12 */
const calls: ReadonlyMap<string, Perform> = new Map<string, Perform>([
  ['alloc_dax', allocDax],
  ['dax_add_host', addHost],
  ['dax_remove_host', removeHost],
  // Both accept NULL. @source drivers/dax/super.c kill_dax() put_dax() v6.12
  ['kill_dax', onDax((held, dax) => kill_dax(held.linux, dax))],
  ['put_dax', onDax(putDax)],
  ['set_dax_synchronous', onDevice((_, dax) => set_dax_synchronous(dax))],
  ['set_dax_nocache', onDevice((_, dax) => set_dax_nocache(dax))],
  ['set_dax_nomc', onDevice((_, dax) => set_dax_nomc(dax))],
  ['dax_write_cache', onDevice((_, dax) => dax_write_cache(dax, true))],
  ['run_dax', onDevice((_, dax) => run_dax(dax))],
  ...DISK_MAKERS.map((name) => [name, allocDisk] as const),
  // Accepts NULL. @source block/genhd.c put_disk() v6.12
  ['put_disk', putDisk],
  ['blk_cleanup_disk', putDisk],
  ['del_gendisk', onDisk(unpublish)],
  ['device_add_disk', onDisk(addDisk)],
  ['add_disk', onDisk(addDisk)],
  ['devm_request_mem_region', requestRegion],
  ['devm_memremap_pages', mapMemory],
  ['devm_memremap', mapMemory],
]);

/** How the model performs a function; undefined where it does not have it. */
export function modelCall(name: string): Perform | undefined {
  return calls.get(name);
}

/** What a step of a function that the model does not have gives: `what` names the chance. */
export function* failing(what: string): Op<boolean> {
  return yield* fails(what);
}

/** A feature of the queue of the disk, and of one that is made later. */
export function* announce(held: Holdings, flag: string): Op<void> {
  // 6.1 has a flag of the queue, 6.12 a feature among its limits. @source include/linux/blkdev.h
  if (flag !== 'BLK_FEAT_DAX' && flag !== 'QUEUE_FLAG_DAX') return;
  held.features |= BLK_FEAT_DAX;
  const disk = newest(held, 'disk');
  if (typeof disk !== 'object' || disk === null) return;
  yield* set(disk.queue.features, 0, disk.queue.features.peek() | BLK_FEAT_DAX);
}

/** Whether a DAX device that was made is alive still. */
export function hasDax({ linux, things }: Holdings): boolean {
  const { inodes } = subsystem(linux, DaxGlobals);
  return [...things.values()].some(({ kind, pointer }) => {
    if (kind !== 'dax' || typeof pointer !== 'object' || pointer === null) return false;
    return inodes.peek(pointer.minor) === pointer;
  });
}

function* allocDax(held: Holdings, { object }: CallAt): Op<LearntResult> {
  // Device-dax passes no operations, which is what the test for aliases exempts.
  const ops = held.driver === 'device-dax' ? undefined : noAccess;
  const pointer = yield* alloc_dax(held.linux, ops);
  if (typeof object === 'number') keep(held, object, { kind: 'dax', pointer });
  return resultOf(pointer);
}

function* allocDisk(held: Holdings, { object }: CallAt): Op<LearntResult> {
  const { linux, driver, features } = held;
  const pointer = yield* blk_alloc_disk(linux, {
    disk_name: DISK_NAMES[driver],
    limits: { features },
    fops: { submit_bio: () => noSteps(-E.EIO) },
  });
  if (typeof object === 'number') keep(held, object, { kind: 'disk', pointer });
  return resultOf(pointer);
}

function keep({ things }: Holdings, object: number, thing: Thing): void {
  // Made again, it is the newest.
  things.delete(object);
  things.set(object, thing);
}

function* addHost(held: Holdings, call: CallAt): Op<LearntResult> {
  const dax = daxOf(held, call);
  // xa_insert() of NULL reserves the place, which the model's table cannot.
  if (dax === null) throw new NotFollowed('dax_add_host() gets NULL');
  const device = live(held, dax, call.function);
  const rc = yield* dax_add_host(held.linux, device, diskOfHost(held, call));
  return resultOf(rc === 0 ? null : rc, 'ok');
}

function* removeHost(held: Holdings, call: CallAt): Op<LearntResult> {
  yield* dax_remove_host(held.linux, diskOfHost(held, call));
  return 'ok';
}

/** The disk of a call about a host entry, whatever object it names. */
function diskOfHost(held: Holdings, call: CallAt): Gendisk {
  const named = typeof call.object === 'number' ? held.things.get(call.object) : undefined;
  const disk = named?.kind === 'disk' ? named.pointer : newest(held, 'disk');
  return reached(disk, call.function);
}

/** A function that is given a DAX device or NULL. */
function onDax(perform: (held: Holdings, dax: DaxDevice | undefined) => Op<void>): Perform {
  return function* (held, call): Op<LearntResult> {
    const dax = daxOf(held, call);
    const isPut = call.function === 'put_dax';
    const device = isPut && dax !== null ? reached(dax, call.function) : undefined;
    yield* perform(held, dax === null ? undefined : (device ?? live(held, dax, call.function)));
    return 'ok';
  };
}

/** A function that uses a DAX device without a test. */
function onDevice(perform: (held: Holdings, dax: DaxDevice) => Op<void>): Perform {
  return function* (held, call): Op<LearntResult> {
    yield* perform(held, live(held, daxOf(held, call), call.function));
    return 'ok';
  };
}

function* putDax({ linux }: Holdings, dax: DaxDevice | undefined): Op<void> {
  const { inodes } = subsystem(linux, DaxGlobals);
  // The model's own drivers never do this; the run says that it is freed twice.
  if (dax !== undefined && inodes.peek(dax.minor) !== dax) {
    return yield* set(inodes, dax.minor, undefined);
  }
  yield* put_dax(linux, dax);
}

function* putDisk(held: Holdings, call: CallAt): Op<LearntResult> {
  const disk = diskOf(held, call);
  if (disk !== null) yield* put_disk(held.linux, reached(disk, call.function));
  return 'ok';
}

function onDisk(perform: (held: Holdings, disk: Gendisk) => Op<LearntResult>): Perform {
  return (held, call) => perform(held, reached(diskOf(held, call), call.function));
}

function* unpublish({ linux }: Holdings, disk: Gendisk): Op<LearntResult> {
  yield* unpublishDisk(linux, disk);
  return 'ok';
}

function* addDisk({ linux }: Holdings, disk: Gendisk): Op<LearntResult> {
  return resultOf((yield* device_add_disk(linux, disk)) || null, 'ok');
}

function* requestRegion(held: Holdings): Op<LearntResult> {
  const globals = subsystem(held.linux, NdGlobals);
  const range = { start: MEMORY, name: DISK_NAMES[held.driver] };
  return (yield* devm_request_mem_region(globals, held.devres, range)) ? 'ok' : 'NULL';
}

function* mapMemory(held: Holdings, call: CallAt): Op<LearntResult> {
  const globals = subsystem(held.linux, NdGlobals);
  const range = { start: MEMORY, what: call.function };
  return (yield* devmMap(globals, held.devres, range)) ? 'ok' : '-ENOMEM';
}

/** An answer as C tests it; `nothing` is what null says. */
function resultOf(answer: Pointer<object>, nothing: LearntResult = 'NULL'): LearntResult {
  if (answer === null) return nothing;
  return typeof answer === 'number' ? `-${errnoName(answer)}` : 'ok';
}

function daxOf(held: Holdings, call: CallAt): Pointer<DaxDevice> {
  if (call.object === null) return null;
  const thing = named(held, call);
  if (thing.kind === 'dax') return thing.pointer;
  return newest(held, 'dax') ?? null;
}

function diskOf(held: Holdings, call: CallAt): Pointer<Gendisk> {
  if (call.object === null) return null;
  const thing = named(held, call);
  if (thing.kind === 'disk') return thing.pointer;
  return newest(held, 'disk') ?? null;
}

function named(held: Holdings, call: CallAt): Thing {
  const thing = typeof call.object === 'number' ? held.things.get(call.object) : undefined;
  if (thing !== undefined) return thing;
  throw new NotFollowed(`${call.function}() is given something that is not known to be made`);
}

function newest(held: Holdings, kind: 'dax'): Pointer<DaxDevice> | undefined;
function newest(held: Holdings, kind: 'disk'): Pointer<Gendisk> | undefined;
function newest({ things }: Holdings, kind: Thing['kind']): Thing['pointer'] | undefined {
  return [...things.values()].findLast((thing) => thing.kind === kind)?.pointer;
}

/** What is behind a pointer that `where` uses; an Oops where nothing is. */
function reached<T extends object>(pointer: Pointer<T> | undefined, where: string): T {
  if (pointer === undefined) throw new NotFollowed(`the disk that ${where}() is given`);
  if (typeof pointer === 'object' && pointer !== null) return pointer;
  const says =
    typeof pointer === 'number' ? `use of error pointer ${pointer}` : 'NULL pointer dereference';
  throw new Oops({ kind: 'oops', says, where });
}

/** A DAX device that is not freed yet. */
function live({ linux }: Holdings, pointer: Pointer<DaxDevice>, where: string): DaxDevice {
  const dax = reached(pointer, where);
  if (subsystem(linux, DaxGlobals).inodes.peek(dax.minor) === dax) return dax;
  throw new Oops({ kind: 'oops', says: 'use after free', where });
}
