// Which fields can still make a difference, at each node of the control graph.
//
// A field makes a difference where somebody asks for it at the end, where it decides whether a step
// may be taken, or where another field that makes a difference is computed from it.

import { at } from '../base/index.ts';
import { type Bits, listOf, meet, NONE } from './bits.ts';
import { type Control, knownAt } from './control.ts';
import { knownValue, readsFor } from './footprint.ts';

/** The fields that make a difference, by node of the control graph. */
export interface Needs {
  /**
   * Fields whose value can make a difference here or at any later node, whether or not they are
   * overwritten first. It only shrinks along a run.
   */
  readonly ever: readonly Bits[];
  /** Fields whose present value can make a difference; what is overwritten unread is not. */
  readonly now: readonly Bits[];
  /** Nodes at which a run may be over, depending on data. */
  readonly mayEnd: readonly boolean[];
}

/** What makes a difference when `asked` are the fields looked at in end states. */
export function needsOf(control: Control, asked: Bits): Needs {
  const mayEnd = control.nodes.map(
    (_, node) => knownValue(control.system.isEnd, knownAt(control, node)) !== 0,
  );
  const byFuture = new Map<Bits, Bits>();
  const ever = control.future.map((future) => {
    const found = byFuture.get(future) ?? neededBy(control, future, asked);
    byFuture.set(future, found);
    return found;
  });
  return { ever, now: neededNow(control, asked, mayEnd), mayEnd };
}

/** Whether an action, taken at this node, can make a difference at all. */
export function isRelevant(control: Control, needs: Needs, node: number, action: number): boolean {
  return meet(at(control.footprints, action).writes, at(needs.ever, node));
}

function neededBy(control: Control, future: Bits, asked: Bits): Bits {
  const footprints = listOf(future).map((action) => at(control.footprints, action));
  let needed = asked | control.fieldSet;
  for (;;) {
    let next = needed;
    for (const footprint of footprints) {
      if (meet(footprint.writes, next)) next |= readsFor(footprint, next);
    }
    if (next === needed) return needed;
    needed = next;
  }
}

function neededNow(control: Control, asked: Bits, mayEnd: readonly boolean[]): readonly Bits[] {
  const { nodes, footprints, fieldSet, events } = control;
  const now = nodes.map(() => NONE);
  const needed = (node: number): Bits => {
    let found = at(now, node) | fieldSet | (at(mayEnd, node) ? asked : NONE);
    for (const { action, to } of at(nodes, node).edges) {
      const footprint = at(footprints, action);
      const after = at(now, to) | fieldSet;
      found |= (after & ~footprint.writes) | readsFor(footprint, after);
    }
    return closedUnder(at(nodes, node).possible & events, found);
  };
  const closedUnder = (own: Bits, start: Bits): Bits => {
    const list = listOf(own).map((action) => at(footprints, action));
    for (let found = start; ; ) {
      const before = found;
      for (const footprint of list) {
        if (meet(footprint.writes, found)) found |= readsFor(footprint, found);
      }
      if (found === before) return found;
    }
  };
  const before = nodes.map((): number[] => []);
  nodes.forEach(({ edges }, from) => {
    for (const { to } of edges) before[to]?.push(from);
  });
  const work = nodes.map((_, node) => node);
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    const found = needed(node);
    if (found === at(now, node)) continue;
    now[node] = found;
    work.push(...at(before, node));
  }
  return now;
}
