// The nodes of a thread with those taken together that nothing tells apart: from both the thread
// does the same with the same answers, and ends the same.

import { at, present } from '../base/index.ts';
import type { Node } from './automaton.ts';
import type { Answer, Visible } from './automaton-run.ts';

/** Nodes of a thread that nothing tells apart. */
export interface Place {
  /** The first of the nodes. */
  readonly node: Node;
  readonly visible: Visible;
  /** Its step may be taken at once, whenever the thread comes here. */
  readonly isMover: boolean;
  /** Where it goes on, by the answers that it is given in some schedule. */
  readonly next: ReadonlyMap<Answer, Place>;
}

/** The place of each node of one thread, for nodes that some schedule reaches. */
export function placesOf(
  nodes: readonly Node[],
  what: {
    readonly isReached: (node: Node) => boolean;
    readonly isMover: (node: Node) => boolean;
  },
): ReadonlyMap<Node, Place> {
  const places = new Map<Node, Place>();
  const alike = new Map<string, { readonly place: Place; readonly number: number }>();
  const numbers = new Map<Place, number>();
  // A node comes after the one before it, so the last ones are looked at first.
  for (let id = nodes.length - 1; id >= 0; id--) {
    const node = at(nodes, id);
    if (!what.isReached(node)) continue;
    const next = new Map<Answer, Place>();
    for (const [answer, after] of node.next) {
      const place = places.get(after);
      if (place) next.set(answer, place);
    }
    const ways = [...next]
      .map(([answer, place]) => `${answer} ${present(numbers.get(place), 'number of a place')}`)
      .toSorted();
    const { visible, heldKey, trace } = node;
    const key = [JSON.stringify(visible), heldKey, trace, ...ways].join('\n');
    const known = alike.get(key);
    // The node with the least number stands for all.
    const place: Place = { node, visible, isMover: what.isMover(node), next };
    if (known) Object.assign(known.place, { node });
    else {
      alike.set(key, { place, number: alike.size });
      numbers.set(place, alike.size);
    }
    places.set(node, known?.place ?? place);
  }
  return places;
}
