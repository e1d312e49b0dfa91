// dmsetup(8): the commands with which recordings and users make, change and remove mapped devices,
// with the tool's own texts. It is here and not among the tools because it is libdm's half of the
// calls in dm-ioctl.ts: a device is made, loaded and resumed, or taken back.

import { at } from '../../../base/index.ts';
import { E } from '../../include/linux/errno.ts';
import { strerror } from '../../include/linux/strerror.ts';
import type { Linux } from '../../linux.ts';
import { subsystem } from '../../linux.ts';
import { DeviceMapper } from './dm-core.ts';
import type { HashCell } from './dm-core.ts';
import {
  dev_create,
  dev_remove,
  do_resume,
  do_suspend,
  find_device,
  remove_all,
  table_clear,
  table_load,
} from './dm-ioctl.ts';
import type { SuspendFlags } from './dm-ioctl.ts';
import type { TargetSpec } from './dm-table.ts';
import { targetOps } from './dm-table.ts';

/** What a tool printed, without the newline at its end, and its exit status. */
export interface ToolAnswer {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One call of the tool. */
interface Call {
  readonly linux: Linux;
  readonly words: readonly string[];
  readonly options: ReadonlySet<string>;
  /** The table: of `--table`, else the standard input. */
  readonly table: string;
  readonly source: string;
}

/** Options that take the next word. */
const WITH_VALUE: ReadonlySet<string> = new Set([
  '--table',
  '--uuid',
  '-u',
  '-m',
  '-j',
  '--target',
]);

const COMMANDS: ReadonlyMap<string, (call: Call) => ToolAnswer> = new Map([
  ['create', create],
  ['reload', reload],
  ['load', reload],
  ['resume', (call) => onDevice(call, 'resume', (cell) => do_resume(cell, flagsOf(call)))],
  ['suspend', (call) => onDevice(call, 'suspend', (cell) => do_suspend(cell, flagsOf(call)))],
  ['clear', (call) => onDevice(call, 'clear', table_clear)],
  ['remove', remove],
  ['remove_all', removeAll],
  ['table', (call) => show(call, 'table')],
  ['status', (call) => show(call, 'status')],
  ['ls', list],
  ['deps', deps],
  ['message', message],
  ['rename', rename],
]);

/** Runs `dmsetup argv`; `stdin` is the table where argv has none. */
export function dmsetup(linux: Linux, argv: readonly string[], stdin: string): ToolAnswer {
  const words: string[] = [];
  const options = new Set<string>();
  let table = stdin;
  let source = 'stdin';
  for (let i = 0; i < argv.length; i++) {
    const word = at(argv, i);
    if (!word.startsWith('-')) {
      words.push(word);
      continue;
    }
    options.add(word);
    if (!WITH_VALUE.has(word)) continue;
    i++;
    if (word !== '--table') continue;
    table = argv[i] ?? '';
    source = 'command line';
  }
  const [name, ...rest] = words;
  const command = COMMANDS.get(name ?? '');
  if (command === undefined) return failed('Unknown command.');
  return command({ linux, words: rest, options, table, source });
}

const done: ToolAnswer = { rc: 0, stdout: '', stderr: '' };

function failed(...lines: readonly string[]): ToolAnswer {
  return { rc: 1, stdout: '', stderr: [...lines, 'Command failed.'].join('\n') };
}

/** libdm's sentence about a call that failed; `device` is `(253:0)` where the call named it so. */
function ioctlFailed(what: { ioctl: string; name: string; device?: string }, error: number) {
  const { ioctl, name, device = '' } = what;
  return failed(`device-mapper: ${ioctl} ioctl on ${name} ${device} failed: ${strerror(error)}`);
}

function flagsOf(call: Call): SuspendFlags {
  return { lockfs: !call.options.has('--nolockfs'), noflush: call.options.has('--noflush') };
}

/** The name of a device, which may be given as its path. */
function nameOf(word: string): string {
  return word.replace(/^\/dev\/mapper\//, '');
}

function onDevice(call: Call, ioctl: string, act: (cell: HashCell) => number): ToolAnswer {
  const name = nameOf(call.words[0] ?? '');
  const cell = find_device(call.linux, name);
  const error = cell === undefined ? -E.ENXIO : act(cell);
  return error === 0 ? done : ioctlFailed({ ioctl, name }, error);
}

/** Makes a device, loads its table, resumes it; where one of these fails the device goes again. */
function create(call: Call): ToolAnswer {
  const { linux, options } = call;
  const name = nameOf(call.words[0] ?? '');
  const specs = parseTable(call);
  if (typeof specs === 'string') return failed(specs);
  const cell = dev_create(linux, name);
  if (typeof cell === 'number') return ioctlFailed({ ioctl: 'create', name }, cell);
  const { disk } = cell.md;
  linux.block.links.set(`mapper/${name}`, disk.disk_name);
  if (options.has('--notable') || options.has('-n')) return done;
  const device = `(${disk.major}:${disk.first_minor})`;
  let ioctl = 'reload';
  let error = table_load(cell, specs);
  if (error === 0) {
    ioctl = 'resume';
    error = do_resume(cell, flagsOf(call));
  }
  if (error === 0) return done;
  removeCell(linux, cell);
  return ioctlFailed({ ioctl, name, device }, error);
}

function reload(call: Call): ToolAnswer {
  const specs = parseTable(call);
  if (typeof specs === 'string') return failed(specs);
  return onDevice(call, 'reload', (cell) => table_load(cell, specs));
}

/** Lines of a table, or what is wrong with one. */
function parseTable(call: Call): readonly TargetSpec[] | string {
  const specs: TargetSpec[] = [];
  for (const [i, line] of call.table.split('\n').entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const match = /^\s*(\d+)\s+(\d+)\s+(\S+)\s*(.*)$/.exec(line);
    if (match === null) return `Invalid format on line ${i + 1} of table on ${call.source}`;
    const [, start, length, type = '', params = ''] = match;
    specs.push({ start: Number(start), length: Number(length), type, params });
  }
  return specs;
}

function removeCell(linux: Linux, cell: HashCell): number {
  const error = dev_remove(cell);
  if (error === 0) linux.block.links.delete(`mapper/${cell.name}`);
  return error;
}

/** With `--force` the table becomes one of errors first. */
function remove(call: Call): ToolAnswer {
  return onDevice(call, 'remove', (cell) => {
    const size = cell.md.disk.capacity.peek();
    if ((call.options.has('--force') || call.options.has('-f')) && size > 0) {
      const error = { start: 0, length: size, type: 'error', params: '' };
      if (table_load(cell, [error]) === 0) do_resume(cell, { lockfs: true, noflush: true });
    }
    return removeCell(call.linux, cell);
  });
}

/** Devices that are open stay, and that is no failure. */
function removeAll({ linux }: Call): ToolAnswer {
  for (const name of remove_all(linux)) linux.block.links.delete(`mapper/${name}`);
  return done;
}

/** One line for each target of the live table; of all devices where none is named. */
function show(call: Call, what: 'table' | 'status'): ToolAnswer {
  const { linux, words, options } = call;
  const { cells } = subsystem(linux, DeviceMapper);
  const named = words.map((word) => find_device(linux, nameOf(word)));
  if (named.includes(undefined)) {
    if (what === 'status') return failed('Device does not exist.');
    return ioctlFailed({ ioctl: 'table', name: nameOf(at(words, 0)) }, -E.ENXIO);
  }
  const shown = words.length === 0 ? cells : named.filter((cell) => cell !== undefined);
  const lines = shown.flatMap((cell) => {
    const map = options.has('--inactive') ? cell.new_map : cell.md.map.peek();
    const prefix = words.length === 1 ? '' : `${cell.name}: `;
    return (map?.targets ?? []).map((ti) => {
      const ops = targetOps(ti);
      const showKeys = options.has('--showkeys');
      const text = what === 'table' ? ops.table(showKeys) : (ops.status?.() ?? '');
      return `${prefix}${ti.begin} ${ti.len} ${ti.type.name} ${text}`;
    });
  });
  if (lines.length === 0 && words.length === 0) return { ...done, stdout: 'No devices found' };
  return { ...done, stdout: lines.join('\n') };
}

function list({ linux }: Call): ToolAnswer {
  const cells = [...subsystem(linux, DeviceMapper).cells];
  if (cells.length === 0) return { ...done, stdout: 'No devices found' };
  const lines = cells
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, md }) => `${name}\t(${md.disk.major}:${md.disk.first_minor})`);
  return { ...done, stdout: lines.join('\n') };
}

