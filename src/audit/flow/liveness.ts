// Which variables, and which questions, a function may still read from a node on: what it will not
// read again cannot tell two states apart.

import type { Expr, FlowNode, Graph } from './flow.ts';
import { waysOn } from './prune.ts';
import { visit } from './visit.ts';

/** Names that may be read from each node on. */
export type Live = readonly ReadonlySet<string>[];

const known = new WeakMap<Graph, Live>();

/** Live names of each node of a graph; callees count as names, for what they answered is kept. */
export function liveNames(graph: Graph): Live {
  const before = known.get(graph);
  if (before !== undefined) return before;
  const live: Set<string>[] = graph.nodes.map((node) => new Set(readsOf(node)));
  const ways = predecessors(graph);
  const open = graph.nodes.map((_, i) => i).reverse();
  for (let i = open.shift(); i !== undefined; i = open.shift()) {
    const names = live[i] ?? new Set();
    for (const way of ways[i] ?? []) {
      const above = live[way];
      const node = graph.nodes[way];
      if (above === undefined || node === undefined) continue;
      const { size } = above;
      const kills = killedBy(node);
      for (const name of names) if (name !== kills) above.add(name);
      if (above.size > size) open.push(way);
    }
  }
  known.set(graph, live);
  return live;
}

function predecessors(graph: Graph): number[][] {
  const ways: number[][] = graph.nodes.map(() => []);
  graph.nodes.forEach((node, i) => {
    for (const next of waysOn(node)) ways[next]?.push(i);
  });
  return ways;
}

function killedBy(node: FlowNode): string | undefined {
  if (node.kind === 'declare') return node.name;
  if (node.kind !== 'do' || node.expr.kind !== 'assign' || node.expr.op !== '=') return undefined;
  const { to, from } = node.expr;
  if (to.kind !== 'name') return undefined;
  return namesIn([from]).has(to.name) ? undefined : to.name;
}

function readsOf(node: FlowNode): ReadonlySet<string> {
  switch (node.kind) {
    case 'do':
      return namesIn([node.expr], killedBy(node));
    case 'declare':
      return namesIn(node.init ? [node.init] : []);
    case 'branch':
      return namesIn([node.test]);
    case 'switch':
      return namesIn([node.on, ...node.cases.map(({ first }) => first)]);
    case 'iterate':
      return namesIn(node.args);
    case 'cleanup':
      return new Set([node.name]);
    case 'return':
    case 'result':
      return namesIn(node.value ? [node.value] : []);
    case 'unknown':
      return namesIn(node.parts);
    case 'end':
      return new Set();
  }
}

/** Every name in expressions, except one that is only assigned to. */
export function namesIn(exprs: readonly Expr[], except?: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const expr of exprs) {
    const inner = expr.kind === 'assign' && except !== undefined ? expr.from : expr;
    visit(inner, (one) => {
      if (one.kind === 'name') names.add(one.name);
    });
  }
  return names;
}
