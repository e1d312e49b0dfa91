// Where tree and model agree or differ, for each call that fails on the way: as the record has it.

import type { ShownDriver, ShownSide } from '../../../../forms/index.ts';
import { itemText } from '../../../../report/index.ts';

/** One thing that is wrong after a failure, and who says so. */
export interface Difference {
  readonly side: ShownSide;
  /** `leak of a disk after device_add_disk() fails`, and the reason where there is one. */
  readonly text: string;
  /** Calls that fail before it, the last one first; empty where none has to. */
  readonly after: readonly string[];
  /** Where: systems by their titles. */
  readonly on: readonly string[];
}

const ORDER: readonly ShownSide[] = ['onlyTree', 'onlyModel', 'both', 'notComparable'];

/** All of a driver, each once, with the systems it is met on. */
export function differencesOf({ systems }: ShownDriver): readonly Difference[] {
  const met = new Map<string, Difference & { readonly on: string[] }>();
  for (const { title, items } of systems) {
    for (const { side, ...item } of items) {
      const text = itemText(item);
      const known = met.get(`${side} ${text}`);
      if (known === undefined) {
        met.set(`${side} ${text}`, { side, text, after: item.after, on: [title] });
      } else known.on.push(title);
    }
  }
  return [...met.values()].toSorted((a, b) => ORDER.indexOf(a.side) - ORDER.indexOf(b.side));
}
