// Litmus tests on disk: the catalogue that comes with the program, single files, folders, stdin.

import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, ok, type Result } from '../base/index.ts';
import { reasonOf } from './reason.ts';
import { readTextFile } from './text-file.ts';

/** The text of one test and where it comes from. */
export interface LitmusText {
  /** Path as it was typed, or below the catalogue: `coherence/CoRR+k+u.litmus`; `-` for stdin. */
  readonly file: string;
  readonly text: string;
  /** Where it can be written back; `undefined` for stdin, a pipe or a device. */
  readonly path?: string;
}

/** One shelf of the catalogue with the names of its tests, sorted. */
export interface Shelf {
  readonly name: string;
  readonly about: string;
  readonly tests: readonly string[];
}

/** Folder of the catalogue: beside `dist` and `src`. */
const CATALOGUE = fileURLToPath(new URL('../../catalogue/', import.meta.url));

/** Folder of the catalogue whose tests must be refused. */
const REFUSED = 'refused';

const ENDING = '.litmus';

const HINT = 'dachs list tests names those of the catalogue';

/** Folders below a folder that is named, at most. */
const MAX_DEPTH = 16;

/** The shelves of the catalogue, sorted by name; the refused ones are no tests. */
export function shelves(): readonly Shelf[] {
  return foldersOf(CATALOGUE)
    .filter((name) => name !== REFUSED)
    .map((name) => ({ name, about: aboutOf(name), tests: testsIn(path.join(CATALOGUE, name)) }));
}

/**
 * The texts that one word on the command line stands for: `-`, a file, a folder, a shelf, a test of
 * the catalogue by name, or `SHELF/NAME`. What ends as files do and is one comes before a test of
 * the catalogue; a shelf or a test comes before a folder. `undefined`: nothing is called so.
 */
export function litmusTexts(word: string): Result<readonly LitmusText[]> | undefined {
  if (word === '-') return one(word);
  const file = word.endsWith(ENDING) ? fromDisk(word) : undefined;
  return file ?? fromCatalogue(word) ?? fromDisk(word);
}

function fromDisk(word: string): Result<readonly LitmusText[]> | undefined {
  try {
    const found = statSync(word, { throwIfNoEntry: false });
    if (!found) return undefined;
    if (!found.isDirectory()) return one(word, found.isFile() ? word : undefined);
    // Tells why where the folder cannot be read; the walk passes over those below it.
    readdirSync(word);
    const names = testsBelow(word, 0);
    if (names.length > 0) return all(names.map((name) => path.join(word, `${name}${ENDING}`)));
    return fail({ what: 'no litmus test in the folder', where: word, hint: 'files: NAME.litmus' });
  } catch (error) {
    return fail({ what: `cannot be read: ${reasonOf(error)}`, where: word, hint: HINT });
  }
}

/** Whether a word is the name of a shelf or of a test of the catalogue. */
export function isCatalogued(word: string): boolean {
  return shelves().some(
    (s) => s.name === word || s.tests.some((t) => t === word || `${s.name}/${t}` === word),
  );
}

/** Every test of the catalogue, shelf by shelf. */
export function wholeCatalogue(): Result<readonly LitmusText[]> {
  return catalogued(shelves().flatMap((s) => s.tests.map((t) => `${s.name}/${t}`)));
}

function fromCatalogue(word: string): Result<readonly LitmusText[]> | undefined {
  const known = shelves();
  const shelf = known.find((s) => s.name === word);
  if (shelf) return catalogued(shelf.tests.map((t) => `${shelf.name}/${t}`));
  const wanted = word.endsWith(ENDING) ? word.slice(0, -ENDING.length) : word;
  const tests = known.flatMap((s) => s.tests.map((t) => ({ shelf: s.name, test: t })));
  const found = tests.find(({ shelf: s, test: t }) => t === wanted || `${s}/${t}` === wanted);
  return found && catalogued([`${found.shelf}/${found.test}`]);
}

function catalogued(names: readonly string[]): Result<readonly LitmusText[]> {
  const texts: LitmusText[] = [];
  for (const name of names) {
    const file = `${name}${ENDING}`;
    const full = path.join(CATALOGUE, file);
    const text = read(full);
    if (!text.ok) return text;
    texts.push({ file, text: text.value, path: full });
  }
  return ok(texts);
}

function all(files: readonly string[]): Result<readonly LitmusText[]> {
  const texts: LitmusText[] = [];
  for (const file of files) {
    const text = one(file, file);
    if (!text.ok) return text;
    texts.push(...text.value);
  }
  return ok(texts);
}

function one(file: string, writable?: string): Result<readonly LitmusText[]> {
  const text = read(file);
  if (!text.ok) return text;
  return ok([{ file, text: text.value, ...(writable === undefined ? {} : { path: writable }) }]);
}

function read(file: string): Result<string> {
  return readTextFile(file, 'litmus test', HINT);
}

function foldersOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}

/** Names of tests in a folder and those below it, without their ending; links are not followed. */
function testsBelow(folder: string, depth: number): readonly string[] {
  if (depth > MAX_DEPTH) return [];
  const inside = foldersOf(folder).flatMap((one) =>
    testsBelow(path.join(folder, one), depth + 1).map((name) => path.join(one, name)),
  );
  return [...testsIn(folder), ...inside];
}

function testsIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.name.endsWith(ENDING) && !entry.isDirectory())
      .map((entry) => entry.name.slice(0, -ENDING.length))
      .sort();
  } catch {
    return [];
  }
}

function aboutOf(shelf: string): string {
  const text = read(path.join(CATALOGUE, shelf, 'about.txt'));
  return text.ok ? text.value.trim() : '';
}
