// Which lines hardware may bring in on its own: those of pages that an entry of a page table maps,
// for as long as it does, and not past the cache.

import { present } from '../base/index.ts';
import type { Automata } from './automaton.ts';
import type { Cell } from './automaton-sharing.ts';
import type { ValueName } from './automaton-values.ts';
import type { CellField } from './automaton-ways.ts';
import type { TableEntry } from './names.ts';

/** The two numbers of `page V of page P`: page of the address, and page frame. */
export interface Translation {
  readonly page: number;
  readonly frame: number;
}

/** What the name of an address of a followed byte says. */
export function translationOf(name: string): Translation {
  const [, page = '', , , frame = ''] = name.split(' ');
  return { page: Number(page), frame: Number(frame) };
}

/** Whether an entry with this value lets hardware bring in lines of the page frame. */
export function isReachedBy(
  { sharing }: Automata,
  entry: { readonly cell: Cell; readonly value: ValueName; readonly frame: number },
): boolean {
  const { cell, value, frame } = entry;
  if (value === cell.unused) return false;
  const pte: unknown = sharing.values.valueOf(value);
  if (typeof pte !== 'object' || pte === null || !('pfn' in pte)) return true;
  const isUncached = 'attribute' in pte && pte.attribute === 'uncached';
  return pte.pfn === frame && !isUncached;
}

/** The entries of page tables that can lead from an address, by its name, to its page frame. */
export function entriesOf(
  automata: Automata,
  cells: ReadonlyMap<string, CellField>,
  name: string,
): readonly TableEntry[] {
  const { page, frame } = translationOf(name);
  const entries = automata.sharing.shared.filter((c) => c.isTranslation && c.key === page);
  return entries.map((cell) => {
    const { field, values } = present(cells.get(cell.id), `field of ${cell.id}`);
    const mapped = values.map((value) => Number(isReachedBy(automata, { cell, value, frame })));
    return { field, mapped };
  });
}
