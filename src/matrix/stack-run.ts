// What a modelled kernel does with one driver, file system and option: it boots, the driver
// attaches, the device is formatted and mounted with each option, and statx() tells which way a
// file is accessed. What a run depends on is its class; each class runs once.

import { never, present } from '../base/index.ts';
import type { Machine } from '../hw/index.ts';
import {
  DAXDEV_NOCACHE,
  DAXDEV_SYNC,
  DAXDEV_WRITE_CACHE,
  dcssblk_add_store,
  defaultConfig,
  errnoName,
  Oops,
  virtio_fs_probe,
  virtioFsHost,
} from '../kernel/index.ts';
import { type Outcome as Answer, type RawArgs, User } from '../user/index.ts';
import type { DriverId, FsId, OptionId } from './stack-parts.ts';
import type { ModelledKernel } from './stack-model.ts';

/** What the kernel makes of a wish for DAX. */
export type StackOutcome =
  | { readonly kind: 'dax' }
  /** The mount goes on without DAX, with or without a word in the log. */
  | { readonly kind: 'page-cache'; readonly says: boolean }
  | { readonly kind: 'refused'; readonly errno: string }
  /** The driver does not attach. */
  | { readonly kind: 'no-device'; readonly errno: string }
  /** The driver takes NULL for a device. */
  | { readonly kind: 'breaks'; readonly why: string }
  /** No DAX; which of the above it is was not read. */
  | { readonly kind: 'no-dax'; readonly why: string }
  /** The kernel has no such driver, file system or option. */
  | { readonly kind: 'absent'; readonly why: string }
  | { readonly kind: 'not-checked'; readonly why: string };

/** Flags of the dax device below a file, which decide how stores reach the medium. */
export interface DaxFlags {
  /** write() copies past the cache, where the port can. */
  readonly nocache: boolean;
  /** dax_flush() does something, where the port can. */
  readonly writeCache: boolean;
  readonly sync: boolean;
}

/** What became of one wish. */
export interface Behaviour {
  readonly outcome: StackOutcome;
  /** What the kernel logged while it attached or mounted. */
  readonly messages: readonly string[];
  /** Options of the mount as /proc/mounts shows them. */
  readonly shown?: string;
  readonly flags?: DaxFlags;
}

/** All that a run depends on. */
export interface RunClass {
  readonly kernel: ModelledKernel;
  readonly fsDax: boolean;
  /** What the kernel believes of the data cache. */
  readonly aliasing: boolean;
  readonly machine: Machine;
}

/** Behaviours by option. */
export type Behaviours = ReadonlyMap<OptionId, Behaviour>;

const MiB = 2 ** 20;
/** Behind everything that attachRoles() takes. */
const SEGMENT = { name: 'DACHS', start: 2 ** 34, size: 400 * MiB, readOnly: false };
const WINDOW = { start: 2 ** 35, length: 4 * MiB };
/** The smallest xfs is of 300 MiB. */
const DISK_MIB = 400;

const MOUNT_OPTIONS: readonly (readonly [typed: string, plain: OptionId, flagged?: OptionId])[] = [
  ['none', 'none', 'none+x'],
  ['dax', 'dax'],
  ['dax=always', 'always'],
  ['dax=inode', 'inode', 'inode+x'],
  ['dax=never', 'never'],
];

/** The roles of the recorded machine that a driver stands on. */
const ROLES: Readonly<Record<DriverId, readonly string[]>> = {
  pmem: ['fsdax0'],
  'pmem-e820': ['e820'],
  'pmem-raw': ['raw'],
  btt: ['btt'],
  'virtio-pmem': ['vpmem'],
  'dm-linear': ['fsdax0'],
  'dm-stripe': ['fsdax0', 'fsdax1'],
  'dm-mixed': ['fsdax0', 'brd'],
  dcssblk: [],
  virtiofs: [],
  'device-dax': ['devdax'],
  brd: ['brd'],
  loop: [],
};

/** Behaviours by file system. */
export type DriverRun = ReadonlyMap<FsId, Behaviours>;

/** Boots a kernel of a class with one driver, and runs each file system through all options. */
export function runDriver(
  cls: RunClass,
  driver: DriverId,
  fileSystems: readonly FsId[],
): DriverRun {
  try {
    return throughOptions(cls, driver, fileSystems);
  } catch (error) {
    // The modelled kernel used NULL or an error pointer for a device: so every option ends.
    if (!(error instanceof Oops)) throw error;
    const { says, where } = error.result;
    const why = `${says} in ${where}()`;
    return alike(fileSystems, { outcome: { kind: 'breaks', why }, messages: [`Oops: ${why}`] });
  }
}

