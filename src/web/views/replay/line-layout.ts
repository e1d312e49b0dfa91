// Where the parts of the drawing of one line stand: the sets that hold its copies, way by way,
// memory beside them, and what joins the copies. Units are those of the drawing.

import type { CopySight, LineSight } from '../../../replay/index.ts';

/** A place in a set. */
export interface LineCell {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly way: number;
  /** What stands there: a copy of the line, another line, nothing, or ways that are left out. */
  readonly holds:
    | { readonly kind: 'copy'; readonly copy: CopySight }
    | { readonly kind: 'other'; readonly paddr: number }
    | { readonly kind: 'empty' }
    | { readonly kind: 'more'; readonly ways: number };
}

/** One set that holds a copy. */
export interface LineRow {
  readonly cpu: number;
  readonly set: number;
  readonly y: number;
  readonly cells: readonly LineCell[];
  /** Sets between this row and the one above it that are left out. */
  readonly skipped: number;
}

/** What joins a copy to memory or to the first copy. */
export interface LineJoin {
  /** The path, as SVG has it. */
  readonly path: string;
  /** Where the mark stands that says whether both ends hold the same bytes. */
  readonly mark: Point;
  readonly same: boolean;
  readonly between: 'copies' | 'memory';
}

/** A place of the drawing. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The drawing. */
export interface LineLayout {
  readonly width: number;
  readonly height: number;
  readonly rows: readonly LineRow[];
  readonly memory: Point;
  readonly joins: readonly LineJoin[];
}

/** Heights and widths of the parts. */
export const LINE_SIZES = {
  label: 74,
  copy: 138,
  narrow: 58,
  gap: 6,
  cell: 64,
  row: 100,
  head: 44,
  memory: 150,
  joints: 76,
} as const;

/** Of a cache with more ways only those that hold copies are drawn. */
const MOST_WAYS = 8;
/** Sets that are drawn. */
const MOST_ROWS = 6;

/** Lays out a line in a cache of `ways`. */
export function layOutLine(line: LineSight, ways: number): LineLayout {
  const S = LINE_SIZES;
  const columns = columnsOf(line, ways);
  const last = columns.at(-1);
  const width = last === undefined ? 0 : last.x + last.width + S.gap;
  const rows = rowsOf(line, columns);
  if (rows.length === 0) {
    const memory = { x: S.copy + S.gap, y: 4 };
    return { width: memory.x + S.memory + 2, height: S.cell + 8, rows, memory, joins: [] };
  }
  const bottom = S.head + rows.length * S.row;
  const memory = { x: width + S.joints, y: S.head + ((rows.length - 1) * S.row) / 2 };
  return {
    width: memory.x + S.memory + 2,
    height: bottom - (S.row - S.cell) + 24,
    rows,
    memory,
    joins: joinsOf(line, rows, memory),
  };
}

interface Column {
  readonly x: number;
  readonly width: number;
  readonly way: number;
  /** Ways that this column stands for, where they are left out. */
  readonly more: number;
}

function columnsOf({ copies }: LineSight, ways: number): readonly Column[] {
  if (copies.length === 0) return [];
  const S = LINE_SIZES;
  const columns: Column[] = [];
  let x: number = S.label;
  let more = 0;
  const add = (width: number, way: number, left: number): void => {
    columns.push({ x, width, way, more: left });
    x += width + S.gap;
  };
  for (let way = 0; way < ways; way++) {
    const isOfCopy = copies.some((copy) => copy.way === way);
    if (!isOfCopy && ways > MOST_WAYS) {
      more++;
      continue;
    }
    if (more > 0) add(S.narrow, way - more, more);
    more = 0;
    add(isOfCopy ? S.copy : S.narrow, way, 0);
  }
  if (more > 0) add(S.narrow, ways - more, more);
  return columns;
}

