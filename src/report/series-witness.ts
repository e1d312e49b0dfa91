// A way through an attach as text: the steps that can fail, what was taken and given back, and
// where it ended.

import { never } from '../base/index.ts';
import { errnoName } from '../kernel/index.ts';
import type { AttachEvent } from '../scenario/index.ts';

/** The events of a way, one line for each that says something, numbered. */
export function attachWitnessLines(events: readonly AttachEvent[]): readonly string[] {
  const lines = events.map(eventText).filter((line) => line !== undefined);
  const width = String(lines.length).length;
  return lines.map((line, i) => `${String(i + 1).padStart(width)}  ${line}`);
}

function eventText(event: AttachEvent): string | undefined {
  switch (event.kind) {
    case 'step':
      return `${event.says}  (${event.at.file}:${event.at.line})`;
    case 'question':
      return `${event.what}: ${event.yes ? 'yes' : 'no'}`;
    case 'chance':
      return `${event.what}${event.fails ? '  FAILS' : ''}`;
    case 'phase':
      return `--- ${event.what}`;
    case 'note':
      return `=> ${event.says}`;
    case 'result':
      return `=> the attach gives ${event.rc === 0 ? '0' : `-${errnoName(event.rc)}`}`;
    case 'oops':
      return `OOPS: ${event.says}`;
    case 'set':
      return setText(event);
    default:
      return never(event, 'event of an attach');
  }
}

type SetEvent = Extract<AttachEvent, { kind: 'set' }>;

/** Tables whose changes are told, by the name they start with: taken, and given back. */
const TOLD: readonly (readonly [name: string, taken: string, given: string])[] = [
  ['allocated disks', 'a disk is allocated', 'put_disk: the disk is freed'],
  ['disks of brd', '', ''],
  ['disks', 'the disk is published', 'the disk is taken out of sight'],
  ['dax_minor_ida', 'alloc_dax: minor # of dax_minor_ida', 'put_dax: minor # is free again'],
  ['inode of dax', 'DAX device # is made', 'put_dax: DAX device # is freed'],
  ['dax_hosts', 'dax_add_host: a host entry', 'dax_remove_host: the host entry goes'],
  ['dax_dev of', 'pmem->dax_dev is assigned', 'pmem->dax_dev is cleared'],
  ['fs->dax_dev', 'fs->dax_dev is assigned', 'fs->dax_dev is cleared'],
  ['iomem', 'the region is reserved', 'the region is released'],
  ['memremap', 'the memory is mapped', 'the memory is unmapped'],
  ['ranges of dax regions', 'a range of the dax region is taken', 'the range is given back'],
  ['_minor_idr', 'minor # of dm', 'free_minor: minor # of dm'],
  ['NULL taken', 'NULL is taken for a DAX device', ''],
];

/** `#` stands for the number of the cell. */
function setText({ table, key, before, after }: SetEvent): string | undefined {
  const flags = flagsText(table, before, after);
  if (flags !== undefined) return flags;
  if (typeof before === 'number' && typeof after === 'number')
    return countText(table, before, after);
  if (Array.isArray(before) && Array.isArray(after)) return listText(table, before, after);
  const told = TOLD.find(([name]) => table.startsWith(name));
  if (told === undefined) return undefined;
  const [, taken, given] = told;
  const text = after === undefined || after === false ? given : taken;
  return text === '' ? undefined : `  ${text.replace('#', String(key))}`;
}

const DAX_FLAGS = ['ALIVE', 'WRITE_CACHE', 'SYNC', 'NOCACHE', 'NOMC'] as const;

/** Changes of the flags of a DAX device: `DAXDEV_ALIVE is cleared`. */
function flagsText(table: string, before: unknown, after: unknown): string | undefined {
  if (!table.startsWith('flags of dax')) return undefined;
  if (typeof before !== 'number' || typeof after !== 'number') return undefined;
  const changed = before ^ after;
  const names = DAX_FLAGS.filter((_, bit) => (changed >> bit) & 1).map((name) => `DAXDEV_${name}`);
  const cleared = (before & changed) !== 0;
  return `  ${names.join(', ')} ${cleared ? 'is cleared (kill_dax)' : 'is set'}`;
}

function countText(table: string, before: number, after: number): string | undefined {
  if (!table.startsWith('references') && !table.startsWith('i_count')) return undefined;
  const what = table.replace('i_count of dax device', 'references of DAX device');
  return `  ${what}: ${before} -> ${after}`;
}

function listText(
  table: string,
  before: readonly unknown[],
  after: readonly unknown[],
): string | undefined {
  if (table.startsWith('refusals of alloc_dax')) {
    return `  alloc_dax() gives ${String(after.at(-1)).replace(/^(\S+) (\S+)$/, '$2 to $1')}`;
  }
  const known = ['loaded segments', 'dcssblk device files', 'bound dax devices'];
  const name = known.find((one) => table.startsWith(one));
  if (name === undefined) return table.startsWith('NULL taken') ? `  ${TAKEN}` : undefined;
  const added = after.length > before.length;
  const names = added ? after : before;
  return `  ${name}: ${String(names.at(-1))} is ${added ? 'added' : 'removed'}`;
}

const TAKEN = 'the test of the answer lets NULL through';
