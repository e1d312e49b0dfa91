// Which findings are listed, and in which order: all of it stands in the link.

import type { ShownFinding, ShownPlace } from '../../../forms/index.ts';

/** A finding with the name that links have for it. */
export interface Row {
  readonly finding: ShownFinding;
  /** `LEAK@drivers/nvdimm/pmem.c:590:7`; with `~2` behind it where it is not the first of these. */
  readonly key: string;
}

/** Findings in the order of the file. */
export function rowsOf(findings: readonly ShownFinding[]): readonly Row[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const name = `${finding.type}@${placeText(finding.place)}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return { finding, key: count === 1 ? name : `${name}~${count}` };
  });
}

/** `file:line:col`, as far as it is known. */
export function placeText(place: ShownPlace | undefined): string {
  if (place === undefined) return 'no place';
  return [place.file, place.line, place.col].filter((part) => part !== undefined).join(':');
}

/** The columns that can be sorted by. */
export const sorts = ['level', 'message', 'place', 'type', 'reach'] as const;

/** The name of a column. */
export type Sort = (typeof sorts)[number];

type Params = Readonly<Record<string, string>>;

/** The sort of a link: a column, and whether it is turned round; none is the order of the file. */
export function sortOf({ sort = '' }: Params): { readonly by?: Sort; readonly down: boolean } {
  const down = sort.startsWith('-');
  const by = sorts.find((one) => one === sort.replace(/^-/, ''));
  return { down, ...(by === undefined ? {} : { by }) };
}

/** What a press on a column makes of the sort: up, then down, then the order of the file. */
export function nextSort(params: Params, column: Sort): string {
  const { by, down } = sortOf(params);
  if (by !== column) return column;
  return down ? '' : `-${column}`;
}

/** The rows that the link's filters leave, sorted. */
export function listed(rows: readonly Row[], params: Params): readonly Row[] {
  const left = rows.filter(({ finding }) => isListed(finding, params));
  const { by, down } = sortOf(params);
  if (by === undefined) return left;
  const sign = down ? -1 : 1;
  return left.toSorted((a, b) => sign * compare(by, a.finding, b.finding));
}

function isListed(finding: ShownFinding, params: Params): boolean {
  const { type = '', level = '', reach = '', where = '', suppressed = '' } = params;
  const { place, function: name = '', message } = finding;
  const isSuppressed = finding.suppressed !== undefined;
  const text = `${placeText(place)} ${name} ${message}`.toLowerCase();
  return (
    (type === '' || type === finding.type) &&
    (level === '' || level === finding.level) &&
    (reach === '' || reach === (finding.reach ?? 'not-asked')) &&
    (suppressed === '' || isSuppressed === (suppressed === 'only')) &&
    where
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word))
  );
}

const LEVELS: readonly ShownFinding['level'][] = ['error', 'warning', 'check', 'note', 'none'];
const REACHES: readonly ShownFinding['reach'][] = ['reachable', 'not-checked', 'latent', undefined];

function compare(by: Sort, a: ShownFinding, b: ShownFinding): number {
  switch (by) {
    case 'level':
      return LEVELS.indexOf(a.level) - LEVELS.indexOf(b.level);
    case 'reach':
      return REACHES.indexOf(a.reach) - REACHES.indexOf(b.reach);
    case 'type':
      return texts(a.type, b.type);
    case 'message':
      return texts(a.message, b.message);
    case 'place':
      return (
        texts(a.place?.file ?? '', b.place?.file ?? '') ||
        (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
        (a.place?.col ?? 0) - (b.place?.col ?? 0)
      );
  }
}

// The same on every machine: by code units, not by a language.
function texts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
