// What is where in one frame, as positions: the caches, and beside them memory, page tables,
// registers and locks, with arrows where a line moves between a cache and memory, and to the
// register that a step reads into.

import type { Film, FilmFrame } from '../../../../verdict/index.ts';
import { type CacheLayout, cachesOf, CELL } from './cache.ts';
import { LAST_READ, LINE, type Panel, panelsOf } from './panels.ts';
import { readLabel } from './reads.ts';
import { hex, widest } from './text.ts';

/** A line of memory. */
export interface MemoryBox {
  readonly key: string;
  /** Key of the line. */
  readonly line: string;
  readonly name: string;
  readonly value: string;
  readonly word: string;
  /** `behind`: not the newest, but a dirty copy has that and will be written back. */
  readonly state: 'newest' | 'behind' | 'old';
  readonly changed: boolean;
  /** This step takes its value from it. */
  readonly isRead: boolean;
  readonly y: number;
}

/** A line on its way. */
export interface Flow {
  readonly kind: 'fill' | 'write-back' | 'write-through' | 'read';
  readonly label: string;
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly labelX: number;
  readonly labelY: number;
}

/** One frame. */
export interface Stage {
  readonly width: number;
  readonly height: number;
  readonly caches: CacheLayout;
  readonly panelLeft: number;
  readonly panelWidth: number;
  readonly memoryTitle: string;
  readonly memory: readonly MemoryBox[];
  readonly panels: readonly Panel[];
  readonly flows: readonly Flow[];
}

/** Height of a memory box. */
export const MEMORY = 54;
const TITLE = 26;
const SPACE = 18;
/** Between caches and memory: room for arrows and their words. */
const CHANNEL = 118;

/** Places frame `at` (0: before the first step). */
export function stageOf(film: Film, at: number): Stage {
  const frame = film.frames[at];
  if (frame === undefined) throw new RangeError(`no frame ${at}`);
  const caches = cachesOf(film, at);
  const isChanged = (key: string) => at > 0 && (film.steps[at - 1]?.changed.includes(key) ?? false);
  const panelLeft =
    caches.caches.length === 0
      ? 12
      : Math.max(caches.besideRight + channelOf(film), caches.titleRight + 20);
  const memory = memoryBoxes(film, at, frame, isChanged);
  const memoryEnd = TITLE + memory.length * (MEMORY + 10);
  const panels = panelsOf(film, at, memoryEnd + SPACE);
  const end = (panels.at(-1)?.rows.at(-1)?.y ?? memoryEnd) + LINE;
  const texts = [
    ...panels.flatMap(({ title, rows }) => [title, ...rows.map(({ text }) => text)]),
    ...memory.flatMap(({ name, value, word }) => [`${name}  ${value}`, word]),
    MEMORY_TITLE,
  ];
  const panelWidth = widest(texts) + 34;
  const isMoving = at > 0;
  return {
    width: panelLeft + panelWidth + 8,
    height: Math.max(end, caches.height) + 6,
    caches,
    panelLeft,
    panelWidth,
    memoryTitle: MEMORY_TITLE,
    memory,
    panels,
    flows: isMoving ? flowsOf(film, at, { caches, memory, panels, panelLeft }) : [],
  };
}

const MEMORY_TITLE = 'memory, or the medium';

/** As wide as the words beside the arrows are, in any frame: nothing then moves between frames. */
function channelOf({ steps }: Film): number {
  const labels = steps.flatMap(({ read }) => (read ? [readLabel(read)] : []));
  return Math.max(CHANNEL, 48 + widest(labels, 12));
}

function memoryBoxes(
  film: Film,
  at: number,
  frame: FilmFrame,
  isChanged: (key: string) => boolean,
): readonly MemoryBox[] {
  return frame.memory.map(({ key, line, values, newest, old }, i): MemoryBox => {
    const state = !old.includes(true) ? 'newest' : isHeld(film, frame, line) ? 'behind' : 'old';
    const last = newest.join(' ');
    return {
      key,
      line,
      name: memoryName(film, line),
      value: values.join(' '),
      word: {
        newest: 'has the newest value',
        behind: `a dirty copy has the newest: ${last}`,
        old: `old: the newest is ${last}`,
      }[state],
      state,
      changed: isChanged(key),
      isRead: isReadFrom(film, at, line),
      y: TITLE + i * (MEMORY + 10),
    };
  });
}

/** Whether a step takes its value from memory: it misses, or goes around the cache. */
function isReadFrom({ steps }: Film, at: number, line: string): boolean {
  const read = steps[at - 1]?.read;
  return read !== undefined && !read.isHit && read.line === line;
}

/** Whether a dirty copy has all that was stored to a line. */
function isHeld(film: Film, frame: FilmFrame, line: string): boolean {
  return film.copies.some((copy, i) => {
    const held = frame.copies[i];
    return copy.line === line && held?.state === 'dirty' && !held.old.includes(true);
  });
}

