// A grid that is walked through with the arrow keys: one cell is in the order of Tab, Enter opens
// it, and on a head Enter opens the row or the column.

import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { place, step } from './grid-keys.ts';
import type { GridCell, GridModel, GridRow } from './model.ts';
import { isSameRow } from './model.ts';

/** A grid and what can be done with it. */
export interface GridProps {
  readonly model: GridModel;
  readonly caption: ComponentChildren;
  readonly busy: boolean;
  /** The cell that is open. */
  readonly chosen: string | undefined;
  readonly onOpen: (cell: string) => void;
  readonly onRow: (key: string) => void;
  readonly onGroup: (key: string) => void;
}

/** The grid in a box that scrolls by itself. */
export function Grid({ model, caption, busy, chosen, onOpen, onRow, onGroup }: GridProps) {
  const table = useRef<HTMLTableElement>(null);
  const { nodes, isPartial } = useRows(model.rows, chosen);
  useLayoutEffect(() => {
    if (table.current) keepOneInTabOrder(table.current);
  });
  const act = (target: EventTarget | null): boolean => {
    const cell = target instanceof Element ? target.closest('td, th') : null;
    if (!(cell instanceof HTMLTableCellElement)) return false;
    const { row, group, opens } = cell.dataset;
    if (row !== undefined) onRow(row);
    else if (group !== undefined) onGroup(group);
    else if (opens !== undefined) onOpen(opens);
    else return false;
    return true;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.altKey || event.metaKey || event.shiftKey || table.current === null) return;
    const isAct = (event.key === 'Enter' || event.key === ' ') && !event.ctrlKey;
    if (isAct ? act(event.target) : step(table.current, event)) event.preventDefault();
  };
  return (
    <div class="matrix-box">
      <table
        ref={table}
        role="grid"
        class="matrix-grid"
        aria-busy={busy || isPartial}
        onKeyDown={onKeyDown}
        onClick={({ target }) => act(target)}
        onFocusIn={({ target }) => {
          if (table.current) place(table.current, target);
        }}
      >
        <caption class="visually-hidden">{caption}</caption>
        <Heads model={model} />
        <tbody>{nodes}</tbody>
      </table>
    </div>
  );
}

function keepOneInTabOrder(table: HTMLTableElement): void {
  if (table.querySelector('[tabindex="0"]') !== null) return;
  place(table, table.tBodies[0]?.rows[0]?.cells[1] ?? null);
}

function Heads({ model: { corner, groups, heads } }: { readonly model: GridModel }) {
  return (
    <thead>
      <tr>
        <th rowSpan={heads ? 2 : 1} scope="col" class="matrix-corner">
          {corner}
        </th>
        {groups.map(({ key, label, title, span, expanded, current }) => (
          <th
            key={key}
            scope={heads ? 'colgroup' : 'col'}
            colSpan={span}
            title={title}
            tabIndex={-1}
            data-group={expanded === undefined ? undefined : key}
            aria-expanded={expanded}
            class={current === true ? 'matrix-group matrix-current' : 'matrix-group'}
          >
            {label}
          </th>
        ))}
      </tr>
      {heads ? (
        <tr>
          {heads.map(({ key, label }) => (
            <th key={key} scope="col" class="matrix-head">
              {label}
            </th>
          ))}
        </tr>
      ) : null}
    </thead>
  );
}

/** The glyph of a cell that had another word under the kernel before; also in the style. */
export const CHANGED = '\u0394';

interface Drawn {
  readonly row: GridRow;
  readonly chosen: string | undefined;
  readonly node: VNode;
}

/** Cells that are drawn at once: the page answers keys between two frames. */
const AT_ONCE = 600;

/**
 * The rows, each drawn anew only where it changed: the same node is not compared again. Many rows
 * are drawn over several frames, the first ones first.
 */
function useRows(
  rows: readonly GridRow[],
  chosen: string | undefined,
): { readonly nodes: readonly VNode[]; readonly isPartial: boolean } {
  const drawn = useRef<ReadonlyMap<string, Drawn>>(new Map());
  const [, drawMore] = useState(0);
  const next = new Map<string, Drawn>();
  let left = AT_ONCE;
  let isPartial = false;
  for (const row of rows) {
    const own = row.cells.some(({ opens }) => opens === chosen) ? chosen : undefined;
    const old = drawn.current.get(row.key);
    if (old !== undefined && old.chosen === own && isSameRow(old.row, row)) {
      next.set(row.key, old);
    } else if (left > 0) {
      next.set(row.key, { row, chosen: own, node: rowNode(row, own) });
      left -= row.cells.length;
    } else {
      isPartial = true;
      if (old?.row.cells.length === row.cells.length) next.set(row.key, old);
    }
  }
  drawn.current = next;
  useEffect(() => {
    if (!isPartial) return undefined;
    const frame = requestAnimationFrame(() => drawMore((n) => n + 1));
    return () => cancelAnimationFrame(frame);
  });
  return { nodes: [...next.values()].map(({ node }) => node), isPartial };
}

function rowNode(row: GridRow, chosen: string | undefined): VNode {
  return (
    <tr key={row.key} class={`matrix-${row.kind}`}>
      <th
        scope="row"
        tabIndex={-1}
        title={row.title}
        data-row={row.expanded === undefined ? undefined : row.key}
        aria-expanded={row.expanded}
      >
        <span class="matrix-label">{row.label}</span> <span class="matrix-note">{row.note}</span>
      </th>
      {row.cells.map((cell, i) => (
        <Cell key={i} cell={cell} isChosen={chosen !== undefined && cell.opens === chosen} />
      ))}
    </tr>
  );
}

// One element and its text: a table has thousands. The style puts the glyph before the word and the
// mark of a change behind it.
function Cell({ cell, isChosen }: { readonly cell: GridCell; readonly isChosen: boolean }) {
  const { word, glyph, tone, marked, mixed, was, title, opens } = cell;
  const names = ['matrix-cell', `matrix-${tone}`];
  if (marked) names.push('matrix-marked');
  if (mixed) names.push('matrix-mixed');
  if (was !== undefined) names.push('matrix-was');
  // A full stop and a dash are not read aloud: the meaning follows.
  const spoken = /^[.-]?$/.test(word) ? `${word} ${title}` : undefined;
  return (
    <td
      tabIndex={-1}
      class={names.join(' ')}
      title={title}
      aria-label={spoken}
      aria-selected={isChosen}
      data-glyph={glyph}
      data-opens={opens}
    >
      {word}
    </td>
  );
}
