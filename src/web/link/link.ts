// The state of the page as the fragment of its address: `#2/matrix?kernel=6.12&arch=arm`.
//
// 2 is the form of the link; whoever changes what a parameter means, or its name, raises it and
// adds a step to migrate.ts, so that a link in an old mail still shows what it showed. The forms
// and their parameters are described in docs/reference/links.md.

import { migrate } from './migrate.ts';

/** Names of the views, as links have them. */
export const viewIds = ['matrix', 'litmus', 'witness', 'audit', 'replay'] as const;

/** The name of a view. */
export type ViewId = (typeof viewIds)[number];

/** Where the page is: a view and what is chosen in it, as texts; empty ones are left out. */
export interface Link {
  readonly view: ViewId;
  readonly params: Readonly<Record<string, string>>;
}

/** The form that links are written in. */
export const LINK_FORM = 2;

/** Where the page starts. */
export const home: Link = { view: 'matrix', params: {} };

/** What became of a fragment: where it leads, and what of it was not understood. */
export interface ReadLink {
  readonly link: Link;
  /** A sentence for the reader; the link leads as near as could be understood. */
  readonly problem?: string;
}

/** The fragment of a link, `#` included: parameters sorted, the same bytes for the same state. */
export function fragmentOf({ view, params }: Link): string {
  const query = Object.entries(params)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${escapeName(name)}=${escapeValue(value)}`)
    .join('&');
  return `#${LINK_FORM}/${view}${query === '' ? '' : `?${query}`}`;
}

/** Reads a fragment of any form there ever was; nothing at all leads home. */
export function readFragment(fragment: string): ReadLink {
  const text = fragment.replace(/^#/, '');
  if (text === '') return { link: home };
  if (text.length > MOST) {
    return { link: home, problem: `The link is longer than ${MOST} characters: it was not read.` };
  }
  if (text.split('&', MOST_PARTS + 1).length > MOST_PARTS) {
    return { link: home, problem: `The link has more than ${MOST_PARTS} parts: it was not read.` };
  }
  const form = /^(\d{1,4})\//.exec(text)?.[1];
  const number = form === undefined ? 1 : Number(form);
  if (number > LINK_FORM) {
    const problem =
      `The link has form ${number}, this page knows forms up to ${LINK_FORM}: ` +
      'it is from a newer Dachs.';
    return { link: home, problem };
  }
  const rest = form === undefined ? text : text.slice(form.length + 1);
  const params = new Map(paramsOf(number === 1 ? text : rest.slice(rest.indexOf('?') + 1)));
  const name = number === 1 ? params.get('view') : rest.split('?')[0];
  if (number === 1) params.delete('view');
  else if (!rest.includes('?')) params.clear();
  const migrated = migrate(number, { view: name ?? '', params: Object.fromEntries(params) });
  const view = viewIds.find((id) => id === migrated.view);
  if (view === undefined) {
    return { link: home, problem: `The link names no view of this page: '${name ?? ''}'.` };
  }
  return { link: { view, params: migrated.params } };
}

/** Longer links are refused; the largest text that is packed into one is below it. */
const MOST = 1_500_000;

/** Links of more parts are refused: no view has so many. */
const MOST_PARTS = 200;

function paramsOf(query: string): readonly (readonly [string, string])[] {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const at = part.indexOf('=');
      const [name, value] = at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
      return [unescapeValue(name), unescapeValue(value)];
    });
}

// A file of the reader's own may have half a letter in a name, which has no escape.
function escapeName(name: string): string {
  return encodeURIComponent(name.replaceAll(/\p{Surrogate}/gu, '\uFFFD'));
}

// Slashes, commas, colons and at signs are allowed in fragments and keep names readable.
function escapeValue(value: string): string {
  return escapeName(value).replaceAll(/%(?:2C|2F|3A|40|2B)/g, decodeURIComponent);
}

// Mail programs cut links in half: a broken escape is left as it stands.
function unescapeValue(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