function alike(fileSystems: readonly FsId[], behaviour: Behaviour): DriverRun {
  return new Map(
    fileSystems.map((fs) => [fs, new Map(optionsOn(fs).map((option) => [option, behaviour]))]),
  );
}

function optionsOn(fs: FsId): readonly OptionId[] {
  if (fs === 'char') return ['align-page', 'align-2m'];
  return MOUNT_OPTIONS.flatMap(([, plain, flagged]) => bothOf(plain, flagged));
}

function throughOptions(cls: RunClass, driver: DriverId, fileSystems: readonly FsId[]): DriverRun {
  const { machine, kernel, fsDax, aliasing } = cls;
  const needed = ROLES[driver];
  const user = new User({
    machine,
    release: kernel.release,
    rules: kernel.rules,
    config: defaultConfig(machine, kernel.release, { fsDax }),
    gate: 'stock',
    cpu_dcache_is_aliasing: aliasing,
    roles: (role) => (needed.includes(role) ? 'attached' : 'absent'),
  });
  const device = attach(user, driver);
  const { dmesg } = user.linux;
  if ('errno' in device) {
    const outcome = { kind: 'no-device', errno: device.errno } as const;
    return alike(fileSystems, { outcome, messages: [...dmesg] });
  }
  if (driver === 'device-dax') {
    return alike(fileSystems, { outcome: { kind: 'dax' }, messages: [...dmesg] });
  }
  return new Map(
    fileSystems.map((fs) => {
      prepare(user, fs, device.path);
      const found = MOUNT_OPTIONS.flatMap(([typed, plain, flagged]) =>
        mounted(user, { fs, device, typed }, bothOf(plain, flagged)),
      );
      return [fs, new Map(found)];
    }),
  );
}

/**
 * A machine that runs any class fastest: without a cache that needs looking after. The file systems
 * have blocks of one page, so the page size changes nothing.
 */
export function plainMachine(machines: readonly Machine[]): Machine | undefined {
  return machines.find(({ dcache, pageBytes }) => dcache === undefined && pageBytes === 4096);
}

type Device = { readonly path: string };

function attach(user: User, driver: DriverId): Device | { readonly errno: string } {
  const { linux } = user;
  const sectors = (DISK_MIB * MiB) / 512;
  switch (driver) {
    case 'pmem':
    case 'pmem-e820':
    case 'pmem-raw':
    case 'btt':
    case 'virtio-pmem':
      return linked(user, present(ROLES[driver][0], 'role of the driver'));
    case 'device-dax':
      return linked(user, 'devdax');
    case 'brd':
      return linked(user, 'brd');
    case 'dm-linear':
      return mapped(user, [`0 ${sectors} linear /dev/role/fsdax0 0`]);
    case 'dm-stripe': {
      const targets = '/dev/role/fsdax0 0 /dev/role/fsdax1 0';
      return mapped(user, [`0 ${sectors} striped 2 2048 ${targets}`]);
    }
    case 'dm-mixed': {
      const half = sectors / 2;
      const first = `0 ${half} linear /dev/role/fsdax0 0`;
      return mapped(user, [first, `${half} ${half} linear /dev/role/brd 0`]);
    }
    case 'dcssblk': {
      const { start: base, size: bytes } = SEGMENT;
      linux.machine.memory.addRange({ name: 'segment', base, bytes, kind: 'ram' });
      const rc = linux.now(dcssblk_add_store(linux, SEGMENT));
      return rc < 0 ? { errno: errnoName(rc) } : { path: '/dev/dcssblk0' };
    }
    case 'virtiofs': {
      const rc = virtio_fs_probe(linux, { tag: 'window', window: WINDOW });
      return rc < 0 ? { errno: errnoName(rc) } : { path: 'window' };
    }
    case 'loop':
      asked(user, 'open', { as: 'disk', path: '/m3/disk', flags: 'creat,rdwr' });
      asked(user, 'close', { fd: 'disk' });
      asked(user, 'truncate', { path: '/m3/disk', size: DISK_MIB * MiB });
      asked(user, 'losetup', { argv: ['/dev/loop0', '/m3/disk'] });
      return { path: '/dev/loop0' };
    default:
      return never(driver, 'driver');
  }
}

function linked({ linux }: User, role: string): Device | { readonly errno: string } {
  const path = `/dev/role/${role}`;
  return linux.block.links.has(`role/${role}`) ? { path } : { errno: 'ENODEV' };
}

