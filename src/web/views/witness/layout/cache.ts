// The caches of one frame as positions: sets in rows, ways in columns. Only sets that a copy can be
// in are shown, the rest as gaps; the copies of one line are joined.

import type { Film, FilmCache, FilmCopy, FrameCopy } from '../../../../verdict/index.ts';
import { counted, countWord, widest, widthOf } from './text.ts';

/** A copy in its place, or the place without one. */
export interface CellBox {
  readonly x: number;
  readonly y: number;
  readonly way: number;
  /** The copy that is there. */
  readonly copy?: CopyBox;
  /** The copy that has just left: `x under u`. */
  readonly left?: string;
  /** How: `evicted`, or `lost` where nothing wrote it back. */
  readonly how?: string;
  /** Its key. */
  readonly leftKey?: string;
}

/** What is written in the box of a copy. */
export interface CopyBox {
  readonly key: string;
  /** `x under k and u`. */
  readonly title: string;
  readonly value: string;
  readonly state: 'clean' | 'dirty';
  readonly old: boolean;
  readonly changed: boolean;
  /** This step takes its value from it. */
  readonly isRead: boolean;
  /** The model keeps it though the set has no way for it. */
  readonly isBeyond: boolean;
}

/** A set. */
export interface SetRow {
  readonly label: string;
  /** `colour 1`; absent where the cache has one colour. */
  readonly colour?: string;
  readonly y: number;
  readonly cells: readonly CellBox[];
}

/** A text between the rows: sets that are left out. */
export interface GapText {
  readonly text: string;
  readonly y: number;
}

/** One cache of one CPU. */
export interface CacheBox {
  readonly title: string;
  readonly y: number;
  readonly rows: readonly SetRow[];
  readonly gaps: readonly GapText[];
  /** `and 62 more ways`, beside each row; absent where all are shown. */
  readonly moreWays?: string;
}

/** Copies of one line, joined by a bracket. */
export interface Join {
  readonly line: string;
  readonly label: string;
  /** Corners of the bracket. */
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly labelX: number;
  readonly labelY: number;
}

/** All caches. */
export interface CacheLayout {
  readonly caches: readonly CacheBox[];
  readonly joins: readonly Join[];
  /** Where the grid begins and ends, and how wide a cell is. */
  readonly gridLeft: number;
  readonly gridRight: number;
  readonly cellWidth: number;
  /** Right of the grid and what is beside it, and of the titles. */
  readonly besideRight: number;
  readonly titleRight: number;
  readonly height: number;
}

/** Height of a cell. */
export const CELL = 66;
/** Between rows: room for a gap's text, a bracket and its label. */
export const GAP = 48;
const TITLE = 44;
const BRACKET = 26;
const INDENT = 14;
const SPACE = 10;

/** Places the caches of frame `at` (0: before the first step). */
export function cachesOf(film: Film, at: number): CacheLayout {
  const labels = film.copies.flatMap(({ set, colour }) => [`set ${set}`, colourText(colour) ?? '']);
  const gridLeft = 12 + widest([...labels, '9999 more sets'], 12) + BRACKET;
  const cellWidth = Math.max(132, ...film.copies.map((copy) => cellWidthOf(film, copy)));
  const boxes: CacheBox[] = [];
  let y = 0;
  let gridRight = gridLeft;
  let besideRight = gridLeft;
  let titleRight = 0;
  for (const { cache, cpu } of cachesIn(film)) {
    const box = cacheBox(film, at, { cache, cpu, y, gridLeft, cellWidth });
    boxes.push(box);
    const ways = Math.max(1, ...box.rows.map(({ cells }) => cells.length));
    gridRight = Math.max(gridRight, gridLeft + ways * (cellWidth + SPACE) - SPACE);
    const more = box.moreWays === undefined ? 0 : SPACE + widthOf(box.moreWays, 12);
    besideRight = Math.max(besideRight, gridRight + more);
    titleRight = Math.max(titleRight, 12 + widthOf(box.title, 12));
    y = heightOf(box);
  }
  return {
    caches: boxes,
    joins: joinsOf(film, boxes, { gridLeft, cellWidth }),
    gridLeft,
    gridRight,
    cellWidth,
    besideRight,
    titleRight,
    height: y,
  };
}

function heightOf({ rows, y }: CacheBox): number {
  return (rows.at(-1)?.y ?? y + TITLE) + CELL + GAP;
}

