// The commands that command lines of recordings use.

import { at } from '../../base/index.ts';
import {
  IS_ERR,
  O_DIRECTORY,
  O_RDONLY,
  blockdev,
  dmsetup,
  do_sys_open,
  fput,
  sfdisk,
  sys_sync,
  sys_unlink,
  vfs_statx,
} from '../../kernel/index.ts';
import { mkdirp } from '../ops-name.ts';
import { type Contents, bytesOf, makeUniform, readPath, textOf, writePath } from './files.ts';
import { mkfsErofs } from './mkfs-erofs.ts';
import { type CommandInput, type Ran, ended } from './shell.ts';

/** Runs one command. */
export type CommandFunction = (input: CommandInput) => Ran;

/** Commands by name; `>` writes its input to a file. */
export const COMMANDS: Readonly<Record<string, CommandFunction>> = {
  '>': redirect,
  true: () => ended(0),
  false: () => ended(1),
  sleep: () => ended(0),
  // Device nodes of partitions appear by themselves here.
  mdev: () => ended(0),
  sync: ({ user }) => ended(user.run(sys_sync(user.linux)) === undefined ? 0 : 1),
  echo: ({ argv }) => printed(`${argv.slice(1).join(' ')}\n`),
  printf: ({ argv }) => printed(unescaped(argv[1] ?? '')),
  cat,
  basename: ({ argv }) => printed(`${(argv[1] ?? '').replace(/^.*\//, '')}\n`),
  readlink,
  ls,
  rm,
  mkdir: ({ user, argv }) => allOf(names(argv), (path) => mkdirp(user, path)),
  tr: ({ argv, stdin }) => {
    const [from, to] = [unescaped(argv[1] ?? ''), unescaped(argv[2] ?? '')];
    return printed(stdin.replaceAll(from, to));
  },
  dd,
  busybox: ({ user, argv }) => (argv[1] === 'mkswap' ? mkswap(user, argv[2] ?? '') : ended(1)),
  mkswap: ({ user, argv }) => mkswap(user, argv[1] ?? ''),
  'mkfs.erofs': ({ user, argv }) => {
    const [image = '', directory = ''] = names(argv).slice(-2);
    const { linux, task } = user;
    return ended(mkfsErofs(linux, task, { image, directory, argv }));
  },
  dmsetup: ({ user, argv, stdin }) => dmsetup(user.linux, argv.slice(1), stdin),
  sfdisk: ({ user, argv, stdin }) => sfdisk(user.linux, argv.slice(1), stdin),
  blockdev: ({ user, argv }) => blockdev(user.linux, argv.slice(1)),
};

function printed(stdout: string): Ran {
  return { rc: 0, stdout, stderr: '' };
}

function failed(stderr: string): Ran {
  return { rc: 1, stdout: '', stderr };
}

function names(argv: readonly string[]): readonly string[] {
  return argv.slice(1).filter((word) => !word.startsWith('-'));
}

function redirect({ user, argv, stdin }: CommandInput): Ran {
  const path = argv[1] ?? '';
  const answer = writePath(user, path, bytesOf(stdin));
  return answer < 0 ? failed(`sh: can't create ${path}\n`) : ended(0);
}

function cat({ user, argv, stdin }: CommandInput): Ran {
  const paths = names(argv);
  if (paths.length === 0) return printed(stdin);
  let [rc, stdout, stderr] = [0, '', ''];
  for (const path of paths) {
    const contents = readPath(user, path);
    if (IS_ERR(contents)) {
      rc = 1;
      stderr += `cat: can't open '${path}': No such file or directory\n`;
    } else {
      stdout += textOf(contents);
    }
  }
  return { rc, stdout, stderr };
}

