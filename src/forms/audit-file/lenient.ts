// Lists of which one entry is broken: the others are read, and the broken one is named by its
// place, so that a file from a newer or a foreign tool still shows what can be shown.

import * as v from 'valibot';
import type { NotShown } from './shown.ts';

/** Entries that were read, and those that were not. */
export interface Read<T> {
  readonly values: readonly T[];
  readonly notShown: readonly NotShown[];
}

/** More of one list are not listed one by one: only how many there are. */
const MOST = 20;

/** Reads each entry of what should be a list at `where`; nothing at all is an empty list. */
export function readEach<T>(
  value: unknown,
  where: string,
  schema: v.GenericSchema<unknown, T>,
): Read<T> {
  if (value === undefined || value === null) return { values: [], notShown: [] };
  if (!Array.isArray(value)) return { values: [], notShown: [{ where, why: 'it is no list' }] };
  const values: T[] = [];
  const notShown: NotShown[] = [];
  let more = 0;
  for (const [i, one] of value.entries()) {
    const read = v.safeParse(schema, one);
    if (read.success) values.push(read.output);
    else if (notShown.length < MOST) notShown.push(wrongPart(`${where}.${i}`, read.issues[0]));
    else more++;
  }
  if (more > 0) notShown.push({ where, why: `${more} more entries are not as they must be` });
  return { values, notShown };
}

/** What is wrong, with its place below `where`. */
export function wrongPart(where: string, issue: v.BaseIssue<unknown>): NotShown {
  const path = v.getDotPath(issue);
  return { where: path === null ? where : `${where}.${path}`, why: issue.message };
}

/** Parts of an object of which nothing is shown: their names are not among `known`. */
export function unknownParts(
  value: object,
  where: string,
  known: readonly string[],
): readonly NotShown[] {
  return Object.entries(value)
    .filter(([name, part]) => !known.includes(name) && !isEmpty(part))
    .map(([name]) => {
      return { where: where === '' ? name : `${where}.${name}`, why: 'this view does not show it' };
    });
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Whether a value has named parts. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
