// The catalogue as a reader looks for something in it: entries with the words that are shown, and
// the search over them. Where the texts come from is not known here.

/** One test of the catalogue. */
export interface Entry {
  readonly shelf: string;
  /** Name of its file, which commands and links call it by. */
  readonly name: string;
  readonly text: string;
  /** The first sentence of the paragraph in plain words; empty where there is none. */
  readonly says: string;
  /** Its `Result:` lines without that word. */
  readonly results: readonly string[];
}

/** One shelf: what it is about, and its tests by name. */
export interface Shelf {
  readonly name: string;
  readonly about: string;
  readonly tests: readonly Entry[];
}

/** The whole catalogue. */
export interface Catalogue {
  /** By name. */
  readonly shelves: readonly Shelf[];
  /** Tests by name and by `SHELF/NAME`. */
  readonly byName: ReadonlyMap<string, Entry>;
}

/** Files that are no tests: each must be refused. */
const REFUSED = 'refused';

/** Puts files, by their paths below the catalogue (`coherence/CoWR+k+k.litmus`), on shelves. */
export function catalogueOf(files: Readonly<Record<string, string>>): Catalogue {
  const shelves = new Map<string, { about: string; tests: Entry[] }>();
  const names = Object.keys(files).toSorted();
  for (const file of names) {
    const text = files[file] ?? '';
    const [shelf = '', base = ''] = file.split('/').slice(-2);
    if (shelf === REFUSED) continue;
    const known = shelves.get(shelf) ?? { about: '', tests: [] };
    shelves.set(shelf, known);
    if (base === 'about.txt') known.about = text.trim().replaceAll(/\s+/g, ' ');
    else known.tests.push(entryOf(shelf, base.replace(/\.litmus$/, ''), text));
  }
  const all = [...shelves].map(
    ([name, { about, tests }]): Shelf => ({ name, about, tests: tests.toSorted(byNameOf) }),
  );
  const entries = all.flatMap(({ tests }) => tests);
  const byName = new Map(entries.map((entry) => [`${entry.shelf}/${entry.name}`, entry]));
  for (const entry of entries) if (!byName.has(entry.name)) byName.set(entry.name, entry);
  return { shelves: all, byName };
}

/** Order of file names: by their characters' numbers, as the command line lists them. */
function byNameOf(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

function entryOf(shelf: string, name: string, text: string): Entry {
  const lines = commentLines(text);
  const results: string[] = [];
  const prose: string[] = [];
  let field: 'result' | 'source' | undefined;
  for (const { body, indent } of lines) {
    const result = /^Result:\s*(.*)$/.exec(body)?.[1];
    const isMore = field !== undefined && indent > 1;
    if (result !== undefined) {
      results.push(result);
      field = 'result';
    } else if (body.startsWith('Source:')) field = 'source';
    else if (body === '') {
      field = undefined;
      if (prose.length > 0) break;
    } else if (isMore) {
      if (field === 'result') results.push(`${results.pop() ?? ''} ${body}`);
    } else {
      field = undefined;
      prose.push(body);
    }
  }
  return { shelf, name, text, says: firstSentence(prose.join(' ')), results };
}

/** Lines of the first comment without the star before them. */
function commentLines(text: string): readonly { readonly body: string; readonly indent: number }[] {
  const comment = /\(\*([\s\S]*?)\*\)/.exec(text.slice(0, text.indexOf('{')))?.[1] ?? '';
  return comment.split('\n').map((raw) => {
    const bare = raw.replace(/^\s*\*/, '');
    return { body: bare.trim(), indent: bare.length - bare.trimStart().length };
  });
}

function firstSentence(prose: string): string {
  // A sentence ends before a capital letter: `mmap() of v6.9. The` does, `e.g. a` does not.
  return /^.*?[.!?](?=\s+[A-Z(]|$)/.exec(prose)?.[0] ?? prose;
}

/** What a search found: some of a shelf's tests, or the shelf itself where nothing is asked yet. */
export interface Found {
  readonly shelf: Shelf;
  /** Best first. */
  readonly tests: readonly Entry[];
}

/**
 * Tests that have every word of `query` in name, shelf or text, those with it in their name first.
 * `SHELF/` asks for one shelf, nothing at all for all shelves without their tests.
 */
export function searchCatalogue({ shelves }: Catalogue, query: string): readonly Found[] {
  const typed = query.trim().toLowerCase();
  if (typed === '') return shelves.map((shelf) => ({ shelf, tests: [] }));
  const asked = /^([\w-]+)\/(.*)$/.exec(typed);
  const only = asked ? shelves.filter(({ name }) => name === asked[1]) : [];
  const [among, rest] = only.length > 0 ? [only, asked?.[2] ?? ''] : [shelves, typed];
  const words = rest.split(/\s+/).filter((word) => word !== '');
  return among
    .map((shelf) => ({ shelf, ...ranked(shelf, words) }))
    .filter(({ tests }) => tests.length > 0)
    .toSorted((a, b) => a.best - b.best)
    .map(({ shelf, tests }) => ({ shelf, tests }));
}

function ranked(shelf: Shelf, words: readonly string[]) {
  const scored = shelf.tests
    .map((entry) => ({ entry, score: scoreOf(entry, words) }))
    .filter(({ score }) => score < Infinity)
    .toSorted((a, b) => a.score - b.score);
  return { tests: scored.map(({ entry }) => entry), best: scored[0]?.score ?? Infinity };
}

/** Less is better; Infinity: a word occurs nowhere. */
function scoreOf({ shelf, name, says, text }: Entry, words: readonly string[]): number {
  const places = [name, `${shelf} ${says}`, text].map((place) => place.toLowerCase());
  let score = 0;
  for (const word of words) {
    const place = places.findIndex((one) => one.includes(word));
    if (place < 0) return Infinity;
    const isWhole = place === 0 && places[0] === word;
    const isStart = place === 0 && places[0]?.startsWith(word) === true;
    score += isWhole ? 0 : isStart ? 1 : 2 + place;
  }
  return score;
}