function cachesIn({ copies }: Film) {
  const seen = new Map<string, { cache: FilmCopy['cache']; cpu: number }>();
  for (const { cache, cpu } of copies) seen.set(`${cache} ${cpu}`, { cache, cpu });
  return [...seen.values()].toSorted(
    (a, b) => Number(a.cache === 'fetch') - Number(b.cache === 'fetch') || a.cpu - b.cpu,
  );
}

interface Placing {
  readonly cache: FilmCopy['cache'];
  readonly cpu: number;
  readonly y: number;
  readonly gridLeft: number;
  readonly cellWidth: number;
}

function cacheBox(film: Film, at: number, placing: Placing): CacheBox {
  const { cache, cpu, y } = placing;
  const figures = cache === 'data' ? film.geometry.data : film.geometry.fetch;
  const own = film.copies.filter((one) => one.cache === cache && one.cpu === cpu);
  const sets = [...new Set(own.map(({ set }) => set))].toSorted((a, b) => a - b);
  const ways = shownWays(film, own, figures);
  const gaps: GapText[] = [];
  let rowY = y + TITLE;
  const rows = sets.map((set, i): SetRow => {
    const left = set - (sets[i - 1] ?? -1) - 1;
    // A first gap stands above the first row; later ones in the space that is there anyway.
    if (i === 0 && left > 0) rowY += 8;
    if (left > 0) gaps.push({ text: counted(left, 'more set'), y: rowY - (i ? GAP / 2 : 12) });
    const row = setRow(film, at, { ...placing, set, ways, rowY, ...(figures ? { figures } : {}) });
    rowY += CELL + GAP;
    return row;
  });
  const after = (figures?.sets ?? 0) - (sets.at(-1) ?? 0) - 1;
  if (after > 0) gaps.push({ text: counted(after, 'more set'), y: rowY - GAP / 2 });
  const more = (figures?.ways ?? 0) - ways;
  return {
    title: titleOf(film, { cache, cpu, figures }),
    y,
    rows,
    gaps,
    ...(more > 0 ? { moreWays: `and ${counted(more, 'more way')}` } : {}),
  };
}

function setRow(
  film: Film,
  at: number,
  of: Placing & {
    readonly set: number;
    readonly ways: number;
    readonly rowY: number;
    readonly figures?: FilmCache;
  },
): SetRow {
  const { cache, cpu, set, ways, rowY, gridLeft, cellWidth, figures } = of;
  const here = film.copies.flatMap((copy, i) =>
    copy.cache === cache && copy.cpu === cpu && copy.set === set ? [{ copy, i }] : [],
  );
  const cells = Array.from({ length: ways }, (_, way): CellBox => {
    const placed = { x: gridLeft + way * (cellWidth + SPACE), y: rowY, way };
    const inWay = (frame: number) =>
      here.find(({ i }) => film.frames[frame]?.copies[i]?.way === way);
    const now = inWay(at);
    const before = at > 0 ? inWay(at - 1) : undefined;
    const held = now && film.frames[at]?.copies[now.i];
    if (now && held && held.state !== 'absent') {
      const isBeyond = figures !== undefined && way >= figures.ways;
      return { ...placed, copy: copyBox(film, at, { copy: now.copy, held, isBeyond }) };
    }
    if (before === undefined) return placed;
    const { key } = before.copy;
    const left = titleOfCopy(film, before.copy);
    return { ...placed, left, how: leaving(film, at, before), leftKey: key };
  });
  const colour = colourText(here[0]?.copy.colour);
  return { label: `set ${set}`, ...(colour === undefined ? {} : { colour }), y: rowY, cells };
}

/** How a copy has left: a dirty one whose values memory has not got is lost. */
function leaving(
  film: Film,
  at: number,
  { copy, i }: { readonly copy: FilmCopy; readonly i: number },
): string {
  const was = film.frames[at - 1]?.copies[i];
  const memory = film.frames[at]?.memory.find(({ line }) => line === copy.line);
  const isDirty = was?.state === 'dirty';
  if (isDirty && was.values.join() !== memory?.values.join()) return 'lost';
  if (film.frames[at]?.crashed === true) return isDirty ? 'written back' : 'gone (was clean)';
  const actor = film.actors.find(({ key }) => key === film.steps[at - 1]?.actor);
  return actor?.kind === 'thread' ? 'left the cache' : 'evicted';
}