/** A line's name, with its page frame where several lines have that name. */
function memoryName(film: Film, key: string): string {
  const own = film.lines.find((line) => line.key === key);
  const name = own?.name ?? '';
  if (film.lines.filter((line) => line.name === name).length < 2) return name;
  const found = film.addresses.find(({ line }) => line === key);
  return found === undefined
    ? `${name} in ${own?.page ?? ''}`
    : `${name} at ${hex(found.physical, film.geometry.addressBits)}`;
}

function flowsOf(
  film: Film,
  at: number,
  of: {
    readonly caches: CacheLayout;
    readonly memory: readonly MemoryBox[];
    readonly panels: readonly Panel[];
    readonly panelLeft: number;
  },
): readonly Flow[] {
  const { caches, memory, panelLeft } = of;
  const moves = movesOf(film, at);
  const lines = moves.flatMap(({ kind, key, line }, i): readonly Flow[] => {
    const cell = cellOf(caches, key);
    const box = memory.find((one) => one.line === line);
    if (cell === undefined || box === undefined) return [];
    const shift = 9 * i;
    const x = caches.besideRight + 12 + shift;
    const over = cell.y - 12;
    const start = cell.x + caches.cellWidth - 24 - shift;
    const level = box.y + MEMORY / 2 + shift;
    const path = [
      [start, cell.y],
      [start, over],
      [x, over],
      [x, level],
      [panelLeft, level],
    ] as const;
    const label = { fill: 'filled', 'write-back': 'written back', 'write-through': 'stored' }[kind];
    const points = kind === 'fill' ? path.toReversed() : path;
    // Beside the arrow, where nothing else is: between the grid and memory.
    return [{ kind, label, points, labelX: x + 6, labelY: level - 8 }];
  });
  return [...readFlow(film, at, { ...of, shift: 9 * moves.length }), ...lines];
}

/** The arrow of a value from where it is read to the register, or to what is told of the read. */
function readFlow(
  film: Film,
  at: number,
  of: {
    readonly caches: CacheLayout;
    readonly memory: readonly MemoryBox[];
    readonly panels: readonly Panel[];
    readonly panelLeft: number;
    readonly shift: number;
  },
): readonly Flow[] {
  const { caches, memory, panels, panelLeft, shift } = of;
  const read = film.steps[at - 1]?.read;
  const rows = panels.flatMap((panel) => panel.rows);
  const row = read && rows.find(({ key }) => key === (read.register ?? LAST_READ));
  if (!read || !row) return [];
  const level = row.y + LINE / 2 - 1;
  const label = readLabel(read);
  const cell = read.copy === undefined ? undefined : cellOf(caches, read.copy);
  if (cell?.copy) {
    const x = caches.besideRight + 12 + shift;
    const start = cell.x + caches.cellWidth - 24;
    const under = cell.y + CELL + 5;
    const points = [
      [start, cell.y + CELL],
      [start, under],
      [x, under],
      [x, level],
      [panelLeft, level],
    ] as const;
    return [{ kind: 'read', label, points, labelX: x + 6, labelY: level - 8 }];
  }
  const box = memory.find(({ line }) => line === read.line);
  const x = panelLeft - 14;
  if (box === undefined || x < 0) return [];
  const from = box.y + MEMORY - 12;
  const points = [
    [panelLeft, from],
    [x, from],
    [x, level],
    [panelLeft, level],
  ] as const;
  return [{ kind: 'read', label, points, labelX: x - 6 - widest([label], 12), labelY: level - 8 }];
}

interface Move {
  readonly kind: 'fill' | 'write-back' | 'write-through';
  /** Key of the copy. */
  readonly key: string;
  /** Key of its line. */
  readonly line: string;
}

/** What a step has moved between caches and memory, read off the frames around it. */
export function movesOf(film: Film, at: number): readonly Move[] {
  const before = film.frames[at - 1];
  const after = film.frames[at];
  if (before === undefined || after === undefined) return [];
  return film.copies.flatMap(({ key, line }, i): readonly Move[] => {
    const was = before.copies[i];
    const is = after.copies[i];
    const memory = after.memory.find((one) => one.line === line);
    const old = before.memory.find((one) => one.line === line);
    if (!was || !is || !memory || !old) return [];
    const isStored = memory.values.join() !== old.values.join();
    if (was.state === 'dirty' && is.state !== 'dirty') {
      const isWritten = memory.values.join() === was.values.join() && !after.crashed;
      return isWritten ? [{ kind: 'write-back', key, line }] : [];
    }
    if (was.state === 'absent' && is.state !== 'absent') return [{ kind: 'fill', key, line }];
    const isThrough = is.state === 'clean' && isStored && is.values.join() === memory.values.join();
    return isThrough && was.values.join() !== is.values.join()
      ? [{ kind: 'write-through', key, line }]
      : [];
  });
}

/** The cell where a copy is, or has just been. */
function cellOf({ caches }: CacheLayout, key: string) {
  const cells = caches.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
  return cells.find(({ copy, leftKey }) => copy?.key === key || leftKey === key);
}
