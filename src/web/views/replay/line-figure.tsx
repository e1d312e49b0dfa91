// A drawing of one line: the sets of the cache that hold its copies, and memory.

import type { LineSight, WalkBed } from '../../../replay/index.ts';
import { Figure } from '../../ui/index.ts';
import { type Change, changesOf } from './changes.ts';
import {
  LINE_SIZES,
  type LineCell,
  type LineJoin,
  type LineLayout,
  layOutLine,
} from './line-layout.ts';
import { changeWord, hex, ownerWord, stateWord } from './words.ts';

/** What is drawn. */
export interface LineFigureProps {
  readonly line: LineSight;
  /** The same line one step before, if it was looked at. */
  readonly before: LineSight | undefined;
  readonly dcache: NonNullable<WalkBed['dcache']>;
  /** A later step that will come out wrong for this line, counted from 0. */
  readonly wrong: number | undefined;
}

/** The copies of a line, joined, and the same as a table. */
export function LineFigure({ line, before, dcache, wrong }: LineFigureProps) {
  const last = before?.paddr === line.paddr ? before : undefined;
  const changed = changesOf(last?.copies, line.copies, keyOf);
  const changeOf = new Map(changed.map(({ thing, change }) => [keyOf(thing), change]));
  const layout = layOutLine(line, dcache.ways);
  const S = LINE_SIZES;
  const later = wrong === undefined ? '' : `, shown because step ${wrong + 1} differs there`;
  const memoryChanged = last !== undefined && last.memory !== line.memory;
  return (
    <Figure
      title={`The line at ${hex(line.paddr)}${later}`}
      summary={summaryOf(line)}
      drawing={
        <svg
          class="replay-line"
          width={layout.width}
          height={layout.height}
          viewBox={`0 0 ${layout.width} ${layout.height}`}
          aria-hidden="true"
        >
          {layout.joins.map((join, i) => (
            <path key={i} d={join.path} class={joinClass(join)} />
          ))}
          {layout.rows[0]?.cells.map(({ x, width, way, holds }) => (
            <text key={way} class="small" x={x + width / 2} y={14} text-anchor="middle">
              {holds.kind === 'more' ? '...' : `way ${way}`}
            </text>
          ))}
          {layout.rows.map((row) => (
            <g key={`${row.cpu} ${row.set}`}>
              <text x={0} y={row.y + S.cell / 2 + 4}>
                set {row.set}
              </text>
              {row.skipped > 0 ? (
                <text class="small" x={0} y={row.y - 10}>
                  {row.skipped} between
                </text>
              ) : null}
              {row.cells.map((cell) => (
                <Cell key={cell.way} cell={cell} change={changeAt(cell, changeOf)} />
              ))}
            </g>
          ))}
          <Memory line={line} layout={layout} changed={memoryChanged} />
          {layout.joins.map(({ mark, same }, i) => (
            <g key={i} class={same ? 'mark same' : 'mark differs'}>
              <circle cx={mark.x} cy={mark.y} r={8} />
              <text x={mark.x} y={mark.y + 4} text-anchor="middle">
                {same ? '=' : '\u2260'}
              </text>
            </g>
          ))}
        </svg>
      }
      table={<LineTable line={line} changes={changeOf} memoryChanged={memoryChanged} />}
    />
  );
}

function Memory({
  line,
  layout: { memory, rows },
  changed,
}: {
  readonly line: LineSight;
  readonly layout: LineLayout;
  readonly changed: boolean;
}) {
  const { x, y } = memory;
  return (
    <g class={`memory ${changed ? 'changed' : ''}`}>
      {rows.length > 0 ? null : (
        <text x={0} y={y + 38}>
          in no cache
        </text>
      )}
      <rect x={x} y={y} width={LINE_SIZES.memory} height={LINE_SIZES.cell} />
      <text x={x + 10} y={y + 18}>
        memory{changed ? ', changed' : ''}
      </text>
      <text class="bytes" x={x + 10} y={y + 38}>
        {cut(line.memory)}
      </text>
      <text class="small" x={x + 10} y={y + 55}>
        {hex(line.paddr)}
      </text>
    </g>
  );
}