function copyBox(
  film: Film,
  at: number,
  of: { readonly copy: FilmCopy; readonly held: FrameCopy; readonly isBeyond: boolean },
): CopyBox {
  const { copy, held, isBeyond } = of;
  return {
    key: copy.key,
    title: titleOfCopy(film, copy),
    value: valueText(held),
    state: held.state === 'dirty' ? 'dirty' : 'clean',
    old: held.old.includes(true),
    changed: at > 0 && (film.steps[at - 1]?.changed.includes(copy.key) ?? false),
    isRead: film.steps[at - 1]?.read?.copy === copy.key,
    isBeyond,
  };
}

/** `x under k and u`. */
export function titleOfCopy(film: Film, copy: FilmCopy): string {
  const line = film.lines.find(({ key }) => key === copy.line)?.name ?? '';
  return `${line} under ${[...new Set(copy.addresses)].join(' and ')}`;
}

/** What a copy holds: a number, or one for each cell. */
export function valueText({ values }: Pick<FrameCopy, 'values'>): string {
  return values.join(' ');
}

function cellWidthOf(film: Film, copy: FilmCopy): number {
  return 30 + widest([titleOfCopy(film, copy), 'o clean  old value', 'gone (was clean)']);
}

function colourText(colour: number | undefined): string | undefined {
  return colour === undefined ? undefined : `colour ${colour}`;
}

/** Ways that a copy is ever in, and one beside, so that there is room to be seen. */
function shownWays(film: Film, own: readonly FilmCopy[], figures: FilmCache | undefined): number {
  const keys = new Set(own.map(({ key }) => key));
  const used = film.frames.flatMap(({ copies }) =>
    copies.flatMap(({ key, way }) => (keys.has(key) && way !== undefined ? [way + 1] : [])),
  );
  const most = Math.max(1, ...used);
  return Math.max(most, Math.min(figures?.ways ?? 1, 2));
}

function titleOf(
  film: Film,
  { cache, cpu, figures }: Pick<Placing, 'cache' | 'cpu'> & { figures: FilmCache | undefined },
): string {
  const several = new Set(film.copies.map((copy) => copy.cpu)).size > 1;
  const name = cache === 'data' ? 'data cache' : 'instruction cache';
  const where = several ? `CPU ${cpu}, ${name}` : name;
  if (figures === undefined) return where;
  const { kind, sizeBytes, ways, lineBytes, write, isExample } = figures;
  const associativity = ways === 1 ? 'direct-mapped' : `${ways} ways`;
  const policy = write === undefined ? '' : `, write-${write}`;
  return (
    `${where}: ${kind.toUpperCase()}, ${sizeText(sizeBytes)}, ${associativity}, ` +
    `${lineBytes}-byte lines${policy}${isExample ? ' (an example)' : ''}`
  );
}

/** `32 KiB`, `256 bytes`. */
export function sizeText(bytes: number): string {
  return bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`;
}

function joinsOf(
  film: Film,
  boxes: readonly CacheBox[],
  { gridLeft, cellWidth }: { readonly gridLeft: number; readonly cellWidth: number },
): readonly Join[] {
  const cells = boxes.flatMap(({ rows }) => rows.flatMap((row) => row.cells));
  return film.lines.flatMap((line, i): readonly Join[] => {
    const keys = new Set(film.copies.flatMap((c) => (c.line === line.key ? [c.key] : [])));
    const held = cells.filter(({ copy }) => copy !== undefined && keys.has(copy.key));
    if (held.length < 2) return [];
    const label = `one line of memory, ${countWord(held.length)} copies`;
    const first = held[0];
    const last = held.at(-1);
    if (!first || !last) return [];
    const inset = INDENT - 3 * (i % 3);
    if (first.y === last.y) {
      const low = first.y + CELL + 10;
      const middle = (cell: CellBox) => cell.x + cellWidth / 2;
      const points = [
        [middle(first), first.y + CELL],
        [middle(first), low],
        [middle(last), low],
        [middle(last), last.y + CELL],
      ] as const;
      return [{ line: line.key, label, points, labelX: middle(first) + 8, labelY: low + 16 }];
    }
    const x = gridLeft - inset;
    const levels = held.map(({ y }) => y + CELL / 2);
    const points = levels.flatMap((y) => {
      // There and back: one path for all arms of the bracket.
      const end = held.find((cell) => cell.y + CELL / 2 === y)?.x ?? gridLeft;
      return [
        [x, y],
        [end, y],
        [x, y],
      ] as const;
    });
    const labelY = first.y + CELL + 18;
    return [{ line: line.key, label, points, labelX: x + 10, labelY }];
  });
}