function rowsOf(line: LineSight, columns: readonly Column[]): readonly LineRow[] {
  const keys = [...new Set(line.copies.map(({ cpu, set }) => `${cpu} ${set}`))];
  const sets = keys
    .map((key) => key.split(' ').map(Number))
    .map(([cpu = 0, set = 0]) => ({ cpu, set }))
    .toSorted((a, b) => a.cpu - b.cpu || a.set - b.set)
    .slice(0, MOST_ROWS);
  return sets.map(({ cpu, set }, index) => {
    const y = LINE_SIZES.head + index * LINE_SIZES.row;
    const above = sets[index - 1];
    const skipped = above?.cpu === cpu ? set - above.set - 1 : 0;
    const cells = columns.map(({ x, width, way, more }) => {
      const holds =
        more > 0 ? ({ kind: 'more', ways: more } as const) : heldAt(line, cpu, set, way);
      return { x, y, width, way, holds };
    });
    return { cpu, set, y, cells, skipped };
  });
}

function heldAt(line: LineSight, cpu: number, set: number, way: number): LineCell['holds'] {
  const isHere = (one: { readonly cpu: number; readonly set: number; readonly way: number }) =>
    one.cpu === cpu && one.set === set && one.way === way;
  const copy = line.copies.find(isHere);
  if (copy) return { kind: 'copy', copy };
  const other = line.others.find(isHere);
  return other ? { kind: 'other', paddr: other.paddr } : { kind: 'empty' };
}

function joinsOf(line: LineSight, rows: readonly LineRow[], memory: Point): readonly LineJoin[] {
  const cells = rows.flatMap((row) => row.cells);
  const copies = cells.flatMap((cell) =>
    cell.holds.kind === 'copy' ? [{ cell, copy: cell.holds.copy }] : [],
  );
  const [first, ...others] = copies;
  if (first === undefined) return [];
  const toMemory = copies.map(({ cell, copy }, index): LineJoin => {
    const end = { x: memory.x, y: memory.y + 12 + Math.min(index, 2) * 20 };
    const same = copy.bytes === line.memory;
    return { ...underRow(cell, end, index), same, between: 'memory' };
  });
  const toCopies = others.map(({ cell, copy }): LineJoin => {
    const same = copy.bytes === first.copy.bytes;
    const drawn = cell.y === first.cell.y ? overRow(first.cell, cell) : down(first.cell, cell);
    return { ...drawn, same, between: 'copies' };
  });
  return [...toMemory, ...toCopies];
}

type Drawn = Pick<LineJoin, 'path' | 'mark'>;

/** Out at the foot of a cell, below its row, and up or down to memory. */
function underRow(cell: LineCell, end: Point, index: number): Drawn {
  const x = cell.x + cell.width * 0.75;
  const foot = cell.y + LINE_SIZES.cell;
  const channel = foot + 7 + (index % 2) * 6;
  const turn = end.x - 26 - (index % 4) * 9;
  const path = `M${x} ${foot}V${channel}H${turn}V${end.y}H${end.x}`;
  return { path, mark: { x: end.x - 13, y: end.y } };
}

/** An arc above the row, from one cell to another. */
function overRow(from: LineCell, to: LineCell): Drawn {
  const [a, b] = [from.x + from.width / 2, to.x + to.width / 2];
  const top = from.y - 18;
  const path = `M${a} ${from.y}C${a} ${top} ${b} ${top} ${b} ${to.y}`;
  return { path, mark: { x: (a + b) / 2, y: from.y - 13 } };
}

/** From the foot of one cell to the head of another in a row below. */
function down(from: LineCell, to: LineCell): Drawn {
  const [a, b] = [from.x + from.width * 0.3, to.x + to.width * 0.3];
  const [foot, head] = [from.y + LINE_SIZES.cell, to.y];
  const middle = (foot + head) / 2;
  const path = `M${a} ${foot}C${a} ${middle} ${b} ${middle} ${b} ${head}`;
  return { path, mark: { x: (a + b) / 2, y: middle } };
}
