// Which actions get in each other's way: one writes what the other reads or writes. Two actions
// that do not can be taken in either order, with the same state after both.

import { at } from '../base/index.ts';
import { type Bits, bits, listOf, meet, NONE } from './bits.ts';
import type { Control } from './control.ts';
import { readsFor } from './footprint.ts';

/** By action of `among`: those of `among` that it conflicts with on the fields in `needed`. */
export function dependents(control: Control, among: Bits, needed: Bits): readonly Bits[] {
  const list = listOf(among);
  const found = control.footprints.map(() => NONE);
  const prints = list.map((action) => {
    const footprint = at(control.footprints, action);
    const writes = footprint.writes & needed;
    return { action, own: bits([action]), writes, touches: writes | readsFor(footprint, needed) };
  });
  prints.forEach((a, i) => {
    for (const b of prints.slice(0, i)) {
      if (!meet(a.writes, b.touches) && !meet(b.writes, a.touches)) continue;
      found[a.action] = at(found, a.action) | b.own;
      found[b.action] = at(found, b.action) | a.own;
    }
  });
  return found;
}