function mapped(user: User, table: readonly string[]): Device | { readonly errno: string } {
  const argv = ['create', 'stack', '--table', table.join('\n')];
  const { rc } = asked(user, 'dmsetup', { argv });
  return rc === 0 ? { path: '/dev/mapper/stack' } : { errno: 'ENXIO' };
}

/** Formats the device, blocks of one page, with a file `f` and a file `x` that has the DAX flag. */
function prepare(user: User, fs: FsId, path: string): void {
  const { PAGE_SIZE } = user.linux;
  if (fs === 'erofs') {
    const made = [
      'mkdir -p /m3/tree',
      `dd if=/dev/zero of=/m3/tree/f bs=${PAGE_SIZE} count=2`,
      `dd if=/dev/zero of=/m3/tree/x bs=${PAGE_SIZE} count=2`,
      `mkfs.erofs -b${PAGE_SIZE} -Enoinline_data /m3/image /m3/tree`,
      `dd if=/m3/image of=${path}`,
    ];
    asked(user, 'shell', { argv: ['sh', '-c', made.join(' && ')] });
    return;
  }
  if (fs !== 'virtiofs') {
    const size = fs === 'xfs' ? ['-b', `size=${PAGE_SIZE}`] : ['-b', String(PAGE_SIZE)];
    asked(user, 'mkfs', { fs, device: path, argv: [`mkfs.${fs}`, ...size, path] });
  }
  asked(user, 'mount', { fs, device: path, dir: '/m', options: 'none' });
  for (const name of ['f', 'x']) {
    asked(user, 'open', { as: name, path: `/m/${name}`, flags: 'creat,rdwr' });
    asked(user, 'close', { fd: name });
  }
  // ext2 and erofs know no such flag.
  user.perform('setx', { path: '/m/x', value: '+x' });
  asked(user, 'umount', { dir: '/m' });
  // The server has the names once they have left the memory of its client.
  if (fs === 'virtiofs') serverAttribute(user, path);
}

/** The server of virtiofs says FUSE_ATTR_DAX of the file `x`. */
function serverAttribute({ linux }: User, tag: string): void {
  const files = present(virtioFsHost(linux, tag), 'host of the device').files;
  const root = [...files.values()].find(({ entries }) => entries.has('x'));
  const ino = present(root?.entries.get('x'), 'the file of the server');
  present(files.get(ino), 'the file of the server').dax = true;
}

function mounted(
  user: User,
  how: { readonly fs: FsId; readonly device: Device; readonly typed: string },
  both: readonly OptionId[],
): readonly (readonly [OptionId, Behaviour])[] {
  const { linux } = user;
  const before = linux.dmesg.length;
  const { fs, device, typed } = how;
  const args = { fs, device: device.path, dir: '/m', options: typed };
  const answer = perform(user, 'mount', args);
  const messages = linux.dmesg.slice(before);
  if (answer['rc'] !== 0) {
    const outcome = { kind: 'refused', errno: String(answer['errno']) } as const;
    return both.map((option) => [option, { outcome, messages }]);
  }
  const shown = String(answer['opts']);
  const flags = flagsBelow(user);
  const found = both.map((option, i): readonly [OptionId, Behaviour] => {
    const isDax = asked(user, 'statx', { path: i === 0 ? '/m/f' : '/m/x' })['attr_dax'] === true;
    const outcome: StackOutcome = isDax
      ? { kind: 'dax' }
      : { kind: 'page-cache', says: messages.length > 0 };
    return [option, { outcome, messages, shown, ...(isDax && flags ? { flags } : {}) }];
  });
  asked(user, 'umount', { dir: '/m' });
  return found;
}

function bothOf(plain: OptionId, flagged: OptionId | undefined): readonly OptionId[] {
  return flagged === undefined ? [plain] : [plain, flagged];
}

function flagsBelow({ linux }: User): DaxFlags | undefined {
  const mount = linux.mounts.find(({ dir }) => dir === '/m');
  const bits = mount?.sb.s_daxdev?.flags.peek();
  if (bits === undefined) return undefined;
  return {
    nocache: (bits & DAXDEV_NOCACHE) !== 0,
    writeCache: (bits & DAXDEV_WRITE_CACHE) !== 0,
    sync: (bits & DAXDEV_SYNC) !== 0,
  };
}

function perform(user: User, op: string, args: RawArgs): Answer {
  const done = user.perform(op, args);
  return done.ok ? done.value : { rc: -1, errno: done.problem.what };
}

/** Performs what cannot fail here; it is an invariant of ours that it does not. */
function asked(user: User, op: string, args: RawArgs): Answer {
  const done = user.perform(op, args);
  return present(done.ok ? done.value : undefined, `answer of ${op}`);
}
