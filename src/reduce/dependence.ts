// Which actions get in each other's way: one writes what the other reads or writes. Two actions
// that do not can be taken in either order, with the same state after both.

import { at } from '../base/index.ts';
import { type Bits, bits, has, listOf, meet, NONE } from './bits.ts';
import type { Control } from './control.ts';
import { type Footprint, readsFor } from './footprint.ts';

/** Whether two actions conflict on one of the fields in `needed`. */
export function conflict(a: Footprint, b: Footprint, needed: Bits): boolean {
  const writesA = a.writes & needed;
  const writesB = b.writes & needed;
  return (
    meet(writesA, writesB) ||
    meet(writesA, readsFor(b, needed)) ||
    meet(writesB, readsFor(a, needed))
  );
}

/** By action of `among`: those of `among` that it conflicts with on the fields in `needed`. */
export function dependents(control: Control, among: Bits, needed: Bits): readonly Bits[] {
  const list = listOf(among);
  const found = control.footprints.map(() => NONE);
  const prints = list.map((action) => {
    const footprint = at(control.footprints, action);
    const writes = footprint.writes & needed;
    return { action, writes, touches: writes | readsFor(footprint, needed) };
  });
  for (const a of prints) {
    found[a.action] = bits(
      prints
        .filter((b) => b !== a && (meet(a.writes, b.touches) || meet(b.writes, a.touches)))
        .map((b) => b.action),
    );
  }
  return found;
}

/** The events in classes: those of different classes never conflict. A class is a cache line. */
export function eventClasses(control: Control): readonly Bits[] {
  const all = dependents(control, control.events, ~NONE);
  const classes: Bits[] = [];
  let seen = NONE;
  for (const event of listOf(control.events)) {
    if (has(seen, event)) continue;
    let found = bits([event]);
    for (let work = found; work !== NONE; ) {
      const next = listOf(work).reduce((set, e) => set | at(all, e), NONE) & ~found;
      found |= next;
      work = next;
    }
    seen |= found;
    classes.push(found);
  }
  return classes;
}
