// The findings as a table: filters, order, and keys that go through it.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { ShownFinding } from '../../../forms/index.ts';
import { fragmentOf } from '../../link/index.ts';
import { Picker, useKeys } from '../../ui/index.ts';
import type { ViewProps } from '../../views.ts';
import { Breakable } from './breakable.tsx';
import { nextSort, placeText, type Row, type Sort, sortOf } from './filters.ts';
import { counted, LEVELS, reachWord } from './words.ts';

/** The list: all rows, those that the filters leave, and the link. */
export interface ListProps extends ViewProps {
  readonly all: readonly Row[];
  readonly rows: readonly Row[];
  /** Key of the finding that is open. */
  readonly chosen: string | undefined;
}

/** At most so many rows stand in the page at first; more are asked for. */
const FIRST = 200;

/** Filters, the count, and the table. */
export function FindingList({ all, rows, chosen, link, go }: ListProps) {
  const [most, setMost] = useState(FIRST);
  const table = useRef<HTMLTableElement>(null);
  const filter = useRef<HTMLInputElement>(null);
  const set = (name: string, value: string): void => {
    go({ ...link, params: { ...link.params, [name]: value } }, { replace: true });
  };
  const move = (by: number): void => moveFocus(table.current, by);
  useKeys([
    { keys: ['j'], does: 'next finding (in the list the arrows too)', act: () => move(1) },
    { keys: ['k'], does: 'previous finding', act: () => move(-1) },
    { keys: ['/'], does: 'filter by text', act: () => filter.current?.focus() },
  ]);
  useEffect(() => setMost(FIRST), [all]);
  useEffect(() => showRow(table.current), [all, chosen]);
  return (
    <section aria-labelledby="audit-findings">
      <h2 id="audit-findings">Findings</h2>
      <Filters all={all} link={link} set={set} input={filter} />
      <p class="audit-count" role="status">
        {countLine(all, rows)}
      </p>
      {rows.length === 0 ? null : (
        <div class="audit-list">
          <table
            ref={table}
            onKeyDown={(event) => {
              const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
              if (by === undefined) return;
              event.preventDefault();
              move(by);
            }}
          >
            <caption class="visually-hidden">Findings; the heads sort them</caption>
            <Head sort={sortOf(link.params)} set={(to) => set('sort', nextSort(link.params, to))} />
            <tbody>
              {rows.slice(0, most).map((row) => (
                <FindingRow key={row.key} row={row} link={link} isChosen={row.key === chosen} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows.length > most ? (
        <button type="button" onClick={() => setMost(most + 1000)}>
          Show more ({rows.length - most} are not shown yet)
        </button>
      ) : null}
    </section>
  );
}

/** `3 findings of 26: 1 error, 2 warnings`; what is suppressed is counted by itself. */
function countLine(all: readonly Row[], rows: readonly Row[]): string {
  if (all.length === 0) return 'No findings: nothing was found, or all of it is hidden.';
  const levels = Object.keys(LEVELS).flatMap((level) => {
    const count = rows.filter(({ finding }) => finding.level === level).length;
    if (count === 0) return [];
    return [level === 'none' ? `${count} of no level` : counted(count, level)];
  });
  const suppressed = rows.filter(({ finding }) => finding.suppressed !== undefined).length;
  const hidden = suppressed === 0 ? '' : `; ${suppressed} of them suppressed`;
  const of = rows.length === all.length ? '' : ` of ${all.length}`;
  const kinds = levels.length === 0 ? ': no filter may leave any' : `: ${levels.join(', ')}`;
  return `${counted(rows.length, 'finding')}${of}${kinds}${hidden}`;
}

interface FilterProps {
  readonly all: readonly Row[];
  readonly link: ViewProps['link'];
  readonly set: (name: string, value: string) => void;
  readonly input: { readonly current: HTMLInputElement | null };
}

function Filters({ all, link, set, input }: FilterProps) {
  const pick = (label: string, name: string, of: (finding: ShownFinding) => string) => {
    const values = [...new Set(all.map(({ finding }) => of(finding)))].toSorted();
    const choices = [
      { value: '', label: 'all' },
      ...values.map((value) => ({ value, label: value.replace('-', ' ') })),
    ];
    const chosen = link.params[name] ?? '';
    if (values.length < 2 && chosen === '') return null;
    return (
      <Picker label={label} value={chosen} choices={choices} onChoose={(to) => set(name, to)} />
    );
  };
  return (
    <div class="bar">
      {pick('Type', 'type', ({ type }) => type)}
      {pick('Kind', 'level', ({ level }) => level)}
      {pick('Reach', 'reach', ({ reach }) => reach ?? 'not-asked')}
      {all.some(({ finding }) => finding.suppressed !== undefined) ? (
        <Picker
          label="Suppressed"
          value={link.params['suppressed'] ?? ''}
          choices={[
            { value: '', label: 'shown, marked' },
            { value: 'no', label: 'hidden' },
            { value: 'only', label: 'these alone' },
          ]}
          onChoose={(to) => set('suppressed', to)}
        />
      ) : null}
      <label class="picker audit-where">
        <span>Place, function or message has</span>
        <input
          ref={input}
          type="search"
          value={link.params['where'] ?? ''}
          aria-keyshortcuts="/"
          onInput={({ currentTarget }) => set('where', currentTarget.value)}
        />
      </label>
    </div>
  );
}

const COLUMNS: readonly (readonly [Sort, string])[] = [
  ['level', 'Kind'],
  ['message', 'Message'],
  ['place', 'Place'],
  ['type', 'Type'],
  ['reach', 'Reach'],
];

interface HeadProps {
  readonly sort: ReturnType<typeof sortOf>;
  readonly set: (column: Sort) => void;
}

function Head({ sort, set }: HeadProps) {
  return (
    <thead>
      <tr>
        {COLUMNS.map(([column, label]) => {
          const isBy = sort.by === column;
          const order = sort.down ? 'descending' : 'ascending';
          const glyph = sort.down ? '\u25bc' : '\u25b2';
          return (
            <th key={column} scope="col" {...(isBy ? { 'aria-sort': order } : {})}>
              <button type="button" class="audit-sort" onClick={() => set(column)}>
                {label} <span aria-hidden="true">{isBy ? glyph : '\u2195'}</span>
              </button>
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

interface RowProps {
  readonly row: Row;
  readonly link: ViewProps['link'];
  readonly isChosen: boolean;
}

function FindingRow({ row, link, isChosen }: RowProps) {
  const { finding, key } = row;
  const { level, message, place, type, reach, suppressed } = finding;
  const params = { ...link.params, finding: key, function: '', mark: '', step: '' };
  return (
    <tr class={isChosen ? 'audit-chosen' : ''}>
      <td class={`audit-level audit-${level}`}>
        <span aria-hidden="true">{LEVELS[level].glyph}</span> {level}
      </td>
      <td class="audit-message">
        <a href={fragmentOf({ ...link, params })} aria-current={isChosen ? 'true' : undefined}>
          {message}
        </a>
        {suppressed === undefined ? null : (
          <span class="audit-suppressed">suppressed: {suppressed}</span>
        )}
      </td>
      <td class="audit-place mono">
        <Breakable text={placeText(place)} />
      </td>
      <td class="mono audit-type">{type}</td>
      <td class={`audit-reach audit-${reach ?? 'unasked'}`}>{reachWord(reach)}</td>
    </tr>
  );
}

/** Brings the row that is open into the sight of the list, and moves nothing else. */
function showRow(table: HTMLTableElement | null): void {
  const box = table?.parentElement;
  const row = table?.querySelector('.audit-chosen');
  if (!box || !row) return;
  const [outer, inner] = [box.getBoundingClientRect(), row.getBoundingClientRect()];
  const isIn = inner.top >= outer.top + 40 && inner.bottom <= outer.bottom;
  if (!isIn) box.scrollBy({ top: inner.top - outer.top - outer.height / 3 });
}

/** Moves the focus among the links of the rows; from elsewhere, to the one that is open. */
function moveFocus(table: HTMLTableElement | null, by: number): void {
  const links = [...(table?.querySelectorAll<HTMLAnchorElement>('tbody a') ?? [])];
  const here = links.findIndex((link) => link === document.activeElement);
  const open = links.findIndex((link) => link.getAttribute('aria-current') === 'true');
  const start = here >= 0 ? here : open;
  const to = links[Math.min(links.length - 1, Math.max(0, start + by))];
  to?.focus();
}
