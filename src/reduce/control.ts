// The control graph of a system: what its program counters, locks and other control fields can do
// when nothing is known of the data.
//
// A control field is one whose new values are computed from control fields alone. A node is one
// combination of their values; a step of the system leads from node to node or, where it writes no
// control field (an event), stays. Where a guard asks for data as well, both answers are possible:
// whatever run the system has, its nodes are a path of this graph. So what no path does, no run
// does.

import { at } from '../base/index.ts';
import type { TransitionSystem } from '../ir/index.ts';
import { type Bits, bits, has, listOf, meet, NONE } from './bits.ts';
import { type Footprint, footprintOf, knownValue, readsOf } from './footprint.ts';

/** Nodes beyond which a control graph is not built, and what rests on it is left out. */
export const maxNodes = 1 << 14;

/** One reachable combination of values of the control fields. */
export interface ControlNode {
  /** Values of the control fields, in the order of `Control.fields`. */
  readonly digits: readonly number[];
  /** Actions that may be enabled here, depending on data. */
  readonly possible: Bits;
  /** The steps among them, with the node that each leads to. */
  readonly edges: readonly { readonly action: number; readonly to: number }[];
}

/** The control graph; node 0 is where the system starts. */
export interface Control {
  readonly system: TransitionSystem;
  readonly fields: readonly number[];
  readonly fieldSet: Bits;
  /** Of each control field: its largest value at any node, plus one. */
  readonly radices: readonly number[];
  /** Of each action, in the system's order. */
  readonly footprints: readonly Footprint[];
  /** Actions that write no control field. */
  readonly events: Bits;
  readonly nodes: readonly ControlNode[];
  /** By action: the nodes at which it may be enabled. */
  readonly places: readonly (readonly number[])[];
  /** By node: the actions that may be enabled there or at any node that can be reached. */
  readonly future: readonly Bits[];
}

/** The control graph over `candidates`, less those that depend on data; `undefined`: too large. */
export function controlOf(
  system: TransitionSystem,
  candidates: readonly number[],
): Control | undefined {
  const footprints = system.actions.map(footprintOf);
  const fields = independentOfData(footprints, candidates);
  const fieldSet = bits(fields);
  const events = bits(
    footprints.flatMap(({ writes }, action) => (meet(writes, fieldSet) ? [] : [action])),
  );
  const nodes = reachableNodes(system, fields, events);
  if (!nodes) return undefined;
  const places = system.actions.map((): number[] => []);
  nodes.forEach(({ possible }, node) => {
    for (const action of listOf(possible)) places[action]?.push(node);
  });
  const radices = fields.map((_, i) =>
    nodes.reduce((radix, { digits }) => Math.max(radix, at(digits, i) + 1), 0),
  );
  const future = futures(nodes);
  return { system, fields, fieldSet, radices, footprints, events, nodes, places, future };
}

/** Looks up the value of a control field at a node; `undefined` for fields that are data. */
export function knownAt(control: Control, node: number): (field: number) => number | undefined {
  const { digits } = at(control.nodes, node);
  return (field) => digits[control.fields.indexOf(field)];
}

function independentOfData(
  footprints: readonly Footprint[],
  candidates: readonly number[],
): readonly number[] {
  let kept = candidates;
  for (;;) {
    const set = bits(kept);
    const next = kept.filter((field) =>
      footprints.every(({ sources }) =>
        sources.every(({ target, reads }) => !has(target, field) || (reads & ~set) === NONE),
      ),
    );
    if (next.length === kept.length) return next;
    kept = next;
  }
}

function reachableNodes(
  system: TransitionSystem,
  fields: readonly number[],
  events: Bits,
): readonly ControlNode[] | undefined {
  const start = fields.map((f) => at(system.fields, f).init);
  const found = new Map<string, number>([[start.join(), 0]]);
  const all = [start];
  const nodes: ControlNode[] = [];
  const digitOf = new Map(fields.map((field, i) => [field, i] as const));
  const steps = stepsOf(system, digitOf);
  for (let i = 0; i < all.length; i++) {
    if (all.length > maxNodes) return undefined;
    const digits = at(all, i);
    const known = (field: number): number | undefined => digits[digitOf.get(field) ?? -1];
    const edges: { action: number; to: number }[] = [];
    const possible: number[] = [];
    for (const { action, guard, updates } of steps) {
      if (knownValue(guard, known) === 0) continue;
      possible.push(action);
      if (has(events, action)) continue;
      const next = [...digits];
      for (const { place, value } of updates) next[place] = knownValue(value, known) ?? 0;
      const key = next.join();
      const to = found.get(key) ?? all.length;
      if (to === all.length) {
        found.set(key, to);
        all.push(next);
      }
      edges.push({ action, to });
    }
    nodes.push({ digits, possible: bits(possible), edges });
  }
  return nodes;
}

// The guards of actions, cut down to what control can decide, and the updates of control fields.
function stepsOf(system: TransitionSystem, digitOf: ReadonlyMap<number, number>) {
  return system.actions.map((action, index) => ({
    action: index,
    guard: action.guard,
    updates: action.updates.flatMap(({ field, value }) => {
      const place = digitOf.get(field);
      return place === undefined ? [] : [{ place, value }];
    }),
  }));
}

function futures(nodes: readonly ControlNode[]): readonly Bits[] {
  const future = nodes.map((node) => node.possible);
  const before = nodes.map((): number[] => []);
  nodes.forEach(({ edges }, from) => {
    for (const { to } of edges) before[to]?.push(from);
  });
  const work = nodes.map((_, i) => i);
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    for (const from of at(before, node)) {
      const joined = at(future, from) | at(future, node);
      if (joined === at(future, from)) continue;
      future[from] = joined;
      work.push(from);
    }
  }
  return future;
}

/** Fields that whoever looks at an end state reads: its outcome, the question, the end itself. */
export function askedFields(system: TransitionSystem, question: Bits): Bits {
  return bits(system.observed) | readsOf(system.isEnd) | question;
}

/** The node after an action that is taken at `node`. */
export function destination({ nodes }: Control, node: number, action: number): number {
  return at(nodes, node).edges.find((edge) => edge.action === action)?.to ?? node;
}
