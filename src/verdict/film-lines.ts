// Where the lines of a test stand in their pages.

import type { Program } from '../litmus/index.ts';
import type { Scenario } from '../scenario/index.ts';
import type { FilmLine } from './film-record.ts';
import type { IndexedCache } from './film-geometry.ts';

/**
 * The lines under test. In a page each stands one line after the other. Under the small model lines
 * of other pages go on from there, so that lines which have nothing to do with each other are in
 * other sets; where a kernel runs, each page begins with its first line.
 */
export function filmLines(
  scenario: Scenario,
  caches: { readonly data: IndexedCache | undefined; readonly fetch: IndexedCache | undefined },
): readonly FilmLine[] {
  const { names, program, told } = scenario;
  const lineBytes = Math.max(
    caches.data?.cache.lineBytes ?? 0,
    caches.fetch?.cache.lineBytes ?? 0,
    caches.data || caches.fetch ? 0 : USUAL_LINE,
  );
  return names.program.lines.flatMap((line, i): readonly FilmLine[] => {
    const name = told ? toldName(scenario, line.name, i) : line.name;
    if (name === undefined) return [];
    const offset = (told ? indexInPage(program, name) : i) * lineBytes;
    const { page, cells } = line;
    return [{ key: `line:${line.name}`, name, page, offset, cells: cells.length }];
  });
}

const USUAL_LINE = 32;

// Lines of a kernel that runs are `x0`, `x1`: copies have the names of the test. A page frame of
// which no thread has an address, as nobody gets it, has none: it is not shown.
function toldName({ names }: Scenario, line: string, index: number): string | undefined {
  const copy = names.copies.find(({ own }) => own.line === line);
  if (copy) return copy.line;
  const told = [...names.memory.keys()];
  return told.length === names.program.lines.length ? told[index] : undefined;
}

function indexInPage({ lines }: Program, name: string): number {
  const own = lines.find((line) => line.name === name);
  if (own === undefined) return 0;
  return lines.filter(({ page }) => page === own.page).indexOf(own);
}
