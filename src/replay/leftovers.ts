// What a recording left in the machine before a scenario began. Scenarios start with nothing
// mounted, but files below the mount points, and file systems on devices, are those that earlier
// ones made. The first step that sees one tells that it was there.

import {
  IS_ERR,
  O_CREAT,
  O_WRONLY,
  do_sys_open,
  fput,
  iovBytes,
  lookup_bdev,
  read_super_magic,
  vfs_pwrite,
  vfs_statx,
} from '../kernel/index.ts';
import { type User, fromRunLength } from '../user/index.ts';
import type { RecordedStep } from './scenario.ts';

/** Finds out what was there before, step by step. */
export class Leftovers {
  readonly #user: User;
  /** Files adopted, whose contents no step of the scenario has changed. */
  readonly #adopted = new Set<string>();
  /** What the scenario made itself. */
  readonly #own = new Set<string>();
  /** Names of open files that lie on adopted paths. */
  readonly #open = new Map<string, string>();
  /** The scenario writes to devices itself: what is on them is its own. */
  #makesImages = false;

  constructor(user: User) {
    this.#user = user;
  }

  /** Puts into the machine what the step's recorded answer shows to have been there. */
  adopt(step: RecordedStep): readonly string[] {
    const { op, args, expect = {} } = step;
    const path = text(args['path']);
    const notes = op === 'mount' ? this.#adoptImage(step) : this.#adoptFile(step, path);
    if (['mkfs', 'shell', 'dmsetup', 'losetup'].includes(op)) this.#makesImages = true;
    const name = text(args['as']) || text(args['fd']);
    if (op === 'open' && this.#adopted.has(path)) this.#open.set(name, path);
    const isMade = expect['rc'] === 0 && (op === 'create' || text(args['flags']).includes('creat'));
    if (isMade) this.#own.add(path);
    if (/^p?write|^truncate|^ftruncate|^fallocate|^store/.test(op)) this.#adopted.clear();
    return notes;
  }

  #adoptFile(step: RecordedStep, path: string): readonly string[] {
    const { op, args, expect = {} } = step;
    const openPath = this.#open.get(text(args['fd']));
    const bytes = fromRunLength(text(expect['data'])) ?? new Uint8Array(0);
    if (op === 'pread' && args['offset'] === 0 && openPath !== undefined && bytes.length > 0) {
      if (!this.#adopted.has(openPath)) return [];
      this.#write(openPath, bytes);
      return [`${openPath} held ${bytes.length} bytes before`];
    }
    if (!this.#isOnRoot(path) || this.#own.has(path)) return [];
    const showsIt =
      (op === 'create' && expect['errno'] === 'EEXIST') ||
      (['statx', 'open', 'getx', 'setx'].includes(op) && expect['rc'] === 0) ||
      (op === 'setx' && expect['errno'] === 'EOPNOTSUPP');
    const isThere = !IS_ERR(vfs_statx(this.#user.task, path));
    if (!showsIt) return [];
    const size = typeof expect['size'] === 'number' ? expect['size'] : 0;
    if (isThere && !this.#isOfAnotherSize(path, size)) return [];
    this.#adopted.add(path);
    this.#write(path, new Uint8Array(size));
    return [isThere ? `${path} had ${size} bytes before` : `${path} was there before`];
  }

  /** A file taken as given turns out to have had a size that its first sight did not show. */
  #isOfAnotherSize(path: string, size: number): boolean {
    const stat = vfs_statx(this.#user.task, path);
    return this.#adopted.has(path) && !IS_ERR(stat) && size > 0 && stat.size !== size;
  }

  #adoptImage({ args, expect = {} }: RecordedStep): readonly string[] {
    const [fs, device] = [text(args['fs']), text(args['device'])];
    if (this.#makesImages || expect['rc'] !== 0 || !device.startsWith('/dev/')) return [];
    const { linux } = this.#user;
    const bdev = lookup_bdev(linux, device);
    if (IS_ERR(bdev) || read_super_magic(linux, bdev) !== undefined) return [];
    const argv = [`mkfs.${fs}`, '-F', device];
    const made = this.#user.perform('mkfs', { fs, device, argv });
    return made.ok && made.value['rc'] === 0 ? [`${device} had a file system ${fs}`] : [];
  }

  #isOnRoot(path: string): boolean {
    if (!path.startsWith('/')) return false;
    return !this.#user.linux.mounts.some(
      ({ dir }) => dir !== '/' && (path === dir || path.startsWith(`${dir}/`)),
    );
  }

  #write(path: string, bytes: Uint8Array): void {
    const { linux, task } = this.#user;
    const file = do_sys_open(task, path, O_WRONLY | O_CREAT, 0o644);
    if (IS_ERR(file)) return;
    if (bytes.length > 0) {
      this.#user.run(vfs_pwrite(task, file, { offset: 0 }, iovBytes(linux, bytes)));
    }
    this.#user.run(fput(file));
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
