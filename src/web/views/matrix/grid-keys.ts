// How the keys move in a grid: from cell to cell, and between the heads of rows and columns. The
// second row of heads is left out: it has nothing to open.

/** Puts one cell of the grid, and no other, into the order of Tab. */
export function place(table: HTMLTableElement, target: EventTarget | null): void {
  const cell = target instanceof Element ? target.closest('td, th') : null;
  if (!(cell instanceof HTMLTableCellElement) || cell.tabIndex === 0) return;
  for (const old of table.querySelectorAll<HTMLElement>('[tabindex="0"]')) old.tabIndex = -1;
  cell.tabIndex = 0;
}

/** Rows that a page has. */
const PAGE = 8;

/** Moves the focus as a key says; false: the key is none of the grid's. */
export function step(
  table: HTMLTableElement,
  { key, ctrlKey, target }: { key: string; ctrlKey: boolean; target: EventTarget | null },
): boolean {
  const cell = target instanceof Element ? target.closest('td, th') : null;
  const body = table.tBodies[0];
  if (!(cell instanceof HTMLTableCellElement) || body === undefined) return false;
  const at = positionOf(cell);
  const last = { row: body.rows.length - 1, column: (body.rows[0]?.cells.length ?? 0) - 1 };
  const to = moved(at, { key, ctrlKey }, last);
  if (to === undefined) return false;
  const next = cellAt(table, within(to, last));
  next?.focus();
  return true;
}

interface Position {
  /** -1: the heads of the columns. */
  readonly row: number;
  /** 0: the heads of the rows. */
  readonly column: number;
  /** Columns that the cell spans. */
  readonly span: number;
}

function positionOf(cell: HTMLTableCellElement): Position {
  const row = cell.parentElement;
  if (!(row instanceof HTMLTableRowElement)) return { row: 0, column: 0, span: 1 };
  if (cell.closest('thead') === null) {
    return { row: row.sectionRowIndex, column: cell.cellIndex, span: 1 };
  }
  const before = [...row.cells].slice(0, cell.cellIndex);
  const column = before.reduce((sum, { colSpan }) => sum + colSpan, 0);
  return { row: -1, column, span: cell.colSpan };
}

type Target = Pick<Position, 'row' | 'column'>;

function moved(
  { row, column, span }: Position,
  { key, ctrlKey }: { readonly key: string; readonly ctrlKey: boolean },
  last: Target,
): Target | undefined {
  switch (key) {
    case 'ArrowRight':
      return { row, column: column + span };
    case 'ArrowLeft':
      return { row, column: column - 1 };
    case 'ArrowDown':
      return { row: row + 1, column };
    case 'ArrowUp':
      return { row: row - 1, column };
    case 'PageDown':
      return { row: row + PAGE, column };
    case 'PageUp':
      return { row: Math.max(0, row - PAGE), column };
    case 'Home':
      return { row: ctrlKey ? 0 : row, column: 0 };
    case 'End':
      return { row: ctrlKey ? last.row : row, column: last.column };
    default:
      return undefined;
  }
}

function within({ row, column }: Target, last: Target): Target {
  const inRow = Math.min(Math.max(row, -1), last.row);
  // The corner has nothing to say.
  const first = inRow < 0 ? 1 : 0;
  return { row: inRow, column: Math.min(Math.max(column, first), last.column) };
}

function cellAt(table: HTMLTableElement, { row, column }: Target) {
  if (row >= 0) return table.tBodies[0]?.rows[row]?.cells[column];
  let end = 0;
  for (const head of table.tHead?.rows[0]?.cells ?? []) {
    end += head.colSpan;
    if (column < end) return head;
  }
  return undefined;
}