function deps(call: Call): ToolAnswer {
  const name = nameOf(call.words[0] ?? '');
  const cell = find_device(call.linux, name);
  if (cell === undefined) return failed('Device does not exist.');
  const map = cell.md.map.peek();
  const used = [...(map?.devices.values() ?? [])].map(({ dm_dev }) => {
    return ` (${dm_dev.name.replace(':', ', ')})`;
  });
  return { ...done, stdout: `${used.length} dependencies\t:${used.join('')}` };
}

/** `message DEVICE SECTOR WORDS`. @source drivers/md/dm-ioctl.c target_message() v6.12 */
function message(call: Call): ToolAnswer {
  const [, sectorText = '', ...words] = call.words;
  return onDevice(call, 'message', ({ md }) => {
    const sector = Number(sectorText);
    const ti = md.map
      .peek()
      ?.targets.find((one) => sector >= one.begin && sector < one.begin + one.len);
    if (ti === undefined) return -E.EINVAL;
    return targetOps(ti).message?.(words) ?? -E.EINVAL;
  });
}

function rename(call: Call): ToolAnswer {
  const { linux } = call;
  const to = nameOf(call.words[1] ?? '');
  return onDevice(call, 'rename', (cell) => {
    if (find_device(linux, to) !== undefined) return -E.EBUSY;
    linux.block.links.delete(`mapper/${cell.name}`);
    cell.name = to;
    linux.block.links.set(`mapper/${to}`, cell.md.disk.disk_name);
    return 0;
  });
}
