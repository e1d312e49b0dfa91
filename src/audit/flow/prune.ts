// Code that nothing leads to is no part of a graph: statements behind a return, the clean-up of a
// scope that is never left by its end.

import { never } from '../../base/index.ts';
import type { FlowNode, Graph } from './flow.ts';

/** Where the edges of `node` lead, in order of the text. */
export function waysOn(node: FlowNode): readonly number[] {
  switch (node.kind) {
    case 'branch':
      return [node.yes, node.no];
    case 'iterate':
      return [node.body, node.done];
    case 'switch':
      return [...node.cases.map((c) => c.to), node.otherwise];
    case 'do':
    case 'declare':
    case 'cleanup':
    case 'return':
    case 'unknown':
      return [node.next];
    case 'result':
    case 'end':
      return [];
    default:
      return never(node, 'node');
  }
}

/** The nodes that `entry` leads to, and the end, which is the last; numbered anew. */
export function pruned(nodes: readonly FlowNode[], entry: number): Graph {
  const seen = new Uint8Array(nodes.length);
  const stack = [entry];
  let count = 0;
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const node = nodes[next];
    if (node === undefined || seen[next] === 1) continue;
    seen[next] = 1;
    count++;
    for (const way of waysOn(node)) stack.push(way);
  }
  if (count === nodes.length) return { nodes, entry };
  seen[nodes.length - 1] = 1;
  const numbers = new Int32Array(nodes.length);
  let number = 0;
  for (const [index, alive] of seen.entries()) numbers[index] = alive === 1 ? number++ : -1;
  const kept = nodes.flatMap((node, i) => (seen[i] === 1 ? [renumbered(node, numbers)] : []));
  return { nodes: kept, entry: numbers[entry] ?? 0 };
}

function renumbered(node: FlowNode, numbers: Int32Array): FlowNode {
  const to = (old: number) => numbers[old] ?? -1;
  switch (node.kind) {
    case 'branch':
      return { ...node, yes: to(node.yes), no: to(node.no) };
    case 'iterate':
      return { ...node, body: to(node.body), done: to(node.done) };
    case 'switch': {
      const cases = node.cases.map((c) => ({ ...c, to: to(c.to) }));
      return { ...node, cases, otherwise: to(node.otherwise) };
    }
    case 'do':
    case 'declare':
    case 'cleanup':
    case 'return':
    case 'unknown':
      return { ...node, next: to(node.next) };
    case 'result':
    case 'end':
      return node;
    default:
      return never(node, 'node');
  }
}