// `readlink -f` of a device link gives the device, and of anything else the path itself.
function readlink({ user, argv }: CommandInput): Ran {
  const path = names(argv)[0] ?? '';
  const link = user.linux.block.links.get(path.replace(/^\/dev\//, ''));
  return printed(`${link === undefined ? path : `/dev/${link}`}\n`);
}

// Names of a directory, one a line; of anything else its own name.
function ls({ user, argv }: CommandInput): Ran {
  const path = names(argv)[0] ?? '/';
  const directory = do_sys_open(user.task, path, O_RDONLY | O_DIRECTORY, 0);
  if (!IS_ERR(directory)) {
    const found = [...directory.f_inode.entries.keys()].toSorted();
    user.run(fput(directory));
    return printed(found.map((name) => `${name}\n`).join(''));
  }
  const isThere = !IS_ERR(readPath(user, path)) || !IS_ERR(vfs_statx(user.task, path));
  return isThere ? printed(`${path}\n`) : failed(`ls: ${path}: No such file or directory\n`);
}

function rm({ user, argv }: CommandInput): Ran {
  const isForced = argv.some((word) => /^-\w*f/.test(word));
  let rc = 0;
  for (const path of names(argv)) {
    const answer = user.run(sys_unlink(user.task, path));
    if (answer !== 0 && !isForced) rc = 1;
  }
  return ended(rc);
}

function allOf(paths: readonly string[], act: (path: string) => number): Ran {
  return ended(paths.some((path) => act(path) < 0) ? 1 : 0);
}

function dd({ user, argv, stdin }: CommandInput): Ran {
  const operands = new Map(
    argv.slice(1).map((word) => [key(word), word.slice(key(word).length + 1)]),
  );
  const block = sizeOf(operands.get('bs') ?? '512');
  const count = operands.get('count');
  const limit = count === undefined ? undefined : Number(count) * block;
  const source = operands.get('if');
  let contents: Contents | number;
  if (source === '/dev/zero') contents = makeUniform(0, limit ?? 0);
  else if (source === undefined) contents = bytesOf(stdin);
  else contents = readPath(user, source);
  if (IS_ERR(contents)) return failed(`dd: can't open '${source ?? ''}'\n`);
  const out = operands.get('of');
  if (out === undefined) return printed(textOf(contents));
  const truncates = !(operands.get('conv') ?? '').includes('notrunc');
  const answer = writePath(user, out, contents, truncates);
  return answer < 0 ? failed(`dd: ${out}: error ${-answer}\n`) : ended(0);
}

function key(word: string): string {
  return word.split('=')[0] ?? '';
}

function sizeOf(text: string): number {
  const [, number = '0', unit = ''] = /^(\d+)([kKM]?)$/.exec(text) ?? [];
  return Number(number) * (unit === 'M' ? 2 ** 20 : unit === '' ? 1 : 2 ** 10);
}

// Version and last page stand after the first KiB, the signature at the end of the first page; the
// rest of the file is left alone. @source include/linux/swap.h union swap_header v6.12
function mkswap(user: CommandInput['user'], path: string): Ran {
  const contents = readPath(user, path);
  if (IS_ERR(contents)) return failed(`mkswap: ${path}: No such file or directory\n`);
  const { PAGE_SIZE } = user.linux;
  const page = new Uint8Array(PAGE_SIZE);
  if (contents instanceof Uint8Array) page.set(contents.subarray(0, PAGE_SIZE));
  const info = new DataView(page.buffer, 1024);
  info.setUint32(0, 1, true);
  info.setUint32(4, Math.floor(contents.length / PAGE_SIZE) - 1, true);
  page.set(bytesOf('SWAPSPACE2'), PAGE_SIZE - 10);
  return ended(writePath(user, path, page, false) < 0 ? 1 : 0);
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(n|t|\\|[0-7]{1,3})/g, (whole, sign: string) => {
    if (sign === 'n') return '\n';
    if (sign === 't') return '\t';
    if (sign === '\\') return '\\';
    return whole === '' ? '' : String.fromCharCode(Number.parseInt(at([sign], 0), 8));
  });
}