function Cell({ cell, change }: { readonly cell: LineCell; readonly change: Change }) {
  const { x, y, width, holds } = cell;
  const height = LINE_SIZES.cell;
  if (holds.kind === 'more') {
    return (
      <text class="small" x={x + width / 2} y={y + height / 2 + 4} text-anchor="middle">
        {holds.ways} more
      </text>
    );
  }
  if (holds.kind !== 'copy') {
    return (
      <g class={holds.kind}>
        <rect x={x} y={y} width={width} height={height} />
        <text class="small" x={x + width / 2} y={y + height / 2 + 4} text-anchor="middle">
          {holds.kind === 'other' ? 'other' : 'empty'}
        </text>
      </g>
    );
  }
  const { copy } = holds;
  return (
    <g class={`copy ${copy.dirty ? 'dirty' : 'clean'} ${change === 'same' ? '' : 'changed'}`}>
      <rect x={x} y={y} width={width} height={height} />
      <text x={x + 8} y={y + 18}>
        {ownerWord(copy.owner)}
      </text>
      <text class="bytes" x={x + 8} y={y + 38}>
        {cut(copy.bytes)}
      </text>
      <text class="small" x={x + 8} y={y + 55}>
        {stateWord(copy.dirty)}
        {change === 'same' ? '' : `, ${changeWord(change)}`}
      </text>
    </g>
  );
}

function LineTable({
  line,
  changes,
  memoryChanged,
}: {
  readonly line: LineSight;
  readonly changes: ReadonlyMap<string, Change>;
  readonly memoryChanged: boolean;
}) {
  return (
    <table>
      <caption class="visually-hidden">Copies of the line at {hex(line.paddr)}, and memory</caption>
      <thead>
        <tr>
          {['Where', 'Filled through', 'Virtual address', 'Colour', 'State', 'Bytes', 'Since'].map(
            (name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {line.copies.map((copy) => (
          <tr key={keyOf(copy)}>
            <th scope="row">
              set {copy.set}, way {copy.way}
            </th>
            <td>{ownerWord(copy.owner)}</td>
            <td>
              <code>{hex(copy.vaddr)}</code>
            </td>
            <td>{copy.colour}</td>
            <td>{copy.dirty ? 'dirty' : 'clean'}</td>
            <td>
              <code>{copy.bytes}</code>
            </td>
            <td>{changeWord(changes.get(keyOf(copy)) ?? 'same')}</td>
          </tr>
        ))}
        <tr>
          <th scope="row">memory</th>
          <td colSpan={4}>
            <code>{hex(line.paddr)}</code>
          </td>
          <td>
            <code>{line.memory}</code>
          </td>
          <td>{changeWord(memoryChanged ? 'changed' : 'same')}</td>
        </tr>
      </tbody>
    </table>
  );
}

function summaryOf({ copies, memory }: LineSight): string {
  if (copies.length === 0) return `No copy is in the cache; memory holds ${memory}.`;
  const odd = copies.filter(({ bytes }) => bytes !== memory).length;
  const count = copies.length === 1 ? 'One copy is' : `${copies.length} copies are`;
  return `${count} in the cache, ${odd} of them other than memory, which holds ${memory}.`;
}

// A copy is the same one as long as it stands in its place, under its address.
function keyOf(copy: LineSight['copies'][number]): string {
  return `${copy.cpu} ${copy.set} ${copy.way} ${copy.vaddr}`;
}

function changeAt({ holds }: LineCell, changes: ReadonlyMap<string, Change>): Change {
  return holds.kind === 'copy' ? (changes.get(keyOf(holds.copy)) ?? 'same') : 'same';
}

function joinClass({ same, between }: LineJoin): string {
  return `join ${between} ${same ? 'same' : 'differs'}`;
}

/** Letters of a line's bytes that fit into a cell; the table has them all. */
const FITS = 15;

function cut(bytes: string): string {
  return bytes.length > FITS ? `${bytes.slice(0, FITS - 2)}..` : bytes;
}
