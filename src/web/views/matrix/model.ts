// What a grid shows, as plain data: rows of architectures and machines, columns in groups, a word
// in each cell. The grid draws it and knows nothing of drivers or kernels.

import type { Tone } from './words.ts';

/** A table to be walked through. */
export interface GridModel {
  /** What the column of row headers holds. */
  readonly corner: string;
  readonly groups: readonly GridGroup[];
  /** The second row of heads; absent: the groups are the columns. */
  readonly heads?: readonly GridHead[];
  readonly rows: readonly GridRow[];
}

/** A head over one or more columns. */
export interface GridGroup {
  readonly key: string;
  readonly label: string;
  readonly title: string;
  readonly span: number;
  /** Whether it shows its parts; absent: it has none. */
  readonly expanded?: boolean;
  /** The column that the view is about. */
  readonly current?: boolean;
}

/** A head over one column. */
export interface GridHead {
  readonly key: string;
  readonly label: string;
}

/** One row. */
export interface GridRow {
  readonly key: string;
  readonly kind: 'arch' | 'machine';
  readonly label: string;
  /** A few quiet words below the label. */
  readonly note: string;
  readonly title: string;
  readonly expanded?: boolean;
  readonly cells: readonly GridCell[];
}

/** One cell. */
export interface GridCell {
  readonly word: string;
  readonly glyph: string;
  readonly tone: Tone;
  /** It is latent, or open: not met by anybody for sure. */
  readonly marked: boolean;
  /** Not all that it sums up have this word. */
  readonly mixed: boolean;
  /** The word before, where it was another. */
  readonly was?: string;
  readonly title: string;
  /** The cell that is opened: where it sums up several, the first that has the word. */
  readonly opens?: string;
}

/** Whether two rows look the same: then the old one stays as it is drawn. */
export function isSameRow(a: GridRow, b: GridRow): boolean {
  return (
    a === b ||
    (a.key === b.key &&
      a.label === b.label &&
      a.note === b.note &&
      a.expanded === b.expanded &&
      a.cells.length === b.cells.length &&
      a.cells.every((cell, i) => isSameCell(cell, b.cells[i])))
  );
}

function isSameCell(a: GridCell, b: GridCell | undefined): boolean {
  return (
    a.word === b?.word &&
    a.was === b.was &&
    a.mixed === b.mixed &&
    a.opens === b.opens &&
    a.title === b.title
  );
}
