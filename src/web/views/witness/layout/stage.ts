// What is where in one frame, as positions: the caches, and beside them memory, page tables,
// registers and locks, with arrows where a line moves between a cache and memory.

import type { Film, FilmFrame } from '../../../../verdict/index.ts';
import { type CacheLayout, cachesOf } from './cache.ts';
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
  readonly y: number;
}

/** A row of a table beside the caches. */
export interface PanelRow {
  readonly key: string;
  readonly text: string;
  readonly changed: boolean;
  readonly y: number;
}

/** A table with its title. */
export interface Panel {
  readonly title: string;
  readonly y: number;
  readonly rows: readonly PanelRow[];
}

/** A line on its way. */
export interface Flow {
  readonly kind: 'fill' | 'write-back' | 'write-through';
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
/** Height of a row of a table. */
export const LINE = 22;
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
      : Math.max(caches.besideRight + CHANNEL, caches.titleRight + 20);
  const memory = memoryBoxes(film, frame, isChanged);
  const memoryEnd = TITLE + memory.length * (MEMORY + 10);
  const panels = panelsOf(film, frame, { isChanged, top: memoryEnd + SPACE });
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
    flows: isMoving ? flowsOf(film, at, { caches, memory, panelLeft }) : [],
  };
}

const MEMORY_TITLE = 'memory, or the medium';

function memoryBoxes(
  film: Film,
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
      y: TITLE + i * (MEMORY + 10),
    };
  });
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

function panelsOf(
  film: Film,
  frame: FilmFrame,
  { isChanged, top }: { isChanged: (key: string) => boolean; top: number },
): readonly Panel[] {
  const parts: readonly (readonly [title: string, rows: readonly Omit<PanelRow, 'y'>[]])[] = [
    ['page tables', reachRows(film, frame, isChanged)],
    [
      'registers',
      frame.registers.map(({ key, name, value }) => ({
        key,
        text: `${name} = ${value}`,
        changed: isChanged(key),
      })),
    ],
    [
      'locks',
      frame.locks.map(({ key, name, state, readers }) => ({
        key,
        text: `${name}: ${state === 'shared' ? `held by ${readers} for reading` : state}`,
        changed: isChanged(key),
      })),
    ],
  ];
  const panels: Panel[] = [];
  let y = top;
  for (const [title, rows] of parts) {
    if (rows.length === 0) continue;
    const first = y + TITLE;
    panels.push({ title, y, rows: rows.map((row, i) => ({ ...row, y: first + i * LINE })) });
    y = first + rows.length * LINE + SPACE;
  }
  return panels;
}

function reachRows(
  film: Film,
  frame: FilmFrame,
  isChanged: (key: string) => boolean,
): readonly Omit<PanelRow, 'y'>[] {
  const bits = film.geometry.addressBits;
  const name = Math.max(0, ...film.mappings.map((m) => m.name.length));
  return frame.reach.flatMap(({ key, mapping, mapped }) => {
    const own = film.mappings.find((one) => one.key === mapping);
    const found = film.addresses.find((one) => one.mapping === mapping);
    if (own === undefined || found === undefined) return [];
    const { pageBytes } = film.geometry;
    const page = (address: number) => hex(address - (address % pageBytes), bits);
    const where = mapped ? page(found.physical) : 'not mapped';
    const around = own.uncached ? ', uncached' : '';
    const text = `${own.name.padEnd(name)} ${page(found.virtual)} \u2192 ${where}${around}`;
    return [{ key, text, changed: isChanged(key) }];
  });
}

function flowsOf(
  film: Film,
  at: number,
  of: {
    readonly caches: CacheLayout;
    readonly memory: readonly MemoryBox[];
    readonly panelLeft: number;
  },
): readonly Flow[] {
  const { caches, memory, panelLeft } = of;
  const moves = movesOf(film, at);
  return moves.flatMap(({ kind, key, line }, i): readonly Flow[] => {
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
}

interface Move {
  readonly kind: Flow['kind'];
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
